import { expect, it } from 'vitest';
import { detailLines, detailWords, subjectWords } from './words.ts';

it('subjects', () => {
  expect(subjectWords('delivery 12')).toBe('报送 12');
  expect(subjectWords('dry run')).toBe('试算');
  expect(subjectWords('fix 2')).toBe('更正 2');
  expect(subjectWords('something 3')).toBe('something 3');
});

it('details in words, also of what is nested', () => {
  expect(
    detailLines({ kind: 'dead-insured', format: 'text', column: 14, by: 'id', queue: 'conflict' }),
  ).toEqual([
    ['种类', '死亡仍参保'],
    ['格式', '终端表格'],
    ['栏', '第 14 栏 服刑人员'],
    ['按', '身份证号码'],
    ['队列', '矛盾'],
  ]);
  expect(detailLines({ value: { from: '2020-01-01', reveal: true } })).toEqual([
    ['值', '自：2020-01-01，全号：是'],
  ]);
});

it('details in one line', () => {
  expect(detailWords({ reason: '核实', rows: 3, reveal: false, nested: { a: 1 }, nothing: null })).toBe(
    '事由：核实，行数：3，全号：否',
  );
  expect(detailWords({ source: 'deaths', role: 'town' })).toBe('来源：死亡人员，角色：乡镇经办');
});
