import { Refusal } from '@quanbao/domain/kernel/problem';
import { describe, expect, it } from 'vitest';
import { bookParts, makeOle, makeXls, makeXlsx, makeZip, personId, readList, rowsXml } from './handmade.ts';

const a = personId(11);
const good = [
  ['姓名', '身份证号码'],
  ['甲', a],
];

async function refusal(
  content: Buffer | string,
  name = '名单.xlsx',
  options = {},
): Promise<{ code: string; message: string }> {
  const error = await readList('dishonest', [{ name, content }], options).then(
    (outcome) => new Error(`was read: ${JSON.stringify(outcome.rows)}`),
    (e) => e,
  );
  if (!(error instanceof Refusal)) throw error;
  expect(error.message).toContain(name);
  expect(error.message).toMatch(/请/);
  expect(error.message).not.toMatch(/\d{15}/);
  return error.problem;
}
const code = async (content: Buffer | string, name?: string, options?: object) =>
  (await refusal(content, name, options)).code;

describe('refusals', () => {
  it('empty', async () => {
    expect(await code('')).toBe('reading.empty');
    expect(await code(' \r\n ', '名单.csv')).toBe('reading.empty');
    expect(await code(makeXlsx([]))).toBe('reading.empty');
  });

  it('no header', async () => {
    expect(await code(makeXlsx([['甲', a]]))).toBe('reading.no-header');
    expect(await code(`甲,${a}\n`, '名单.csv')).toBe('reading.no-header');
    expect(await code('只是一段话，没有表格。\n', '说明.txt')).toBe('reading.no-header');
  });

  it('a column that is not there', async () => {
    const { code, message } = await refusal(
      makeXlsx([
        ['姓名', '编号'],
        ['甲', '1'],
      ]),
    );
    expect(code).toBe('reading.column-missing');
    expect(message).toContain('“身份证号码”');
    expect(message).toContain('姓名、编号');
  });

  it('a sheet that is not there', async () => {
    const { code, message } = await refusal(makeXlsx(good), '名单.xlsx', { sheet: '八月' });
    expect(code).toBe('reading.sheet-missing');
    expect(message).toContain('“Sheet1”');
  });

  it('a password', async () => {
    expect(await code(makeOle('EncryptedPackage', Buffer.alloc(5000)))).toBe('reading.encrypted');
    expect(await code(makeXls(good, true), '名单.xls')).toBe('reading.encrypted');
    expect(await code(makeZip(bookParts([{ name: 'S', xml: rowsXml(good) }]), { flags: 1 }))).toBe(
      'reading.encrypted',
    );
  });

  it('something that is no table, whatever it is called', async () => {
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100, 7)]);
    expect(await code(png)).toBe('reading.not-a-table');
    expect(await code(png, '名单.csv')).toBe('reading.not-a-table');
    expect(await code(Buffer.from('%PDF-1.7 …'), '名单.xls')).toBe('reading.not-a-table');
    expect(await code(Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(50)]))).toBe(
      'reading.not-a-table',
    );
    expect(await code('<html><table><tr><td>姓名</td></tr></table></html>', '名单.xls')).toBe(
      'reading.not-a-table',
    );
    expect(await code(makeOle('WordDocument', Buffer.alloc(5000)), '名单.doc')).toBe('reading.not-a-table');
    expect(await code(makeZip({ 'readme.txt': 'x' }), '名单.zip')).toBe('reading.not-a-table');
    expect(
      (await refusal(makeZip({ '[Content_Types].xml': '', 'word/document.xml': '' }))).message,
    ).toContain('Word');
  });

  it('a text that begins like a picture is a text', async () => {
    const { rows } = await readList('dishonest', [
      { name: 'x.csv', content: `BM,姓名,身份证号码\n1,甲,${a}\n` },
    ]);
    expect(rows).toHaveLength(1);
  });

  it('half a file', async () => {
    const whole = makeXlsx(good);
    expect(await code(whole.subarray(0, whole.length >> 1))).toBe('reading.truncated');
    expect(await code(whole.subarray(0, whole.length - 30))).toBe('reading.truncated');
    expect(await code(Buffer.from('PK\u0003\u0004'))).toBe('reading.truncated');
    const xls = makeXls(good);
    expect(await code(xls.subarray(0, 300), '名单.xls')).toBe('reading.truncated');
    const long = makeXls(Array.from({ length: 400 }, (_, i) => [`甲${i}`, personId(i)]));
    for (const part of [0.3, 0.6, 0.95]) {
      expect(await code(long.subarray(0, Math.floor(long.length * part)), '名单.xls')).toBe(
        'reading.truncated',
      );
    }
    const text = Buffer.from(`姓名,身份证号码\n甲,${a}\n乙`);
    expect(await code(text.subarray(0, text.length - 1), '名单.csv')).toBe('reading.truncated');
  });

  it('a damaged part', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => [`甲${i}`, personId(i)]);
    const bytes = makeXlsx([good[0] as string[], ...many]);
    const start = bytes.indexOf('xl/worksheets/sheet1.xml') + 5000;
    bytes.fill(0x55, start, start + 200);
    expect(await code(bytes)).toBe('reading.truncated');
  });

  it('a zip bomb, by what it claims and by what it does', async () => {
    const zeros = Buffer.alloc(101 * 1024 ** 2);
    expect(
      await code(makeZip({ ...bookParts([{ name: 'S', xml: rowsXml(good) }]), 'xl/media/x.bin': zeros })),
    ).toBe('reading.too-large');
    const parts = bookParts([{ name: 'S', xml: `${rowsXml(good)}${' '.repeat(1_000_000)}` }]);
    expect(await code(makeZip(parts, { claims: { 'xl/worksheets/sheet1.xml': 5000 } }))).toBe(
      'reading.too-large',
    );
    const crowd: Record<string, string> = {};
    for (let i = 0; i < 10_001; i++) crowd[`x${i}`] = '';
    expect(await code(makeZip(crowd))).toBe('reading.too-large');
  });

  it('a million columns', async () => {
    const cell = '<c t="inlineStr"><is><t>x</t></is></c>';
    const row = `<row r="3">${cell.repeat(1001)}</row>`;
    const book = (extra: string) => makeZip(bookParts([{ name: 'S', xml: rowsXml(good) + extra }]));
    expect(await code(book(row))).toBe('reading.too-many-columns');
    expect(await code(book(`<row r="3"><c r="XFD3" t="inlineStr"><is><t>x</t></is></c></row>`))).toBe(
      'reading.too-many-columns',
    );
    expect(await code(`姓名,身份证号码\n甲,${a}${',x'.repeat(1_000_000)}\n`, '名单.csv')).toBe(
      'reading.too-many-columns',
    );
    const painted = book(`<row r="3">${'<c s="1"/>'.repeat(16_384)}</row>`);
    expect((await readList('dishonest', [painted])).rows).toHaveLength(1);
  });

  it('an encoding nobody can tell', async () => {
    const table = `姓名,身份证号码\n甲,${a}\n`;
    expect(await code(Buffer.from(table, 'utf16le'), '名单.csv')).toBe('reading.encoding');
    expect(await code(Buffer.from([...Buffer.from(table), 0xff, 0xff, 0x80, 0x0a]), '名单.csv')).toBe(
      'reading.encoding',
    );
    expect(await code(`姓名,身份证号码\n\ufffd\ufffd,${a}\n`, '名单.csv')).toBe('reading.encoding');
    expect(
      await code(Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251)), '名单.csv'),
    ).toBe('reading.encoding');
  });

  it('headers only', async () => {
    expect(await code(makeXlsx([['姓名', '身份证号码']]))).toBe('reading.no-rows');
    expect(
      await code(
        makeXlsx([
          ['姓名', '身份证号码'],
          ['合计', '0'],
          ['', ''],
        ]),
      ),
    ).toBe('reading.no-rows');
    expect(await code('姓名,身份证号码\n', '名单.csv')).toBe('reading.no-rows');
  });

  it('a quote without its pair', async () => {
    expect(await code(`姓名,身份证号码\n"甲,${a}\n乙,${a}\n`, '名单.csv')).toBe('reading.open-quote');
  });
});
