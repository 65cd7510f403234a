import { describe, expect, it } from 'vitest';
import type { Rule } from './contract.ts';
import { moved, textsIn, validity } from './rule-text.ts';

describe('what is typed as texts', () => {
  it('is several where marks stand between them', () => {
    expect(textsIn(' 长乐街、农贸市场；；新街|')).toEqual(['长乐街', '农贸市场', '新街']);
    expect(textsIn(undefined)).toEqual([]);
  });
});

it('says on which days a rule is used', () => {
  expect(validity({ from: null, to: null })).toBe('');
  expect(validity({ from: '2020-09-01', to: null })).toBe('自 2020-09-01');
  expect(validity({ from: null, to: '2021-01-01' })).toBe('止于 2021-01-01（当天不再用）');
  expect(validity({ from: '2020-09-01', to: '2021-01-01' })).toBe(
    '自 2020-09-01 止于 2021-01-01（当天不再用）',
  );
});

describe('a rule that moves', () => {
  const rule = (number: number, owner: string): Rule =>
    ({ number, owner: { code: owner, name: '' } }) as Rule;
  const rules = [rule(7, '430981006'), rule(3, '430981'), rule(1, '430981'), rule(2, '430981')];
  it('changes places among the rules of its owner only', () => {
    expect(moved(rules, rules[2] as Rule, -1)).toEqual([1, 3, 2]);
    expect(moved(rules, rules[2] as Rule, 1)).toEqual([3, 2, 1]);
    expect(moved(rules, rules[1] as Rule, -1)).toBeUndefined();
    expect(moved(rules, rules[0] as Rule, 1)).toBeUndefined();
  });
});
