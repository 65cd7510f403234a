import { expect, it } from 'vitest';
import type { OwnForm } from './contract.ts';
import { moveColumn, removeColumn, tidy } from './draft.ts';

/** 3 应覆盖, 4 已登记, 5 未登记 = 3 − 4, 6 覆盖率 = 4 ÷ 3 */
const draft: OwnForm = {
  code: 'own-a',
  name: '表',
  title: '表',
  columns: [
    { title: '应覆盖', indicator: 'in-scope' },
    { title: '已登记', indicator: 'registered' },
    { title: '未登记', formula: { op: 'difference', of: [3, 4] } },
    { title: '覆盖率', formula: { op: 'ratio', of: [4, 3] } },
  ],
  checks: [{ left: [3], right: [4, 5], message: '合得上' }],
};
const formulas = (form: OwnForm) => form.columns.map((c) => c.formula?.of);

it('moving a column takes its references along', () => {
  const moved = moveColumn(draft, 0, 1);
  expect(moved.columns.map((c) => c.title)).toEqual(['已登记', '应覆盖', '未登记', '覆盖率']);
  expect(formulas(moved)).toEqual([undefined, undefined, [4, 3], [3, 4]]);
  expect(moved.checks[0]).toMatchObject({ left: [4], right: [3, 5] });
});

it('over the edge nothing moves', () => {
  expect(moveColumn(draft, 0, -1)).toBe(draft);
  expect(moveColumn(draft, 3, 1)).toBe(draft);
});

it('removing a column drops what used it and shifts the rest', () => {
  const less = removeColumn(draft, 1);
  expect(formulas(less)).toEqual([undefined, [3], [3]]);
  expect(less.checks[0]).toMatchObject({ left: [3], right: [4] });
});

it('blanks are not kept, and a formula wins over an indicator', () => {
  const messy: OwnForm = {
    ...draft,
    name: ' 表 ',
    columns: [{ title: ' 甲 ', group: ' ', indicator: 'paid', formula: { op: 'sum', of: [4, 5] } }],
  };
  expect(tidy(messy)).toMatchObject({
    name: '表',
    columns: [{ title: '甲', formula: { op: 'sum', of: [4, 5] } }],
  });
  expect(tidy(messy).columns[0]).not.toHaveProperty('group');
  expect(tidy(messy).columns[0]).not.toHaveProperty('indicator');
});
