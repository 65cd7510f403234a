import { addDays, type PlainDate } from '../kernel/plain-date.ts';
import { isSettledByReason } from '../ledger/kinds.ts';
import { earliest, REVISIT_KINDS, REVISIT_WORDS, type Revisit, revisitOf } from './revisits.ts';
import { isOfRound, type Round } from './rounds.ts';

/** A round under way, as far as it matters at a door. */
export type RoundUnderWay = Pick<Round, 'name' | 'from' | 'due' | 'revisitDays'> & {
  readonly kinds: readonly string[];
};

/** What is known of somebody where nobody can be asked: on a phone without network. */
export interface Known<R extends RoundUnderWay = RoundUnderWay> {
  /** His open items of the ledger. */
  readonly items: readonly { readonly kind: string; readonly state: string }[];
  /** The rounds under way that list him, and whether he has been visited within. */
  readonly rounds: readonly { readonly round: R; readonly visited: boolean }[];
  /** The day of his latest answer. */
  readonly last: PlainDate | undefined;
  /** When he is to be visited again, which may be a day ahead. */
  readonly revisit: Revisit | undefined;
}

/** Why somebody is to be visited. */
export interface Asked {
  readonly by: 'revisit' | 'round' | 'item';
  /** Empty where his open items say it. */
  readonly words: string;
}

/** Whether somebody is to be visited on a day, and why; nobody twice on one day but by a round that begins. */
export function askedOf({ items, rounds, last, revisit }: Known, on: PlainDate): Asked | undefined {
  if (revisit !== undefined && last !== undefined && revisit.due <= on && last < on) {
    return { by: 'revisit', words: `复访日期已到：${REVISIT_WORDS[revisit.why]}` };
  }
  const [first] = rounds
    .filter(({ round, visited }) => !visited && round.from <= on)
    .map(({ round }) => round)
    .toSorted((a, b) => (a.due < b.due ? -1 : 1));
  if (first !== undefined) return { by: 'round', words: `本轮：${first.name}` };
  return items.length > 0 && last === undefined ? { by: 'item', words: '' } : undefined;
}

/** An answer that only this phone knows of. */
export interface OwnAnswer {
  readonly day: PlainDate;
  readonly reason: string | undefined;
  /** Nothing is missing that its reason asks for. What an answer without a reason settles only the county knows. */
  readonly complete: boolean;
}

/** What is known of somebody once he has answered, by the rules that the county will count by. */
export function afterAnswer<R extends RoundUnderWay>(
  known: Known<R>,
  { day, reason, complete }: OwnAnswer,
): Known<R> {
  const rounds = known.rounds.map(({ round, visited }) => ({
    round,
    visited: visited || isOfRound(round, day),
  }));
  const items = known.items.map((item) =>
    complete && item.state === 'verify' && isSettledByReason(item.kind)
      ? { ...item, state: 'settled' }
      : item,
  );
  const again = items
    .filter(({ state }) => state === 'verify')
    .flatMap(({ kind }): Revisit[] => {
      const watching = rounds.filter(({ round }) => round.kinds.includes(kind) && isOfRound(round, day));
      const within = watching.flatMap(({ round: { revisitDays } }) => revisitDays ?? []);
      if (within.length === 0 && !REVISIT_KINDS.includes(kind)) return [];
      const revisitDays = within.length === 0 ? undefined : Math.min(...within);
      const from = addDays(day, 1);
      const revisit = revisitOf({ kind, why: '', from, last: { day, reason }, revisitDays }, day);
      return revisit === undefined ? [] : [revisit];
    });
  return { items, rounds, last: day, revisit: earliest(again) };
}
