import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bookParts,
  encodeGb18030,
  makeOle,
  makeXls,
  makeXlsx,
  makeZip,
  rowsXml,
} from '../features/sources/reading/handmade.ts';
import { inventedId, openPlace, type Place, registerCsv, tableDigests } from '../testing/command.ts';
import { engines } from '../testing/instance.ts';

/** Files that cannot be what they should be: each its own refusal through the real program, nothing changed. */

const head = ['身份证号码', '姓名', '户籍地址'];
const good = [head, ...[1, 2, 3].map((n) => [inventedId(n), `人${n}`, '草尾镇'])];
const many = [head, ...Array.from({ length: 3000 }, (_, n) => [inventedId(n), `人${n}`, '草尾镇'])];
const csv = `${good.map((row) => row.join(',')).join('\n')}\n`;

/** An invented file, what is said about it, and further options. */
const refused: [string, string, Buffer | string, string, string[]?][] = [
  ['an empty file', 'empty.xlsx', '', 'reading.empty'],
  ['an empty csv', 'empty.csv', '\r\n\r\n', 'reading.empty'],
  ['a sheet that is not there', 'sheet.xlsx', makeXlsx(good), 'reading.sheet-missing', ['--sheet', '八月']],
  ['no header', 'header.xlsx', makeXlsx([['甲', '乙']]), 'reading.no-header'],
  ['a missing column', 'column.xlsx', makeXlsx(good.map((row) => row.slice(0, 2))), 'reading.column-missing'],
  ['headers only', 'rows.xlsx', makeXlsx([head]), 'reading.no-rows'],
  ['an encrypted xlsx', 'locked.xlsx', makeOle('EncryptedPackage', Buffer.alloc(5000)), 'reading.encrypted'],
  ['an encrypted xls', 'locked.xls', makeXls(good, true), 'reading.encrypted'],
  [
    'a picture',
    'picture.xlsx',
    Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(900, 7)]),
    'reading.not-a-table',
  ],
  ['a .doc', 'letter.doc', makeOle('WordDocument', Buffer.alloc(5000)), 'reading.not-a-table'],
  [
    'a zip bomb',
    'bomb.xlsx',
    makeZip({ ...bookParts([{ name: 'S', xml: rowsXml(good) }]), 'xl/x.bin': Buffer.alloc(101 * 1024 ** 2) }),
    'reading.too-large',
  ],
  [
    'a million columns',
    'wide.csv',
    `${csv.trimEnd()}${',x'.repeat(1_000_000)}\n`,
    'reading.too-many-columns',
  ],
  ['UTF-16', 'utf16.csv', Buffer.from(csv, 'utf16le'), 'reading.encoding'],
  [
    'broken UTF-8',
    'utf8.csv',
    Buffer.concat([Buffer.from(csv), Buffer.from('ffff80ff0a', 'hex')]),
    'reading.encoding',
  ],
  [
    'broken GB18030',
    'gbk.csv',
    Buffer.concat([encodeGb18030(csv), Buffer.from('ff0a81', 'hex'), encodeGb18030(csv)]),
    'reading.encoding',
  ],
  [
    'bytes without sense',
    'binary.csv',
    Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251)),
    'reading.encoding',
  ],
  ['half an xlsx', 'half.xlsx', makeXlsx(many).subarray(0, 20_000), 'reading.truncated'],
  ['half an xls', 'half.xls', makeXls(many).subarray(0, 100_000), 'reading.truncated'],
  ['half a gz', 'half.csv.gz', gzipSync(csv).subarray(0, 60), 'reading.not-a-table'],
  [
    'a file of another county’s people only, none readable',
    'ids.csv',
    `${head.join(',')}\n`,
    'reading.no-rows',
  ],
];

describe.each(engines)('refusals on %s', (engine) => {
  let place: Place;
  let before: Record<string, string>;
  const codes = new Map<string, string>();

  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
    const register = place.file('户籍.csv', registerCsv(0, 200));
    const done = await place.here([
      'import',
      register,
      '--source',
      'household-register',
      '--as-of',
      '2020-08-31',
    ]);
    expect(done.code).toBe(0);
    before = await place.inside(tableDigests);
  });
  afterAll(() => place.drop());

  const list = ['--source', 'household-register', '--as-of', '2020-09-30', '--json'];

  // On PGlite a program takes seconds to start, so there only those that get as far as the stage or the commit.
  const here = engine === 'pglite' ? refused.slice(-1) : refused;
  it.each(here)('%s', async (_, name, content, code, options = []) => {
    const done = await place.here(['import', place.file(name, content), ...list, ...options]);
    expect(done.code).toBe(3);
    expect(Object.keys(done.json())).toEqual(['problem']);
    const { problem } = done.json();
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(name);
    expect(done.err).toContain(problem.message);
    expect(done.err).not.toMatch(/ at .*\.js:\d+/);
    expect(done.err + done.out).not.toMatch(/\d{17}/);
    codes.set(`${name} ${code}`, problem.message);
  });

  it.each([
    ['a file that is not there', ['/nowhere/list.csv', ...list], 'import.file-missing'],
    ['a folder', ['/tmp', ...list], 'import.file-missing'],
    [
      'an unknown source',
      ['{good}', '--source', 'nobody', '--as-of', '2020-09-30', '--json'],
      'import.source-unknown',
    ],
    ['an unknown region', ['{good}', ...list, '--region', '430981999'], 'import.region-unknown'],
    ['another county', ['{good}', ...list, '--region', '430921'], 'import.region'],
    ['a sender with an ID number', ['{good}', ...list, '--sender', `某${inventedId(1)}`], 'import.sender'],
    ['errors over the original', ['{good}', ...list, '--errors', '{good}'], 'import.errors-path'],
    ['errors nowhere', ['{good}', ...list, '--errors', '/nowhere/out.xlsx'], 'import.errors-path'],
    ['a large withdrawal', ['{good}', ...list], 'import.withdrawals'],
    ['no manifest', ['--manifest', '/nowhere/m.json', '--json'], 'manifest.unreadable'],
    ['an empty manifest', ['--manifest', '{manifest}', '--json'], 'manifest.empty'],
  ])('%s', async (_, args, code) => {
    const path = place.file('few.xlsx', makeXlsx(good));
    const manifest = place.file('m.json', '{"county":"430981","deliveries":[]}');
    const done = await place.here([
      'import',
      ...args.map((arg) => arg.replace('{good}', path).replace('{manifest}', manifest)),
    ]);
    expect([done.code, done.json().problem.code]).toEqual([3, code]);
    expect(done.err).not.toMatch(/ at .*\.js:\d+/);
    expect(done.err + done.out).not.toMatch(/\d{17}/);
  });

  it('each has its own words', () => {
    expect(new Set(codes.values()).size).toBe(codes.size);
  });

  it('and nothing has changed', async () => {
    expect(await place.inside(tableDigests)).toEqual(before);
  });

  it('no message of a rejected row holds an ID number, whatever the file is called', async () => {
    const wrong = inventedId(9).slice(0, 17) + (inventedId(9)[17] === '0' ? '1' : '0');
    const path = place.file(
      `${inventedId(9)}.csv`,
      `${csv}${wrong},错号,草尾镇\n43098119,短号,草尾镇\n1.10101E+17,科学,草尾镇\n`,
    );
    const args = ['import', path, '--source', 'household-register', '--as-of', '2020-09-30', '--delta'];
    const told = await place.here(args);
    expect(told.code).toBe(0);
    expect(told.out).toContain('拒收 3');
    const list = await place.here(['rejected', '2']);
    const machine = await place.here(['rejected', '2', '--json']);
    expect(machine.json().rejected).toHaveLength(3);
    for (const said of [told, list, machine]) expect(said.out + said.err).not.toMatch(/\d{15}/);
  });
});
