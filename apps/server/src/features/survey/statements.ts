import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/survey';
import { COVERAGE_PARAMETERS, datedSettings, settingsOn } from '@quanbao/domain/coverage/settings';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import { peopleIndicator } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record, requireReason } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion } from '../reports/index.ts';

type Statements = AnswerOf<typeof contract.statements>;

export interface StatementsAsked {
  readonly region?: RegionCode | undefined;
  readonly person?: number | undefined;
  readonly who?: 'refusing' | 'all' | undefined;
}

/** Sheets of one print: a village's list at most. */
const MOST = 300;

/** Who the statements are for; whoever is 应保未保 may refuse, the indicator of the forms says who does. */
const INDICATOR_OF = { refusing: 'refuses', all: 'not-registered' } as const;

/** The statements (意愿书) of a person or of a village's unwilling, to be printed and signed; the look is recorded. */
export async function readStatements(
  instance: Instance,
  scope: Scope,
  asked: StatementsAsked,
  full?: { readonly reason: string },
): Promise<Statements> {
  const reason = full === undefined ? undefined : requireReason(full.reason);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = asked.region ?? scope.region;
    requireRegion(tree, scope, region);
    if (asked.person === undefined && !['village', 'group'].includes(regionLevel(region) ?? '')) {
      throw new Refusal('statement.village', '意愿书按村（社区）打印；请选择一个村（社区），或打开一个人。');
    }
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    const who = asked.who ?? (asked.person === undefined ? 'refusing' : 'all');
    const { rows, total } = await peopleOf(tx, scope, region, day, who, asked.person);
    if (asked.person !== undefined && rows.length === 0) {
      throw new Refusal('statement.person', '此人不是应保未保人员，或不在您的管辖范围，不用签意愿书。');
    }
    const numbers = rows.map((row) => Number(row.person));
    const names = await namesOf(tx, instance, scope, numbers);
    const lines = await tx.query<{ person: number; address: string }>(
      'select person_no as person, address from person_search where county = $1 and person_no = any($2::bigint[])',
      [scope.county, numbers],
    );
    const address = new Map(lines.map((line) => [Number(line.person), line.address]));
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: reason === undefined ? 'statement.list' : 'statement.print',
      subject: asked.person === undefined ? 'people' : `person ${asked.person}`,
      region,
      detail: { rows: rows.length, ...(reason === undefined ? {} : { reason }) },
    });
    return {
      asOf: day,
      county: tree.get(scope.county)?.name ?? '',
      more: total - rows.length,
      facts: await factsOf(tx, scope.county, day),
      people: rows.map((row) => {
        const person = Number(row.person);
        const named = names.get(person);
        return {
          person,
          name: named?.name ?? '',
          sex: named?.sex === 'male' ? '男' : named?.sex === 'female' ? '女' : (named?.sex ?? ''),
          birth: named?.birth ?? '',
          id: reason === undefined ? maskId(named?.id ?? '') : (named?.id ?? ''),
          place: tree.path(row.region),
          address: address.get(person) ?? '',
        };
      }),
    };
  });
}

/** How many statements each village of a region needs: what `readStatements` then prints of it. */
export async function statementPlaces(
  instance: Instance,
  scope: Scope,
  asked: Pick<StatementsAsked, 'region' | 'who'>,
): Promise<AnswerOf<typeof contract.statementPlaces>> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = asked.region ?? scope.region;
    requireRegion(tree, scope, region);
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    const { where, params } = await whoSql(tx, scope, region, day, asked.who ?? 'refusing');
    const rows = await tx.query<{ village: string; people: number }>(
      `select left(s.region, 12) as village, count(*)::int as people from step s where ${where} group by 1 order by 1`,
      params,
    );
    const inVillage = rows.filter(({ village }) => village.length === 12);
    const sum = (all: typeof rows): number => all.reduce((n, { people }) => n + Number(people), 0);
    return {
      asOf: day,
      places: inVillage.map(({ village, people }) => ({
        region: { code: village, name: tree.get(village)?.name ?? village, path: tree.path(village) },
        people: Number(people),
      })),
      unplaced: sum(rows) - sum(inVillage),
    };
  });
}

/** Whom the statements are for, as conditions on `step s`. */
async function whoSql(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
  who: 'refusing' | 'all',
): Promise<{ where: string; params: unknown[] }> {
  const counted = peopleIndicator(INDICATOR_OF[who]);
  const known = await tx.query<{ class: number }>('select class from step_class where county = $1', [
    scope.county,
  ]);
  const classes = known.map((row) => row.class).filter((code) => counted.matches(unpackClass(code)));
  const { lo, hi } = regionRange(region);
  let where = `s.county = $1 and s.region >= $2 and s.region < $3 and s.from_day <= $4 and s.to_day > $4 and s.class = any($5::int[])`;
  // Whose refusal is proved has no need of another, whoever's proof has been overtaken has.
  if (who === 'refusing') {
    where += ` and exists (select 1 from ledger_item i where i.county = s.county and i.person_no = s.person_no
      and i.kind = 'uninsured' and i.state = 'verify' and i.from_day <= $4 and i.to_day > $4)`;
  }
  return { where, params: [scope.county, lo, hi, day, classes] };
}

async function peopleOf(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
  who: 'refusing' | 'all',
  person: number | undefined,
): Promise<{ rows: { person: number; region: string }[]; total: number }> {
  const found = await whoSql(tx, scope, region, day, who);
  const { params } = found;
  let { where } = found;
  if (person !== undefined) where += ` and s.person_no = $${params.push(person)}::bigint`;
  const rows = await tx.query<{ person: number; region: string }>(
    `select s.person_no as person, s.region from step s where ${where} order by s.region, s.person_no limit ${MOST}`,
    params,
  );
  if (rows.length < MOST) return { rows, total: rows.length };
  const [count] = await tx.query<{ n: number }>(
    `select count(*)::int as n from step s where ${where}`,
    params,
  );
  return { rows, total: Number(count?.n ?? rows.length) };
}

/** What the policy says, as far as it stands in the parameters that hold on the day. */
async function factsOf(tx: Tx, county: RegionCode, day: PlainDate): Promise<Statements['facts']> {
  const [row] = await tx.query<{ settings: unknown }>('select settings from county where county = $1', [
    county,
  ]);
  const dated = datedSettings(row?.settings);
  if (!dated.ok) return [];
  const source = COVERAGE_PARAMETERS['coverage.scope-age']?.legalSources.at(-1) ?? '';
  return [
    {
      text: `年满${settingsOn(dated.value, day).scopeAge}周岁起属于城乡居民基本养老保险参保范围。`,
      source,
    },
  ];
}
