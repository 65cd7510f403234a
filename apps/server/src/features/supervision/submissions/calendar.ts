import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { FormDefinition, FormRow } from '@quanbao/domain/reports/forms';
import { owes, type Period } from '@quanbao/domain/supervision/calendar';
import type { Scope, Tx } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { countedForm, findForm, requireRegion, workDay } from '../../reports/index.ts';
import { readScope } from '../today.ts';
import { type DutyPeriods, listedPeriods, standingIn } from './owed.ts';
import { type StoredSubmission, submissionsOn } from './store.ts';

type Line = AnswerOf<typeof contract.calendar>['lines'][number];
type Cell = Line['places'][number]['cells'][number];
/** A submission with the day and the 合计 of its version. */
interface Owed extends StoredSubmission {
  readonly day: PlainDate;
  readonly total: FormRow;
}

/** Every form a place and those below it owe, period by period. */
export async function readCalendar(
  instance: Instance,
  asked: Scope,
  query: { region?: RegionCode | undefined; asOf?: PlainDate | undefined; periods?: number | undefined },
): Promise<AnswerOf<typeof contract.calendar>> {
  const scope = readScope(asked);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = query.region ?? scope.region;
    requireRegion(tree, scope, region);
    const day = query.asOf ?? (await workDay(tx, scope, new Date()));
    const places = [region, ...tree.children(region, day).map(({ code }) => code)];
    const stored = await withTotals(tx, scope, await submissionsOn(tx, scope, places, day));
    const lines: Line[] = [];
    for (const { duty, periods } of await listedPeriods(tx, scope, day, query.periods)) {
      const owing = places.filter((code) => owes(duty, code));
      if (owing.length === 0 || periods.length === 0) continue;
      const form = await findForm(tx, scope, duty.form);
      const of = (code: RegionCode, period: Period): Owed | undefined =>
        stored.find(
          (one) =>
            one.region === code &&
            one.form === duty.form &&
            one.every === duty.every &&
            one.period === period.code,
        );
      const now = await nowOf(
        tx,
        scope,
        form,
        region,
        owing.flatMap((code) => periods.map((p) => of(code, p))),
      );
      lines.push({
        duty,
        formName: `${form.number} ${form.name}`,
        periods: [...periods],
        places: owing.map((code) => ({
          code,
          name: placeOf(tree, code).name,
          cells: periods.map((period) => cellOf(period, of(code, period), day, now)),
        })),
      });
    }
    return { region: placeOf(tree, region), asOf: day, lines };
  });
}

function cellOf(
  period: DutyPeriods['periods'][number],
  one: Owed | undefined,
  day: PlainDate,
  now: (one: Owed) => FormRow | undefined,
): Cell {
  const { standing, days } = standingIn(period, one, day);
  const row = one === undefined ? undefined : now(one);
  return {
    submission: one?.submission ?? null,
    state: one?.state ?? null,
    standing,
    daysLate: days,
    moved: one !== undefined && row !== undefined && differs(one.total, row),
  };
}

function differs(was: FormRow, now: FormRow): boolean {
  return Object.entries(was.cells).some(([column, value]) => {
    return typeof value === 'number' && value !== now.cells[Number(column)];
  });
}

async function withTotals(tx: Tx, scope: Scope, made: readonly StoredSubmission[]): Promise<Owed[]> {
  const rows = await tx.query<Pick<Owed, 'submission' | 'day' | 'total'>>(
    `select v.submission, v.day, v.body::jsonb -> 'total' as total
     from unnest($2::int[], $3::int[]) as m (submission, version)
     join submission_version v on v.county = $1 and v.submission = m.submission and v.version = m.version`,
    [scope.county, made.map((one) => one.submission), made.map((one) => one.version)],
  );
  const kept = new Map(rows.map(({ submission, day, total }) => [Number(submission), { day, total }]));
  return made.flatMap((one) => {
    const version = kept.get(one.submission);
    return version === undefined ? [] : [{ ...one, ...version }];
  });
}

/** Today's row of each place on the days that were submitted: one table for each day, not one for each place. */
async function nowOf(
  tx: Tx,
  scope: Scope,
  form: FormDefinition,
  region: RegionCode,
  owed: readonly (Owed | undefined)[],
): Promise<(one: Owed) => FormRow | undefined> {
  const days = new Set(owed.flatMap((one) => (one === undefined ? [] : [one.day])));
  const rows = new Map<string, FormRow>();
  for (const day of days) {
    const table = await countedForm(tx, scope, form, region, day);
    for (const row of table.rows) if (row.code !== region) rows.set(`${row.code} ${day}`, row);
    rows.set(`${region} ${day}`, table.total);
  }
  return (one) => rows.get(`${one.region} ${one.day}`);
}
