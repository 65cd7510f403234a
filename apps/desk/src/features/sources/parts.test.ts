import { findSource, type SourceDefinition } from '@quanbao/domain/sources/catalogue';
import { describe, expect, it } from 'vitest';
import type { SeenTable, Uploaded } from './contract.ts';
import { choose, partsOf, readAs, unsaid } from './parts.ts';

const DEATHS = findSource('deaths') as SourceDefinition;

function table(
  file: string,
  source: string | null,
  asOf: string | null,
  headers = ['身份证号码'],
): SeenTable {
  return { file, sheet: '', headerRow: 1, headers, sample: [], source, asOf };
}
function uploaded(tables: readonly SeenTable[]): Uploaded {
  const files = [...new Set(tables.map(({ file }) => file))].map((name) => ({ name, bytes: 1 }));
  return { upload: 'u', files, guesses: [], asOf: null, tables: [...tables], remembered: {} };
}

describe('files become lists', () => {
  it('files of one list and day go together, others apart', () => {
    const parts = partsOf(
      uploaded([
        table('户籍（上）', 'household-register', '2020-07-31'),
        table('户籍（下）', 'household-register', '2020-07-31'),
        table('户籍九月', 'household-register', '2020-09-30'),
        table('死亡', 'deaths', '2020-07-31'),
        table('不明甲', null, null),
        table('不明乙', null, null),
      ]),
    );
    expect(parts.map(({ intention }) => intention.files)).toEqual([
      ['户籍（上）', '户籍（下）'],
      ['户籍九月'],
      ['死亡'],
      ['不明甲'],
      ['不明乙'],
    ]);
  });

  it('a file is what its first recognised sheet is', () => {
    const [part] = partsOf(uploaded([table('册', null, null), table('册', 'deaths', '2020-07-31')]));
    expect(part?.intention).toEqual({ source: 'deaths', asOf: '2020-07-31', files: ['册'] });
  });
});

describe('columns', () => {
  const headers = ['编码', '姓名', '', '死亡日期'];
  const sheet: SeenTable = {
    ...table('死亡', 'deaths', null, headers),
    sample: [
      ['1', '2', '3', '4'],
      ['4309', '周某', '', '2020-07-01'],
    ],
  };

  it('says what is missing until it is chosen, and leaves the row of column numbers out', () => {
    const before = readAs(sheet, DEATHS, {});
    expect(before.missing).toEqual(['身份证号码']);
    expect(before.columns.map(({ header, key, samples }) => [header, key, samples])).toEqual([
      ['编码', '', ['4309']],
      ['姓名', 'name', ['周某']],
      ['死亡日期', 'date', ['2020-07-01']],
    ]);
    const choices = choose({}, before, '编码', 'id');
    expect(choices).toEqual({ 编码: 'id' });
    expect(readAs(sheet, DEATHS, choices).missing).toEqual([]);
  });

  it('a column that is given to another heading is taken from the one that had it', () => {
    const choices = choose({}, readAs(sheet, DEATHS, {}), '编码', 'name');
    expect(choices).toEqual({ 编码: 'name', 姓名: '' });
  });
});

it('says what is still to be said', () => {
  const tables = [table('死亡', 'deaths', '2020-07-31', ['编码'])];
  const [part] = partsOf(uploaded(tables));
  const say = (intention: object) =>
    unsaid({ key: 'k', intention: { ...part!.intention, ...intention } }, tables, {});
  expect(say({ source: '' })).toContain('哪一种名单');
  expect(say({ asOf: '' })).toContain('哪一天');
  expect(say({})).toContain('身份证号码');
  expect(say({ headerChoices: { 编码: 'id' } })).toBeUndefined();
});
