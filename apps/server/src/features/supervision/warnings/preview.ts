import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { COLOURS, checkWarnings, type WarningRule, warningWords } from '@quanbao/domain/supervision/warning';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { evaluate } from './evaluate.ts';

/** Whom thresholds that are not written yet would warn by the figures of the day. */
export async function previewWarnings(
  instance: Instance,
  scope: Scope,
  rules: readonly WarningRule[],
  asOf: PlainDate | undefined,
): Promise<AnswerOf<typeof contract.previewWarnings>> {
  checkWarnings(rules);
  return instance.db.transaction(scope, async (tx) => {
    const { day, items } = await evaluate(tx, scope, rules, scope.region, asOf);
    return {
      asOf: day,
      rules: rules.map((rule) => {
        const own = items.filter((one) => one.rule.code === rule.code);
        const places = own
          .flatMap((one) => (one.colour === undefined ? [] : [{ ...one, colour: one.colour }]))
          .toSorted(
            (a, b) => COLOURS.indexOf(b.colour) - COLOURS.indexOf(a.colour) || (b.gap ?? 0) - (a.gap ?? 0),
          );
        return {
          code: rule.code,
          places: places.map((one) => ({
            ...one.region,
            colour: one.colour,
            words: warningWords(rule, one),
          })),
          judged: own.filter(({ gap }) => gap !== null).length,
          of: own.length,
        };
      }),
    };
  });
}
