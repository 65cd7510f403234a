import type { Rule } from './contract.ts';

/** What somebody typed into one box as several texts. */
export function textsIn(typed: string | undefined): string[] {
  return (typed ?? '')
    .split(/[|｜、；;\n]/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

/**
 * The numbers of an owner's rules after one has moved a place up or down; undefined where it cannot.
 * @param rules all that are seen, in their order
 */
export function moved(rules: readonly Rule[], rule: Rule, by: -1 | 1): number[] | undefined {
  const own = rules.filter((one) => one.owner.code === rule.owner.code).map((one) => one.number);
  const at = own.indexOf(rule.number);
  const to = at + by;
  if (at < 0 || to < 0 || to >= own.length) return undefined;
  own.splice(at, 1);
  own.splice(to, 0, rule.number);
  return own;
}

/** The days on which a rule is used; '' of one that always is. */
export function validity({ from, to }: Pick<Rule, 'from' | 'to'>): string {
  const begins = from === null ? '' : `自 ${from}`;
  return to === null ? begins : `${begins}${begins === '' ? '' : ' '}止于 ${to}（当天不再用）`;
}
