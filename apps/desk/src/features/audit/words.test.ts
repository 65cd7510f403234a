import { expect, it } from 'vitest';
import { detailWords, subjectWords } from './words.ts';

it('subjects', () => {
  expect(subjectWords('delivery 12')).toBe('报送 12');
  expect(subjectWords('something 3')).toBe('something 3');
});

it('details in one line', () => {
  expect(detailWords({ reason: '核实', rows: 3, reveal: false, nested: { a: 1 }, nothing: null })).toBe(
    '事由：核实，行数：3，全号：否',
  );
  expect(detailWords({ source: 'deaths', role: 'town' })).toBe('来源：死亡人员，角色：乡镇经办');
});
