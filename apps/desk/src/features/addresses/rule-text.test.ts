import { describe, expect, it } from 'vitest';
import type { Rule } from './contract.ts';
import { moved, textsIn } from './rule-text.ts';

describe('what is typed as texts', () => {
  it('is several where marks stand between them', () => {
    expect(textsIn(' 长乐街、农贸市场；；新街|')).toEqual(['长乐街', '农贸市场', '新街']);
    expect(textsIn(undefined)).toEqual([]);
  });
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
