import type { FieldPerson, fieldPack } from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import { groupInAddress } from '@quanbao/domain/addresses/groups';
import { addDays, chinaDay, dayNumber, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { isSettledByReason } from '@quanbao/domain/ledger/kinds';
import type { Judged } from '@quanbao/domain/ledger/reasons';
import { surveyChoice } from '@quanbao/domain/survey/answers';
import { type Asked, afterAnswer, askedOf, type Known } from '@quanbao/domain/survey/asked';
import type { RoundCounts } from '@quanbao/domain/survey/rounds';
import type { Static } from 'typebox';
import type { Entry } from '../outbox/outbox.ts';
import { judgedAfter, judgedOn } from './answer.ts';

export type Pack = AnswerOf<typeof fieldPack>;
export type Person = Static<typeof FieldPerson>;

/** As an earlier version of this program kept it, which knew of no rounds. */
export function packOf(kept: Pack): Pack {
  if (kept.rounds !== undefined) return kept;
  const people = kept.people.map((person) => ({ ...person, reason: null, rounds: [], revisit: null }));
  return { ...kept, today: kept.asOf, rounds: [], people };
}

/** The county's day by this phone's clock: as many days after that of the list as have passed here. */
export function dayAt({ today, madeAt }: Pick<Pack, 'today' | 'madeAt'>, moment: Date): PlainDate {
  return addDays(today, dayNumber(chinaDay(moment)) - dayNumber(chinaDay(new Date(madeAt))));
}

/** 第3村民小组12号 and 3组12号 are the same group. */
export function groupOf(address: string): string {
  const found = groupInAddress(address);
  return found === undefined ? '未写组别' : `${found.group}组`;
}

/** What is behind the group: the house. */
export function houseOf(address: string): string {
  return groupInAddress(address)?.rest ?? address.trim();
}

/** todo: to be visited, or again. kept: answered here, not yet sent. refused: sent back. done: answered. rest: nothing asked. */
type Standing = 'todo' | 'kept' | 'refused' | 'done' | 'rest';

export interface Row extends Person {
  readonly village: string;
  readonly group: string;
  readonly house: string;
  readonly standing: Standing;
  /** Why he is to be visited, or again. */
  readonly asked: Asked | undefined;
  /** The reason given so far and what proves it. */
  readonly judged: Judged | undefined;
  /** The answer that stands: the phone's own before the list's. */
  readonly answer: string | undefined;
  /** Answered, but its proof is incomplete. */
  readonly incomplete: boolean;
}

/** Everybody with what this phone wrote laid over what the list said, as it stands on a day. */
export function rowsOf(packs: readonly Pack[], entries: readonly Entry[], today: PlainDate): Row[] {
  const own = new Map<number, Entry[]>();
  for (const entry of entries) {
    const { person } = entry.command;
    if (person !== undefined) own.set(person, [...(own.get(person) ?? []), entry]);
  }
  return packs.flatMap((pack) => {
    const rounds = new Map(
      pack.rounds.map((one) => [one.round, { ...one, revisitDays: one.revisitDays ?? undefined }]),
    );
    return pack.people.map((person): Row => {
      const written = own.get(person.person) ?? [];
      const entry = written.at(-1);
      const choice = entry?.command.answer ?? person.answered?.answer;
      const listed = person.rounds.flatMap(({ round: number, visited }) => {
        const round = rounds.get(number);
        return round === undefined ? [] : [{ round, visited }];
      });
      let known: Known<(typeof listed)[number]['round']> = {
        items: person.items,
        rounds: listed,
        last: person.answered?.day,
        revisit: person.revisit ?? undefined,
      };
      let judged = judgedOn(person);
      for (const { state, command, missing } of written) {
        // What came back is no answer yet.
        if (state === 'refused') continue;
        const day = dayAt(pack, new Date(command.madeAt));
        judged = judgedAfter(command, day, judged);
        known = afterAnswer(known, {
          day,
          reason: command.reason?.code,
          complete: missing.length === 0,
        });
      }
      const asked = askedOf(known, today);
      return {
        ...person,
        village: pack.village.code,
        group: groupOf(person.address),
        house: houseOf(person.address),
        rounds: known.rounds.map(({ round: { round }, visited }) => ({ round, visited })),
        standing: standingOf(person, entry, asked),
        asked,
        judged,
        answer: choice === undefined ? undefined : (surveyChoice(choice)?.title ?? choice),
        incomplete:
          entry === undefined
            ? person.answered !== null && person.items.some(lacksProof)
            : entry.missing.length > 0,
      };
    });
  });
}

function lacksProof({ kind, state }: Person['items'][number]): boolean {
  return state === 'verify' && isSettledByReason(kind);
}

function standingOf(person: Person, entry: Entry | undefined, asked: Asked | undefined): Standing {
  if (entry?.state === 'refused') return 'refused';
  if (asked !== undefined) return 'todo';
  if (entry?.state === 'waiting') return 'kept';
  return entry?.state === 'done' || person.answered !== null ? 'done' : 'rest';
}

export function sexWord(sex: string): string {
  return sex === 'male' ? '男' : sex === 'female' ? '女' : sex;
}

/** By a part of the name or the last digits of the number. */
export function matches(row: Row, asked: string): boolean {
  const text = asked.trim();
  if (text === '') return true;
  return /^[\dXx]{1,4}$/.test(text)
    ? row.last4.toUpperCase().endsWith(text.toUpperCase())
    : row.name.includes(text);
}

interface Household {
  readonly key: string;
  readonly house: string;
  readonly rows: readonly Row[];
}
export interface Group {
  readonly name: string;
  readonly households: readonly Household[];
  readonly people: number;
}

/** By group and house, as one walks through the village. */
export function groupsOf(rows: readonly Row[]): Group[] {
  const groups = new Map<string, Map<string, Row[]>>();
  for (const row of rows) {
    const key = householdKey(row);
    const households = groups.get(row.group) ?? new Map<string, Row[]>();
    households.set(key, [...(households.get(key) ?? []), row]);
    groups.set(row.group, households);
  }
  const order = new Intl.Collator('zh', { numeric: true }).compare;
  return [...groups]
    .sort(([a], [b]) => order(a, b))
    .map(([name, households]) => ({
      name,
      people: [...households.values()].reduce((sum, list) => sum + list.length, 0),
      households: [...households]
        .map(([key, list]) => ({ key, house: list[0]?.house ?? '', rows: list }))
        .sort((a, b) => order(a.house, b.house)),
    }));
}

export function householdKey(row: Row): string {
  return row.household === '' ? `p${row.person}` : `${row.village}/${row.household}`;
}

export interface Progress {
  readonly asked: number;
  readonly answered: number;
  readonly incomplete: number;
}

/** Of those who are to be asked, how many were, so that nothing is left to do about them; and whose proof is incomplete. */
export function progressOf(rows: readonly Row[]): Progress {
  const asked = rows.filter(({ standing }) => standing !== 'rest');
  return {
    asked: asked.length,
    answered: asked.filter((row) => !isOpen(row)).length,
    incomplete: asked.filter(({ incomplete }) => incomplete).length,
  };
}

/** Somebody has to go there: nobody was yet, or the answer came back. */
export function isOpen({ standing }: Row): boolean {
  return standing === 'todo' || standing === 'refused';
}

/** As the county counts a round, with what this phone wrote. */
export function roundCounts(rows: readonly Row[], round: number): Pick<RoundCounts, 'listed' | 'visited'> {
  const listed = rows.flatMap(({ rounds }) => rounds.find((one) => one.round === round) ?? []);
  return { listed: listed.length, visited: listed.filter(({ visited }) => visited).length };
}

/** 9月10日到期，还有 3 天 */
export function dueWords(due: PlainDate, today: PlainDate): string {
  const [year, month, day] = due.split('-').map(Number);
  const date = `${due.slice(0, 4) === today.slice(0, 4) ? '' : `${year}年`}${month}月${day}日`;
  const left = dayNumber(due) - dayNumber(today);
  if (left < 0) return `${date}已到期，超了 ${-left} 天`;
  return left === 0 ? `${date}到期，就是今天` : `${date}到期，还有 ${left} 天`;
}
