import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/targets';
import { type CountOf, INDICATORS, indicator, indicatorValue } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { measure } from './measure.ts';

/** Every indicator of a region on a day, a rate with its two numbers. */
export async function readFigures(
  instance: Instance,
  scope: Scope,
  asked: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
): Promise<AnswerOf<typeof contract.figures>> {
  return instance.db.transaction(scope, async (tx) => {
    const { region, day, whole } = await measure(tx, scope, asked.region ?? scope.region, asked.asOf);
    const tree = await loadRegionTree(tx, scope.county);
    return {
      region: { ...region, path: tree.path(region.code) },
      asOf: day,
      items: INDICATORS.map((one) => ({
        code: one.code,
        value: indicatorValue(one.code, whole),
        numerator: one.kind === 'rate' ? counted(one.numerator, whole) : null,
        denominator: one.kind === 'rate' ? counted(one.denominator, whole) : null,
      })),
    };
  });
}

function counted(code: string, count: CountOf): { code: string; name: string; value: number } {
  return { code, name: indicator(code).name, value: count(code) };
}
