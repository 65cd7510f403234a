import { expect, it } from 'vitest';
import { latestAnswer } from './answer.ts';

const answer = (id: number, asOf: string, visit?: string) => ({
  content: visit === undefined ? {} : { d: visit },
  since: { id, asOf },
});

it('the latest visit counts, not the workbook handed in last', () => {
  const september = answer(1, '2020-09-30', '2020-09-20');
  const late = answer(2, '2020-10-10', '2020-09-05');
  expect(latestAnswer([september, late], '2020-10-31')).toBe(september);
  expect(latestAnswer([late, september], '2020-10-31')).toBe(september);
  expect(latestAnswer([september, late], '2020-09-10')).toBe(late);
  expect(latestAnswer([september, late], '2020-09-01')).toBeUndefined();
});

it('of one day the one received later, and without a visit day the workbook’s own', () => {
  const [first, second] = [answer(1, '2020-09-30', '2020-09-30'), answer(2, '2020-09-30')];
  expect(latestAnswer([second, first], '2020-09-30')).toBe(second);
});
