import { ratio } from '../indicators/indicators.ts';
import { dayNumber, isPlainDate, type PlainDate } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import { findLedgerKind, type LedgerKindCode, ledgerKind } from '../ledger/kinds.ts';

/** Where the people of a round (走访任务) come from. */
export const ROUND_BASES = ['ledger', 'province', 'village'] as const;
export type RoundBasis = (typeof ROUND_BASES)[number];
export const BASIS_WORDS: Readonly<Record<RoundBasis, { readonly title: string; readonly who: string }>> = {
  ledger: { title: '台账', who: '本轮开始时或期间（至期限为止）台账处于待核实的人员' },
  province: { title: '省厅名单', who: '在省厅下发名单上、本轮开始前没有走访过的人员' },
  village: { title: '整村走访', who: '户籍人口全部人员（常态化走访）' },
};

/** Items that somebody at a door can do something about; the others tell what a list says that not everybody may read. */
export const ROUND_KINDS: readonly LedgerKindCode[] = [
  'uninsured',
  'obligated',
  'unpaid',
  'lapsed',
  'reaching-60',
  'migrant',
];

export interface Round {
  readonly name: string;
  readonly basis: RoundBasis;
  /** Whose items are watched: they make the list of a round by the ledger, and say what is left in every round. */
  readonly kinds: readonly LedgerKindCode[];
  readonly from: PlainDate;
  readonly due: PlainDate;
  /** People one worker should see. */
  readonly quota: number | undefined;
  /** Whoever is still 待核实 so many days after a visit is visited again. */
  readonly revisitDays: number | undefined;
}

/** @throws Refusal for a round that cannot be worked through */
export function checkRound(asked: {
  readonly name: string;
  readonly basis: string;
  readonly kinds?: readonly string[] | undefined;
  readonly from: string;
  readonly due: string;
  readonly quota?: number | undefined;
  readonly revisitDays?: number | undefined;
}): Round {
  const name = asked.name.trim();
  if (name.length < 2) throw new Refusal('round.name', '请给这一轮走访起个名称（至少两个字）。');
  const basis = ROUND_BASES.find((one) => one === asked.basis);
  if (basis === undefined) throw new Refusal('round.basis', '名单来源应为台账、省厅名单或整村走访。');
  if (!isPlainDate(asked.from) || !isPlainDate(asked.due)) {
    throw new Refusal('round.day', '起止日期应为 2020-08-31 的样子。');
  }
  if (asked.due < asked.from) throw new Refusal('round.day', '期限早于开始日期；请改正后再试。');
  const kinds = (asked.kinds?.length ? asked.kinds : ['uninsured']).map((code) => {
    const found = findLedgerKind(code);
    if (found === undefined || !ROUND_KINDS.includes(found.kind)) {
      const known = ROUND_KINDS.map((kind) => ledgerKind(kind).title).join('、');
      throw new Refusal('round.kind', `走访任务不能看这种台账；可以选：${known}。`);
    }
    return found.kind;
  });
  return {
    name,
    basis,
    kinds: [...new Set(kinds)],
    from: asked.from,
    due: asked.due,
    quota: asked.quota,
    revisitDays: asked.revisitDays,
  };
}

/** Whether an answer of that day is one of a round under way; of one that has ended the days after count no more. */
export function isOfRound(round: Pick<Round, 'from'>, day: PlainDate): boolean {
  return round.from <= day;
}

/** What is counted of a round, for a place or the whole; `visited` of `listed`, and of these still 待核实. */
export interface RoundCounts {
  readonly listed: number;
  readonly visited: number;
  readonly unsettled: number;
}

export function addCounts(all: Iterable<RoundCounts>): RoundCounts {
  const sum = { listed: 0, visited: 0, unsettled: 0 };
  for (const one of all) {
    sum.listed += one.listed;
    sum.visited += one.visited;
    sum.unsettled += one.unsettled;
  }
  return sum;
}

/** Share of the list that has been visited; nothing to say of an empty list. */
export function visitedRate({ listed, visited }: RoundCounts): number | null {
  return ratio(visited, listed);
}

export interface Pace {
  /** Share of the round's days that are over, the day itself counted. */
  readonly elapsed: number;
  readonly daysLeft: number;
  /** People a day from tomorrow on, to be done by the due day; the rest at once when it is over. */
  readonly perDay: number;
  readonly behind: boolean;
}

/** Whether a round keeps up with its days. */
export function paceOf(
  { listed, visited }: RoundCounts,
  round: Pick<Round, 'from' | 'due'>,
  on: PlainDate,
): Pace {
  const days = dayNumber(round.due) - dayNumber(round.from) + 1;
  const over = Math.min(days, Math.max(0, dayNumber(on) - dayNumber(round.from) + 1));
  const daysLeft = days - over;
  const left = Math.max(0, listed - visited);
  return {
    elapsed: over / days,
    daysLeft,
    perDay: daysLeft === 0 ? left : Math.ceil(left / daysLeft),
    behind: left > 0 && visited * days < listed * over,
  };
}
