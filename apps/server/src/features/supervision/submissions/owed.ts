import { chinaDay, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { type Duty, dueDay, lastPeriods, owes, type Period } from '@quanbao/domain/supervision/calendar';
import { type Standing, type SubmissionState, standingOn } from '@quanbao/domain/supervision/submission';
import type { Scope, Tx } from '../../../db/port.ts';
import { rulesOn } from '../rules.ts';
import { type StoredSubmission, submissionsOn } from './store.ts';

const PERIODS = { week: 6, month: 4, quarter: 2 } as const;

export interface DutyPeriods {
  readonly duty: Duty;
  /** The latest first, each with the day that held at its end. */
  readonly periods: readonly (Period & { readonly due: PlainDate })[];
}

/**
 * What the calendar of a day lists: periods begun by then, none that was over before the county had its first list, none
 * that was not asked for when it ended.
 */
export async function listedPeriods(
  tx: Tx,
  scope: Scope,
  day: PlainDate,
  many?: number,
): Promise<DutyPeriods[]> {
  const { calendar } = await rulesOn(tx, scope, day);
  const began = await useBegan(tx, scope);
  if (began === undefined) return [];
  const held = new Map<PlainDate, readonly Duty[]>();
  const dutiesOn = async (end: PlainDate): Promise<readonly Duty[]> => {
    const known = held.get(end) ?? (await rulesOn(tx, scope, end)).calendar;
    held.set(end, known);
    return known;
  };
  const listed: DutyPeriods[] = [];
  for (const duty of calendar) {
    const periods: (Period & { due: PlainDate })[] = [];
    for (const period of lastPeriods(duty.every, day, many ?? PERIODS[duty.every])) {
      if (period.to < began) break;
      const then = (await dutiesOn(period.to)).find(
        ({ form, every, level }) => form === duty.form && every === duty.every && level === duty.level,
      );
      if (then !== undefined) periods.push({ ...period, due: dueDay(then, period) });
    }
    listed.push({ duty, periods });
  }
  return listed;
}

/** The day of the first list there was: nothing is owed of what was over by then. A demo lives in the days of its lists. */
async function useBegan(tx: Tx, scope: Scope): Promise<PlainDate | undefined> {
  const [row] = await tx.query<{ demo: boolean | null; day: string | null; received: Date | null }>(
    `select (c.settings->>'demo')::boolean as demo, min(d.as_of) as day, min(d.received_at) as received
     from county c left join delivery d on d.county = c.county and d.source = 'household-register' and d.undone_at is null
     where c.county = $1 group by c.settings`,
    [scope.county],
  );
  if (!row?.day || !row.received) return undefined;
  return row.demo === true ? row.day : chinaDay(new Date(row.received));
}

/** States in which a form lies with whoever owes it: prepared, or sent back to him. */
const WITH_SENDER: ReadonlySet<SubmissionState> = new Set(['prepared', 'returned']);

/** Where a form of a period stood on the day. */
export function standingIn(
  period: Period & { readonly due: PlainDate },
  one: Pick<StoredSubmission, 'due' | 'state' | 'submittedDay'> | undefined,
  day: PlainDate,
): ReturnType<typeof standingOn> {
  const sent =
    one !== undefined && !WITH_SENDER.has(one.state) && one.submittedDay !== null && one.submittedDay <= day;
  return standingOn(
    one?.due ?? period.due,
    period.to,
    sent ? (one.submittedDay ?? undefined) : undefined,
    day,
  );
}

/** Where every form that a place owes stood on the day, period by period. */
export async function standingsOf(
  tx: Tx,
  scope: Scope,
  places: readonly RegionCode[],
  day: PlainDate,
  many?: number,
): Promise<Map<RegionCode, { due: PlainDate; standing: Standing }[]>> {
  const rows = await submissionsOn(tx, scope, places, day);
  const keyOf = (region: string, form: string, every: string, period: string) =>
    [region, form, every, period].join(' ');
  const stored = new Map(rows.map((row) => [keyOf(row.region, row.form, row.every, row.period), row]));
  const listed = await listedPeriods(tx, scope, day, many);
  return new Map(
    places.map((place) => [
      place,
      listed
        .filter(({ duty }) => owes(duty, place))
        .flatMap(({ duty, periods }) =>
          periods.map((period) => {
            const one = stored.get(keyOf(place, duty.form, duty.every, period.code));
            return { due: one?.due ?? period.due, standing: standingIn(period, one, day).standing };
          }),
        ),
    ]),
  );
}

/** How many forms of ended periods each place has not handed in, and how many of them are past their day. */
export async function countOwed(
  tx: Tx,
  scope: Scope,
  places: readonly RegionCode[],
  day: PlainDate,
): Promise<Map<RegionCode, { owed: number; late: number }>> {
  const all = await standingsOf(tx, scope, places, day);
  return new Map(
    [...all].map(([place, forms]) => {
      const late = forms.filter(({ standing }) => standing === 'late').length;
      const due = forms.filter(({ standing }) => standing === 'due').length;
      return [place, { owed: late + due, late }];
    }),
  );
}
