import { inflateSync } from 'node:zlib';

/** A piece of text where it stands, in millimetres from the left and the top of its page. */
interface Piece {
  readonly text: string;
  readonly left: number;
  readonly top: number;
}
interface PdfPage {
  /** Millimetres. */
  readonly width: number;
  readonly height: number;
  readonly pieces: readonly Piece[];
}
type Matrix = readonly [number, number, number, number, number, number];

const MM = 25.4 / 72;
const UNMOVED: Matrix = [1, 0, 0, 1, 0, 0];

/** The pages of a PDF as Chromium writes it: plain objects with deflated streams. */
export function readPdf(file: Buffer): PdfPage[] {
  const objects = objectsOf(file);
  return [...objects.values()].flatMap(({ head }) => {
    if (!/\/Type\s*\/Page\b/.test(head)) return [];
    const [, , width, height] = (/\/MediaBox\s*\[([^\]]*)\]/.exec(head)?.[1] ?? '')
      .trim()
      .split(/\s+/)
      .map(Number);
    const fonts = new Map(
      [...(/\/Font\s*<<(.*?)>>/s.exec(head)?.[1] ?? '').matchAll(/\/(\w+)\s+(\d+) 0 R/g)].map(
        ([, name, id]) => [name as string, lettersOf(objects, Number(id))] as const,
      ),
    );
    const content = streamOf(objects, Number(/\/Contents\s+(\d+) 0 R/.exec(head)?.[1]));
    const pieces = piecesOf(content, fonts).map(({ text, left, top }) => ({
      text,
      left: left * MM,
      top: ((height ?? 0) - top) * MM,
    }));
    return { width: (width ?? 0) * MM, height: (height ?? 0) * MM, pieces };
  });
}

/** A font says of 月 and 民 that they are radicals: they have one shape. */
const RADICALS: Readonly<Record<string, string>> = {
  '⺠': '民',
  '⻬': '齐',
  '⻓': '长',
  '⻅': '见',
  '⻔': '门',
};

/** All that is written on a page, in the order it is drawn. */
export function textOf(page: PdfPage): string {
  return page.pieces
    .map(({ text }) => text)
    .join('')
    .normalize('NFKC')
    .replace(/[⺀-⻿]/g, (letter) => RADICALS[letter] ?? letter);
}

interface PdfObject {
  readonly head: string;
  readonly stream: Buffer | undefined;
}

function objectsOf(file: Buffer): Map<number, PdfObject> {
  const text = file.toString('latin1');
  const objects = new Map<number, PdfObject>();
  for (const found of text.matchAll(/(?:^|\n)(\d+) 0 obj\n?/g)) {
    const from = found.index + found[0].length;
    const end = text.indexOf('endobj', from);
    const at = text.indexOf('stream\n', from);
    const head = text.slice(from, at >= 0 && at < end ? at : end);
    const length = Number(/\/Length\s+(\d+)/.exec(head)?.[1]);
    const stream = at >= 0 && at < end ? file.subarray(at + 7, at + 7 + length) : undefined;
    objects.set(Number(found[1]), { head, stream });
  }
  return objects;
}

function streamOf(objects: Map<number, PdfObject>, id: number): string {
  const { head, stream } = objects.get(id) ?? {};
  if (stream === undefined) return '';
  return (/FlateDecode/.test(head ?? '') ? inflateSync(stream) : stream).toString('latin1');
}

/** What each code of a font means, and how many hexadecimal digits a code has. */
function lettersOf(
  objects: Map<number, PdfObject>,
  id: number,
): { digits: number; letters: Map<string, string> } {
  const head = objects.get(id)?.head ?? '';
  const map = streamOf(objects, Number(/\/ToUnicode\s+(\d+) 0 R/.exec(head)?.[1]));
  const letters = new Map<string, string>();
  const written = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');
  for (const [, body = ''] of map.matchAll(/beginbfchar(.*?)endbfchar/gs)) {
    for (const [, code = '', to = ''] of body.matchAll(/<(\w+)>\s*<(\w+)>/g))
      letters.set(code.toUpperCase(), written(to));
  }
  for (const [, body = ''] of map.matchAll(/beginbfrange(.*?)endbfrange/gs)) {
    for (const [, from = '', until = '', to = ''] of body.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      for (let n = Number.parseInt(from, 16); n <= Number.parseInt(until, 16); n++) {
        const code = n.toString(16).padStart(from.length, '0').toUpperCase();
        const letter = (Number.parseInt(to, 16) + n - Number.parseInt(from, 16))
          .toString(16)
          .padStart(4, '0');
        letters.set(code, written(letter));
      }
    }
  }
  return { digits: /Type0/.test(head) ? 4 : 2, letters };
}

function piecesOf(content: string, fonts: ReadonlyMap<string, ReturnType<typeof lettersOf>>): Piece[] {
  const pieces: Piece[] = [];
  const kept: Matrix[] = [];
  let moved = UNMOVED;
  let text = UNMOVED;
  let font: ReturnType<typeof lettersOf> | undefined;
  let operands: string[] = [];
  for (const [token] of content.matchAll(/<[0-9a-fA-F]*>|\((?:\\.|[^\\)])*\)|[[\]]|[^\s[\]<>()]+/gs)) {
    const numbers = (): Matrix => operands.slice(-6).map(Number) as never;
    if (token === 'q') kept.push(moved);
    else if (token === 'Q') moved = kept.pop() ?? UNMOVED;
    else if (token === 'cm') moved = times(numbers(), moved);
    else if (token === 'BT') text = UNMOVED;
    else if (token === 'Tm') text = numbers();
    else if (token === 'Td')
      text = times([1, 0, 0, 1, ...(operands.slice(-2).map(Number) as [number, number])], text);
    else if (token === 'Tf') font = fonts.get((operands.at(-2) ?? '').slice(1));
    else if (token === 'Tj' || token === 'TJ') {
      const [, , , , left, top] = times(text, moved);
      const codes = operands.filter((one) => one.startsWith('<')).map((one) => one.slice(1, -1));
      pieces.push({ text: codes.map((one) => spelt(one, font)).join(''), left, top });
    } else {
      operands.push(token);
      continue;
    }
    operands = [];
  }
  return pieces;
}

function spelt(codes: string, font: ReturnType<typeof lettersOf> | undefined): string {
  const digits = font?.digits ?? 4;
  const all = codes.toUpperCase().match(new RegExp(`.{${digits}}`, 'g')) ?? [];
  return all.map((code) => font?.letters.get(code) ?? '').join('');
}

function times(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[1] * b[2],
    a[0] * b[1] + a[1] * b[3],
    a[2] * b[0] + a[3] * b[2],
    a[2] * b[1] + a[3] * b[3],
    a[4] * b[0] + a[5] * b[2] + b[4],
    a[4] * b[1] + a[5] * b[3] + b[5],
  ];
}
