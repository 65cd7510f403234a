import type * as contract from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { earliest, type Revisit } from '@quanbao/domain/survey/revisits';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askRound, papersOf } from './progress.ts';
import { revisitDays } from './revisits.ts';
import { regionOfRound, roundsUnderWay, type StoredRound } from './rounds.ts';
import { type PaperAnswer, paperAnswers } from './seen.ts';

type Pack = AnswerOf<typeof contract.fieldPack>;
type OfPerson = Pick<Pack['people'][number], 'rounds' | 'revisit'>;

/** What asks for visits in a village. */
export interface Asking {
  readonly rounds: Pack['rounds'];
  /** Of each whom a round lists, or who is to be visited again. */
  readonly people: ReadonlyMap<number, OfPerson>;
}

/**
 * The rounds under way in a village with whom they list and who has been visited within, and when each is visited again:
 * the county's own counts of rounds and revisits, as far as that is known by a day ahead.
 */
export async function askingIn(
  instance: Instance,
  scope: Scope,
  {
    village,
    day,
    until,
  }: { readonly village: RegionCode; readonly day: PlainDate; readonly until: PlainDate },
): Promise<Asking> {
  const under = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    return (await roundsUnderWay(tx, scope, village, until)).map((round) => ({
      round,
      region: regionOfRound(tree, scope, round, village),
      day,
    }));
  });
  // Papers are read as the county, in transactions of their own.
  const papers = await paperAnswers(instance, scope, { region: village, on: day, to: day });
  const questions: ((typeof under)[number] & { readonly papers: readonly PaperAnswer[] })[] = [];
  for (const one of under) questions.push({ ...one, papers: await papersOf(instance, scope, one) });
  return instance.db.transaction(scope, async (tx) => {
    const listed = new Map<number, OfPerson['rounds']>();
    const again = await revisitDays(tx, scope, { round: undefined, region: village, day, papers }, until);
    for (const question of questions) {
      const { round } = question.round;
      const { sql, params } = await askRound(tx, scope, question);
      const rows = await tx.query<{ person: number; visited: boolean }>(
        `${sql} select person_no as person, first is not null as visited from task`,
        params,
      );
      for (const row of rows) {
        const person = Number(row.person);
        listed.set(person, [...(listed.get(person) ?? []), { round, visited: row.visited }]);
      }
      if (question.round.revisitDays === undefined) continue;
      for (const [person, revisit] of await revisitDays(tx, scope, question, until)) {
        const other = again.get(person);
        again.set(person, earliest(other === undefined ? [revisit] : [revisit, other]) as Revisit);
      }
    }
    return {
      rounds: under.map(({ round }) => roundOnPhone(round)),
      people: new Map(
        [...new Set([...listed.keys(), ...again.keys()])].map((person) => [
          person,
          { rounds: listed.get(person) ?? [], revisit: again.get(person) ?? null },
        ]),
      ),
    };
  });
}

function roundOnPhone({ round, name, kinds, from, due, quota, revisitDays }: StoredRound) {
  return {
    round,
    name,
    kinds: [...kinds],
    from,
    due,
    quota: quota ?? null,
    revisitDays: revisitDays ?? null,
  };
}
