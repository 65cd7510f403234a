import { writeXlsx } from 'hucre';
import { describe, expect, it } from 'vitest';
import {
  bookParts,
  encodeGb18030,
  makeXls,
  makeXlsx,
  makeZip,
  personId,
  readList,
  rowsXml,
  type SheetXml,
  save,
} from './handmade.ts';

const a = personId(11);
const b = personId(22, '19810203');
const HEAD = ['姓名', '身份证号码', '死亡日期', '来源'];
const cell = (xml: string): string => xml;
const book = (sheets: SheetXml[], options = {}) => makeZip(bookParts(sheets, options));
const one = async (file: Buffer, source = 'deaths') => {
  const { rows } = await readList(source, [file]);
  return rows.map(({ id, name, values }) => ({ id, name, ...values }));
};

describe('xlsx as the world writes it', () => {
  it('without r attributes', async () => {
    const xml = `<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>身份证号码</t></is></c></row><row><c t="inlineStr"><is><t>甲</t></is></c><c t="inlineStr"><is><t>${a}</t></is></c></row>`;
    const { rows } = await readList('dishonest', [book([{ name: 'S', xml }])]);
    expect(rows.map((r) => [r.row, r.name, r.id])).toEqual([[2, '甲', a]]);
  });

  it('with a namespace prefix and absolute targets', async () => {
    const t = (text: string) => `<x:c t="inlineStr"><x:is><x:t>${text}</x:t></x:is></x:c>`;
    const xml = `<x:row r="1">${t('姓名')}${t('身份证号码')}</x:row><x:row r="2">${t('甲')}<x:c t="s"><x:v>0</x:v></x:c></x:row>`;
    const strings = `<x:sst><x:si><x:t>${a}</x:t></x:si></x:sst>`;
    expect(
      await one(book([{ name: 'S', xml }], { prefix: 'x:', absolute: true, strings }), 'dishonest'),
    ).toEqual([{ id: a, name: '甲' }]);
  });

  it('rich text without its phonetic guide, escapes, CDATA, kept spaces', async () => {
    const strings = `<sst><si><r><rPr><b/></rPr><t>张</t></r><r><t xml:space="preserve">三</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh><phoneticPr fontId="1"/></si><si><t>甲&amp;乙&#x4E00;_x000D_</t></si><si/><si><t/></si><si><t><![CDATA[<丁>]]></t></si></sst>`;
    const s = (n: number) => `<c t="s"><v>${n}</v></c>`;
    const file = makeXlsx([HEAD, [s(0), a, '', s(1)], [s(4), b, '', s(2)]], { strings });
    expect(await one(file)).toEqual([
      { id: a, name: '张三', origin: '甲&乙一' },
      { id: b, name: '<丁>' },
    ]);
    const inline =
      '<c t="inlineStr"><is><r><t>李</t></r><rPh sb="0" eb="1"><t>li</t></rPh><r><t>四</t></r></is></c>';
    expect(await one(makeXlsx([HEAD, [inline, a]]))).toEqual([{ id: a, name: '李四' }]);
  });

  it('formulas give their cached value; none in a required cell rejects the row', async () => {
    const { rows, rejected, summary } = await readList('deaths', [
      makeXlsx([
        HEAD,
        ['<c t="str"><f>A1&amp;"x"</f><v>甲</v></c>', `<c t="str"><f>MID(B9,1,18)</f><v>${a}</v></c>`],
        ['乙', '<c><f>VLOOKUP(1,2,3)</f></c>'],
        ['丙', b, '<c><f>TODAY()</f></c>', '<c t="str"><f>""</f><v></v></c>'],
        ['丁', '<c t="e"><v>#N/A</v></c>'],
      ]),
    ]);
    expect(rows.map((r) => [r.name, r.id])).toEqual([
      ['甲', a],
      ['丙', b],
    ]);
    expect(rejected.map((r) => [r.row, r.code])).toEqual([
      [3, 'cell.formula'],
      [5, 'cell.error'],
    ]);
    expect(summary.warnings).toHaveLength(1);
  });

  const styles =
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="165" formatCode="[$-804]yyyy/m"/><numFmt numFmtId="166" formatCode="0.00&quot;day&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="57"/><xf numFmtId="166"/></cellXfs></styleSheet>';
  const dated = [
    ['<c s="1"><v>43894</v></c>', '2020-03-04'],
    ['<c s="2"><v>43894.75</v></c>', '2020-03-04'],
    ['<c s="3"><v>43891</v></c>', '2020-03'],
    ['<c s="4"><v>43891</v></c>', '2020-03'],
    ['<c s="5"><v>20200304</v></c>', '2020-03-04'],
    ['<c t="d"><v>2020-03-04T00:00:00</v></c>', '2020-03-04'],
    ['<c s="1"><v>1</v></c>', '1900-01-01'],
    ['<c s="1"><v>60</v></c>', '1900-02-28'],
  ] as const;
  it.each(dated)('%s is %s', async (xml, day) => {
    expect(await one(makeXlsx([HEAD, ['甲', a, cell(xml)]], { styles }))).toEqual([
      { id: a, name: '甲', date: day },
    ]);
  });
  it('the 1904 calendar', async () => {
    const [row] = await one(
      makeXlsx([HEAD, ['甲', a, '<c s="1"><v>42432</v></c>']], { styles, date1904: true }),
    );
    expect(row).toMatchObject({ date: '2020-03-04' });
  });

  it('several sheets: those with the header are read, the others are named', async () => {
    const sheet = (name: string, rows: string[][], state?: string): SheetXml => ({
      name,
      xml: rowsXml(rows),
      ...(state ? { state } : {}),
    });
    const file = book([
      sheet('说明', [['填表说明'], ['一、请如实填写']]),
      sheet('甲村', [['甲村名单'], ['姓名', '身份证号码'], ['甲', a]]),
      sheet('乙村', [
        ['序号', '身份证号', '姓名'],
        ['1', b, '乙'],
      ]),
      sheet(
        '旧',
        [
          ['姓名', '身份证号码'],
          ['旧', a],
        ],
        'hidden',
      ),
      sheet('续', [['丙', personId(33)]]),
    ]);
    const { rows, summary } = await readList('dishonest', [file]);
    expect(rows.map((r) => [r.sheet, r.row, r.name])).toEqual([
      ['甲村', 3, '甲'],
      ['乙村', 2, '乙'],
    ]);
    expect(summary.warnings).toHaveLength(3);
    expect(summary.warnings.join()).toMatch(/“说明”没有找到.*“旧”是隐藏.*“续”有身份证号码但没有找到表头/);
    const chosen = await readList('dishonest', [file], { sheet: '旧' });
    expect(chosen.rows.map((r) => r.name)).toEqual(['旧']);
  });

  it('a sheet of people without a required column stops everything', async () => {
    const file = book([
      {
        name: '一',
        xml: rowsXml([
          ['姓名', '身份证号码', '级别'],
          ['甲', a, '1'],
        ]),
      },
      {
        name: '二',
        xml: rowsXml([
          ['姓名', '身份证号码'],
          ['乙', b],
        ]),
      },
    ]);
    await expect(readList('disability', [file])).rejects.toMatchObject({
      problem: { code: 'reading.column-missing' },
    });
  });

  it('reads what hucre writes, rows cut by chunk borders included', async () => {
    const people = Array.from({ length: 12_000 }, (_, i) => [
      `测试${i}`,
      personId(i, '19660708'),
      '2020-01-02',
      `来源 ${'长'.repeat(i % 90)}`,
    ]);
    const bytes = await writeXlsx({ sheets: [{ name: 'S', rows: [HEAD, ...people] }] });
    const read = await one(Buffer.from(bytes));
    expect(read).toEqual(
      people.map(([name, id, date, origin]) => ({ id, name, date, origin: origin?.trim() })),
    );
  });

  it('the header again on each printed page is nobody', async () => {
    const { rows, rejected } = await readList('dishonest', [
      makeXlsx([
        ['姓名', '身份证号码'],
        ['甲', a],
        ['姓名', '身份证号码'],
        ['乙', b],
      ]),
    ]);
    expect([rows.length, rejected.length]).toEqual([2, 0]);
  });
});

describe('xls', () => {
  it('text, numbers, 16 digits refused', async () => {
    const file = makeXls([
      ['姓名', '身份证号码', '金额', '缴费年度'],
      ['甲', a, 100.5, 2020],
      ['乙', 430981196001020000, 1, 2020],
    ]);
    const { rows, rejected } = await readList('residents-payments', [{ name: 'x.xls', content: file }]);
    expect(rows.map((r) => [r.id, r.values])).toEqual([[a, { amount: '10050', year: '2020' }]]);
    expect(rejected.map((r) => [r.code, r.value])).toEqual([['id.number-cell', '430981********0000']]);
  });
  it('65,536 rows', async () => {
    const people = Array.from({ length: 65_535 }, (_, i) => [`测${i % 7}`, personId(i, '19700101')]);
    const { rows } = await readList('dishonest', [
      { name: 'x.xls', content: makeXls([['姓名', '身份证号码'], ...people]) },
    ]);
    expect(rows.at(-1)).toMatchObject({ row: 65_536, id: people.at(-1)?.[1] });
  });
});

describe('csv and txt', () => {
  const csv = async (content: Buffer | string, source = 'deaths') => one(content as Buffer, source);
  const lines = [HEAD.join(','), `甲,${a},2020-01-02,公安`, `乙,${b},,"卫健,民政"`];
  const expected = [
    { id: a, name: '甲', date: '2020-01-02', origin: '公安' },
    { id: b, name: '乙', origin: '卫健,民政' },
  ];

  it.each([
    ['utf-8', Buffer.from(lines.join('\n'))],
    ['utf-8 with BOM, CRLF', Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`)],
    ['old Mac line ends', Buffer.from(lines.join('\r'))],
    ['utf-16le with BOM', Buffer.from(`\ufeff${lines.join('\r\n')}`, 'utf16le')],
    ['utf-16be with BOM', Buffer.from(`\ufeff${lines.join('\n')}`, 'utf16le').swap16()],
  ])('%s', async (_, bytes) => expect(await csv(bytes)).toEqual(expected));

  it('GB18030, rare characters and four-byte ones too, on every chunk border', async () => {
    const name = '𠮷䶮㛃';
    const text = `${HEAD.join(',')}
${`${name},${a},2020-01-02,公安局\n`.repeat(30_000)}`;
    const gb = encodeGb18030(text);
    const { rows } = await readList('deaths', [gb]);
    expect(rows).toHaveLength(30_000);
    expect(new Set(rows.map((r) => `${r.name}${r.values.origin}`))).toEqual(new Set([`${name}公安局`]));
  });

  it.each(['\t', ';', '|', ','])('delimiter %j', async (d) => {
    expect(await csv(`${['姓名', '身份证号码', '来源'].join(d)}\n甲${d}${a}${d}a/b\n`)).toEqual([
      { id: a, name: '甲', origin: 'a/b' },
    ]);
  });

  it('quotes: escaped, over lines, around everything, ="…"', async () => {
    const text = `"姓名","身份证号码","来源","死亡日期"\r\n"甲","${a}","说""是""","2020-01-02"\r\n乙,"=""${b}""","两\n行",\r\n丙,="${personId(33)}",后"引"号,2020\r\n`;
    const { rows, rejected } = await readList('deaths', [text]);
    expect(rejected).toEqual([]);
    expect(rows.map((r) => [r.row, r.id, r.values.origin])).toEqual([
      [2, a, '说"是"'],
      [3, b, '两\n行'],
      [4, personId(33), '后"引"号'],
    ]);
  });

  it('quoted rows across chunk borders', async () => {
    const row = (i: number) => `"测${i}","${personId(i)}","${i % 3 ? '一,二' : '一""二\n三'}"`;
    const text = `姓名,身份证号码,来源\n${Array.from({ length: 40_000 }, (_, i) => row(i)).join('\n')}`;
    const { rows } = await readList('deaths', [text]);
    expect(rows).toHaveLength(40_000);
    expect(
      rows.every(
        (r, i) =>
          r.name === `测${i}` && r.id === personId(i) && r.values.origin === (i % 3 ? '一,二' : '一"二\n三'),
      ),
    ).toBe(true);
  });

  it('scientific notation, blank lines, titles, zeros kept', async () => {
    const text = `名单\n填报单位：草尾镇,,\n\n姓名,身份证号码,户籍地址,组\n甲,4.30981E+17,地址,001\n\n乙,${b},地址,002\n合计,,,\n`;
    const { rows, rejected } = await readList('household-register', [text]);
    expect(rows.map((r) => [r.row, r.values.group])).toEqual([[7, '002']]);
    expect(rejected.map((r) => [r.row, r.code])).toEqual([[5, 'id.scientific']]);
  });

  it('comes in batches', async () => {
    const text = `姓名,身份证号码\n${Array.from({ length: 30_000 }, (_, i) => `甲,${personId(i)}`).join('\n')}`;
    const { readFiles } = await import('./index.ts');
    const { findSource } = await import('@quanbao/domain/sources/catalogue');
    const sizes: number[] = [];
    const path = save(text);
    for await (const batch of readFiles([{ name: 'x.csv', path }], {
      source: findSource('dishonest')!,
      asOf: '2026-01-01',
      today: '2026-01-01',
    })) {
      sizes.push(batch.rows.length);
    }
    expect(sizes.reduce((x, y) => x + y)).toBe(30_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(7_500);
  });
});
