import { unpackClass } from '@quanbao/domain/coverage/step-class';
import { COMPOSITION, peopleIndicator } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { monthOf, yearOf } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';

/** How many people more or fewer an indicator counts in a town (or in no town) since a change. */
export interface NetEffect {
  region: RegionCode;
  indicator: string;
  name: string;
  change: number;
}

/** What the differences that a change appended amount to on the day, by town and part of the population. */
export async function netEffects(
  tx: Tx,
  county: RegionCode,
  change: number,
  day: PlainDate,
): Promise<NetEffect[]> {
  const rows = await tx.query<{ region: string; class: number; n: number }>(
    `select region, class, sum(n)::int as n from count_delta
     where county = $1 and change = $2 and class >= 0
       and (grain = 'Y' and bucket < $3 or grain = 'M' and bucket >= $3 and bucket < $4 or grain = 'D' and bucket >= $4 and bucket <= $5)
     group by region, class having sum(n) <> 0`,
    [county, change, String(yearOf(day)), monthOf(day), day],
  );
  const sums = new Map<string, NetEffect>();
  for (const { region, class: code, n } of rows) {
    const facts = unpackClass(code);
    for (const part of COMPOSITION) {
      const found = peopleIndicator(part);
      if (!found.matches(facts)) continue;
      const key = `${region} ${part}`;
      const sum = sums.get(key) ?? { region, indicator: part, name: found.name, change: 0 };
      sum.change += Number(n);
      sums.set(key, sum);
    }
  }
  return [...sums.values()]
    .filter((one) => one.change !== 0)
    .toSorted((a, b) =>
      a.region < b.region ? -1 : a.region > b.region ? 1 : Math.abs(b.change) - Math.abs(a.change),
    );
}
