import type { CountedPaper } from '@quanbao/domain/assessment/score';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { type OrderAct, orderNumber } from '@quanbao/domain/supervision/order';
import type { Scope, Tx } from '../../db/port.ts';
import { findForm } from '../reports/index.ts';
import { type DutyPeriods, listedPeriods, standingIn } from './submissions/owed.ts';
import { type StoredSubmission, submissionsOn } from './submissions/store.ts';

/** By town, what is counted of it on the day; undefined where the county keeps no such record here. */
type Papers = ReadonlyMap<RegionCode, readonly CountedPaper[]>;

/** A year of weeks. */
const MOST = 54;

/** 迟报、漏报: forms that towns owe from a day on and that were late by the day, or are still missing. */
export async function lateReports(
  tx: Tx,
  scope: Scope,
  towns: readonly RegionCode[],
  from: PlainDate,
  day: PlainDate,
): Promise<Papers | undefined> {
  const rows = await submissionsOn(tx, scope, towns, day);
  const found = new Map<RegionCode, CountedPaper[]>(towns.map((town) => [town, []]));
  let kept = false;
  for (const { duty, periods } of await listedPeriods(tx, scope, day, MOST)) {
    if (duty.level !== 'town') continue;
    const own = rows.filter(({ form, every }) => form === duty.form && every === duty.every);
    // Before the first that anybody made here, the county reported on paper.
    const [first] = own.map(({ due }) => due).sort();
    if (first === undefined || first > day) continue;
    const begin = first > from ? first : from;
    const { number } = await findForm(tx, scope, duty.form);
    for (const period of periods.toReversed()) {
      for (const town of towns) {
        const one = own.find(({ region, period: code }) => region === town && code === period.code);
        const due = one?.due ?? period.due;
        if (due < begin || due > day) continue;
        kept = true;
        const words = lateWords(period, one, day);
        if (words === undefined) continue;
        found.get(town)?.push({
          text: `${period.title}${number}${words}`,
          address: one === undefined ? '' : `/submissions/${Number(one.submission)}`,
        });
      }
    }
  }
  return kept ? found : undefined;
}

function lateWords(
  period: DutyPeriods['periods'][number],
  one: StoredSubmission | undefined,
  day: PlainDate,
): string | undefined {
  const due = one?.due ?? period.due;
  const { standing, days } = standingIn(period, one, day);
  if (standing === 'done-late') return `，应于 ${due} 报送，${one?.submittedDay} 报送，迟 ${days} 天`;
  if (standing !== 'late') return undefined;
  return `，应于 ${due} 报送，${againWords(one)}至 ${day} 未报`;
}

/** What came between the first report and now. */
function againWords(one: StoredSubmission | undefined): string {
  if (one?.submittedDay == null) return '';
  return one.state === 'returned' ? '退回后' : '重新编制后';
}

interface OrderRow {
  readonly order: number;
  readonly region: RegionCode;
  readonly subject: string;
  readonly raised: PlainDate;
  readonly due: PlainDate;
  readonly acts: readonly { readonly act: OrderAct; readonly day: PlainDate }[];
}

/** 督办单逾期答复: orders to towns, or to what lies in them, raised from a day on. */
export async function lateOrders(
  tx: Tx,
  scope: Scope,
  towns: readonly RegionCode[],
  from: PlainDate,
  day: PlainDate,
): Promise<Papers | undefined> {
  const rows = await tx.query<OrderRow>(
    `select o.number as "order", o.region, o.subject, o.raised_day as raised, o.due_day as due,
       (select coalesce(jsonb_agg(jsonb_build_object('act', s.act, 'day', s.day) order by s.step), '[]'::jsonb)
        from supervision_step s where s.county = o.county and s.number = o.number and s.day <= $3) as acts
     from supervision_order o
     where o.county = $1 and o.office = '' and o.raised_day >= $2 and o.raised_day <= $3 order by o.number`,
    [scope.county, from, day],
  );
  if (rows.length === 0) return undefined;
  const found = new Map<RegionCode, CountedPaper[]>(towns.map((town) => [town, []]));
  for (const one of rows) {
    const answered = one.acts.find(({ act }) => act === 'answer')?.day;
    const waits = ['raise', 'return'].includes(one.acts.at(-1)?.act ?? 'raise');
    const late = (answered !== undefined && answered > one.due) || (waits && day > one.due);
    if (!late) continue;
    const words =
      answered === undefined ? `至 ${day} 未答复` : waits ? `退回后至 ${day} 没有重报` : `${answered} 才答复`;
    const town = towns.find((code) => isWithin(one.region, code));
    found.get(town ?? '')?.push({
      text: `${orderNumber(Number(one.order), one.raised)}《${one.subject}》，限 ${one.due}，${words}`,
      address: `/orders/${Number(one.order)}`,
    });
  }
  return found;
}
