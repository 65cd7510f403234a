import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/survey';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import { HEADCOUNT_INDICATORS, headcountState } from '@quanbao/domain/survey/headcount';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { askableDays, chooseDay, countAreas, countOf, requireRegion } from '../reports/index.ts';
import { villagesOf } from './covers.ts';

interface Figures {
  readonly population: number;
  readonly inScope: number;
}

/** The figures of the forms, by village: 附件4 column 3 and 附件5 column 3. */
async function figuresOf(
  tx: Tx,
  county: RegionCode,
  region: RegionCode,
  day: PlainDate,
): Promise<(village: RegionCode) => Figures> {
  const areas = await countAreas(tx, county, region, 'villages', day);
  return (village) => {
    const count = countOf(areas.get(village) ?? new Map());
    return {
      population: count(HEADCOUNT_INDICATORS.population),
      inScope: count(HEADCOUNT_INDICATORS.inScope),
    };
  };
}

interface Row {
  region: string;
  version: number;
  day: string;
  population: number;
  inScope: number;
  signer: string;
  level: string;
  at: Date;
}

/** Every village with its figures of the day, who has signed which by then, and whether they have moved since. */
export async function listHeadcounts(
  instance: Instance,
  scope: Scope,
  asked: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
): Promise<AnswerOf<typeof contract.headcounts>> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = asked.region ?? scope.region;
    requireRegion(tree, scope, region);
    const day = chooseDay(await askableDays(tx, scope.county), asked.asOf);
    const { lo, hi } = regionRange(region);
    const rows = await tx.query<Row>(
      `select region, version, day, population, in_scope as "inScope", signer, signer_level as level, signed_at as at
       from headcount where county = $1 and region >= $2 and region < $3 and day <= $4 order by region, version desc`,
      [scope.county, lo, hi, day],
    );
    const figures = await figuresOf(tx, scope.county, region, day);
    const villages = villagesOf(tree, region, day).map((code) => {
      const now = figures(code);
      const versions = rows
        .filter((row) => row.region === code)
        .map((row) => ({
          version: Number(row.version),
          day: row.day,
          population: Number(row.population),
          inScope: Number(row.inScope),
          signer: row.signer,
          level: row.level,
          at: new Date(row.at).toISOString(),
        }));
      return { village: placeOf(tree, code), ...now, state: headcountState(versions[0], now), versions };
    });
    return {
      asOf: day,
      region: placeOf(tree, region),
      signed: villages.filter(({ state }) => state !== 'unsigned').length,
      moved: villages.filter(({ state }) => state === 'moved').length,
      villages,
    };
  });
}

/** Signs a village's figures of a day; what the signer saw must be what they are. */
export async function signHeadcount(
  instance: Instance,
  scope: Scope,
  order: BodyOf<typeof contract.signHeadcount>,
): Promise<{ version: number }> {
  const { village } = order;
  const day = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    requireRegion(tree, scope, village);
    if (tree.get(village)?.level !== 'village') {
      throw new Refusal('headcount.village', '人数核定按村（社区）进行；请选择一个村（社区）。');
    }
    const days = await askableDays(tx, scope.county);
    const asOf = chooseDay(days, order.day);
    const latest = chooseDay(days, undefined);
    if (asOf > latest) {
      throw new Refusal('headcount.day', `名单和走访只到 ${latest}，不能核定以后的数字；请改选日期后再试。`);
    }
    const now = (await figuresOf(tx, scope.county, village, asOf))(village);
    if (now.population !== order.population || now.inScope !== order.inScope) {
      throw new Refusal(
        'headcount.moved',
        `数字刚有变动：现在户籍人口 ${now.population} 人、应参保 ${now.inScope} 人；没有核定，请核对后再试。`,
      );
    }
    return asOf;
  });
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const [row] = await tx.query<{ version: number }>(
      `insert into headcount (county, region, version, day, population, in_scope, signer, signer_level)
       select $1, $2, coalesce(max(version), 0) + 1, $3, $4::int, $5::int, $6, $7 from headcount where county = $1 and region = $2
       having coalesce(max(day), '') <= $3
       returning version`,
      [
        scope.county,
        village,
        day,
        order.population,
        order.inScope,
        scope.actor,
        regionLevel(scope.region) ?? 'village',
      ],
    );
    // A newer signature is not superseded by an older day.
    if (row === undefined) {
      throw new Refusal(
        'headcount.day',
        `本村（社区）已经核定过 ${day} 以后的数字；没有核定，请选更晚的日期后再试。`,
      );
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'headcount.sign',
      subject: 'headcount',
      region: village,
      detail: { version: Number(row.version), day, population: order.population, inScope: order.inScope },
    });
    return { version: Number(row.version) };
  });
}
