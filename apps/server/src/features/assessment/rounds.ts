import { indicatorsOf } from '@quanbao/domain/assessment/result';
import type { RecordCode, Scheme } from '@quanbao/domain/assessment/scheme';
import type { Measured } from '@quanbao/domain/assessment/score';
import { type CountOf, indicator, indicatorValue } from '@quanbao/domain/indicators/indicators';
import { addDays, isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { askableDays, chooseDay, workDay } from '../reports/index.ts';
import { lateOrders, lateReports } from '../supervision/index.ts';
import { measure } from '../targets/index.ts';
import { schemeOn } from './schemes.ts';
import { readRound } from './store.ts';

/** 自查评估 was due eleven days before the end of October. */
const SELF_BEFORE = 11;

interface Counted {
  readonly unit: string;
  readonly region: RegionCode;
  readonly name: string;
  readonly counted: Readonly<Record<string, Measured>>;
}

function measured(codes: readonly string[], count: CountOf): Record<string, Measured> {
  return Object.fromEntries(
    codes.map((code) => {
      const found = indicator(code);
      const value = indicatorValue(code, count);
      if (found.kind !== 'rate') return [code, { value }];
      return [code, { value, numerator: count(found.numerator), denominator: count(found.denominator) }];
    }),
  );
}

/** A scheme as it stood on the day, with what its units were; the newest day there is unless one is asked. */
export async function countScheme(
  tx: Tx,
  scope: Scope,
  code: string,
  asked: PlainDate | undefined,
): Promise<{ scheme: Scheme; counted: Awaited<ReturnType<typeof countUnits>> }> {
  const day = chooseDay(await askableDays(tx, scope.county), asked);
  const scheme = await schemeOn(tx, scope.county, code, day);
  return { scheme, counted: await countUnits(tx, scope, scheme, day) };
}

/** Every unit of a scheme with what its indicators were on the day; the county's own first. */
async function countUnits(
  tx: Tx,
  scope: Scope,
  scheme: Scheme,
  asked: PlainDate,
): Promise<{ day: string; units: Counted[] }> {
  const figures = await measure(tx, scope, scope.county, asked);
  const codes = indicatorsOf(scheme);
  const { county } = scope;
  const whole = measured(codes, figures.whole);
  const own = { unit: county, region: county, name: figures.region.name, counted: whole };
  const recorded = await recordsOf(
    tx,
    scope,
    scheme,
    figures.places.map(({ code }) => code),
    figures.day,
  );
  const units =
    scheme.assessed === 'towns'
      ? figures.places.map(({ code, name, count }) => ({
          unit: code,
          region: code,
          name,
          counted: { ...measured(codes, count), ...recorded(code) },
        }))
      : scheme.offices.map((name) => ({ unit: name, region: county, name, counted: whole }));
  return { day: figures.day, units: [own, ...units] };
}

/** What the scheme asks of the county's records, of each town with the papers that are counted. */
async function recordsOf(
  tx: Tx,
  scope: Scope,
  scheme: Scheme,
  towns: readonly RegionCode[],
  day: string,
): Promise<(town: RegionCode) => Record<string, Measured>> {
  const asked = new Set(
    scheme.lines.flatMap(({ source }) =>
      'fact' in source && source.fact.record ? [source.fact.record] : [],
    ),
  );
  const read: Readonly<Record<RecordCode, typeof lateReports>> = {
    'late-reports': lateReports,
    'late-orders': lateOrders,
  };
  const found: [RecordCode, Awaited<ReturnType<typeof lateReports>>][] = [];
  for (const code of asked) found.push([code, await read[code](tx, scope, towns, scheme.from, day)]);
  return (town) =>
    Object.fromEntries(
      found.flatMap(([code, papers]) => {
        const own = papers?.get(town);
        return own === undefined ? [] : [[code, { value: own.length, papers: own }]];
      }),
    );
}

export async function beginRound(
  instance: Instance,
  scope: Scope,
  order: {
    readonly scheme: string;
    readonly title?: string | undefined;
    readonly day?: string | undefined;
    readonly selfDue?: string | undefined;
  },
): Promise<{ assessment: number }> {
  if (holdsIdNumber(order.title ?? '')) throw new Refusal('assessment.title', '名称里不能有身份证号码。');
  for (const day of [order.day, order.selfDue]) {
    if (day !== undefined && !isPlainDate(day))
      throw new Refusal('assessment.day', '日期应为 2020-10-31 的样子。');
  }
  return instance.db.transaction(scope, async (tx) => {
    const { scheme: content, counted } = await countScheme(tx, scope, order.scheme, order.day);
    const { day, units } = counted;
    // Begun after the lists' day: nobody is late before he could know.
    const [, due] = [addDays(day, -SELF_BEFORE), await workDay(tx, scope, new Date())].toSorted();
    const [row] = await tx.query<{ assessment: number }>(
      `insert into assessment_round (county, assessment, title, scheme, content, day, self_due_day, actor)
       select $1, coalesce(max(assessment), 0) + 1, $2, $3, $4::text::jsonb, $5, $6, $7 from assessment_round where county = $1
       returning assessment`,
      [
        scope.county,
        order.title?.trim() || content.title,
        content.code,
        JSON.stringify(content),
        day,
        order.selfDue ?? due,
        scope.actor,
      ],
    );
    const assessment = Number(row?.assessment);
    await tx.query(
      `insert into assessment_unit (county, assessment, unit, region, name, counted)
       select $1, $2, u.unit, u.region, u.name, u.counted
       from jsonb_to_recordset($3::text::jsonb) as u (unit text, region text, name text, counted jsonb)`,
      [scope.county, assessment, JSON.stringify(units)],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'assessment.begin',
      subject: `assessment ${assessment}`,
      region: scope.county,
      detail: { scheme: content.code, day, units: units.length - 1 },
    });
    return { assessment };
  });
}

/** Counts the day again from what is known now; what was entered by hand stays. */
export async function recountRound(instance: Instance, scope: Scope, no: number): Promise<{ done: true }> {
  return instance.db.transaction(scope, async (tx) => {
    const one = await readRound(tx, scope.county, no, 'for update');
    if (one.state === 'frozen' || one.state === 'published') {
      throw new Refusal('assessment.state', '这一轮已经定案，数字不再变动；需要时请另开一轮。');
    }
    const { units } = await countUnits(tx, scope, one.content, one.day);
    await tx.query(
      `update assessment_unit a set counted = u.counted
       from jsonb_to_recordset($3::text::jsonb) as u (unit text, counted jsonb)
       where a.county = $1 and a.assessment = $2 and a.unit = u.unit`,
      [scope.county, no, JSON.stringify(units)],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'assessment.recount',
      subject: `assessment ${no}`,
      region: scope.county,
      detail: { day: one.day },
    });
    return { done: true };
  });
}
