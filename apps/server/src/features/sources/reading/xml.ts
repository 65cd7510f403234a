/** An attribute's value; `name` is a pattern. */
export function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  const raw = match?.[1] ?? match?.[2];
  return raw === undefined ? undefined : decodeXml(raw);
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Entities, CDATA and Excel's `_x000D_`. */
export function decodeXml(raw: string): string {
  let text = raw;
  if (text.includes('<![CDATA[')) {
    const parts = text.split(/<!\[CDATA\[([\s\S]*?)\]\]>/);
    text = parts.map((one, i) => (i % 2 === 1 ? one.replaceAll('&', '&amp;') : one)).join('');
  }
  if (text.includes('&')) {
    text = text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (all, decimal, hex, named) => {
      if (named !== undefined) return NAMED[named] ?? all;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    });
  }
  if (text.includes('_x')) {
    text = text.replace(/_x([0-9a-fA-F]{4})_/g, (_, hex) => {
      const code = Number.parseInt(hex, 16);
      return code === 0 ? '' : String.fromCharCode(code);
    });
  }
  return text;
}

/** The text of `<t>…</t>` and `<r>…<t>…</t></r>` runs; the phonetic guide `<rPh>` is not part of the value. */
export function richText(xml: string): string {
  const body = xml.replace(/<(\w+:)?rPh\b[^>]*>[\s\S]*?<\/(?:\w+:)?rPh>/g, '');
  let text = '';
  for (const match of body.matchAll(
    /<(?:\w+:)?t(?:\s[^>]*)?(?:\/>|>((?:[^<]|<!\[CDATA\[[\s\S]*?\]\]>)*)<\/(?:\w+:)?t>)/g,
  )) {
    text += decodeXml(match[1] ?? '');
  }
  return text;
}
