import type { FieldPerson, fieldPack } from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import { groupInAddress } from '@quanbao/domain/addresses/groups';
import { isSettledByReason } from '@quanbao/domain/ledger/kinds';
import { surveyChoice } from '@quanbao/domain/survey/answers';
import type { Static } from 'typebox';
import type { Entry } from '../outbox/outbox.ts';

export type Pack = AnswerOf<typeof fieldPack>;
export type Person = Static<typeof FieldPerson>;

/** 第3村民小组12号 and 3组12号 are the same group. */
export function groupOf(address: string): string {
  const found = groupInAddress(address);
  return found === undefined ? '未写组别' : `${found.group}组`;
}

/** What is behind the group: the house. */
export function houseOf(address: string): string {
  return groupInAddress(address)?.rest ?? address.trim();
}

/** todo: to be visited. kept: answered here, not yet sent. refused: sent back. done: answered. rest: nothing open. */
type Standing = 'todo' | 'kept' | 'refused' | 'done' | 'rest';

export interface Row extends Person {
  readonly village: string;
  readonly group: string;
  readonly house: string;
  readonly standing: Standing;
  /** The answer that stands: the phone's own before the list's. */
  readonly answer: string | undefined;
  /** Answered, but its proof is incomplete. */
  readonly incomplete: boolean;
}

/** Everybody with what this phone wrote laid over what the list said. */
export function rowsOf(packs: readonly Pack[], entries: readonly Entry[]): Row[] {
  const own = new Map(
    entries.flatMap((entry) =>
      entry.command.person === undefined ? [] : [[entry.command.person, entry] as const],
    ),
  );
  return packs.flatMap(({ village, people }) =>
    people.map((person): Row => {
      const entry = own.get(person.person);
      const choice = entry?.command.answer ?? person.answered?.answer;
      return {
        ...person,
        village: village.code,
        group: groupOf(person.address),
        house: houseOf(person.address),
        standing: standingOf(person, entry),
        answer: choice === undefined ? undefined : (surveyChoice(choice)?.title ?? choice),
        incomplete:
          entry === undefined
            ? person.answered !== null && person.items.some(lacksProof)
            : entry.missing.length > 0,
      };
    }),
  );
}

function lacksProof({ kind, state }: Person['items'][number]): boolean {
  return state === 'verify' && isSettledByReason(kind);
}

function standingOf(person: Person, entry: Entry | undefined): Standing {
  if (entry?.state === 'refused') return 'refused';
  if (entry?.state === 'waiting') return 'kept';
  if (entry?.state === 'done' || person.answered !== null) return 'done';
  return person.items.length > 0 ? 'todo' : 'rest';
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

/** Of those who are to be asked, how many were; and whose proof is incomplete. */
export function progressOf(rows: readonly Row[]): Progress {
  const asked = rows.filter(({ standing }) => standing !== 'rest');
  return {
    asked: asked.length,
    answered: asked.filter(({ standing }) => standing !== 'todo').length,
    incomplete: asked.filter(({ incomplete }) => incomplete).length,
  };
}
