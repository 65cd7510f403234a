import type { Content } from '@quanbao/domain/coverage/claim';
import type { GivenAnswer } from '@quanbao/domain/coverage/evidence';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { owedWords } from '@quanbao/domain/survey/standing';
import type { Scope, Tx } from '../../db/port.ts';
import { showPeople } from '../../db/shown.ts';

/** What is still missing of the reasons of these people on the day, in words; nothing where a reason stands. */
export async function owedOf(
  tx: Tx,
  scope: Scope,
  people: readonly number[],
  day: PlainDate,
): Promise<Map<number, string>> {
  if (people.length === 0) return new Map();
  await showPeople(tx, scope, people);
  const rows = await tx.query<{ person: number; since: number; asOf: string; content: string }>(
    `select c.person_no as person, c.since, d.as_of as "asOf", c.content
     from claim c join delivery d on d.county = c.county and d.delivery = c.since
     where c.county = $1 and c.person_no = any($2::bigint[]) and d.source = 'survey-workbook'`,
    [scope.county, [...people]],
  );
  const answers = new Map<number, GivenAnswer[]>(people.map((person) => [person, []]));
  for (const { person, since, asOf, content } of rows) {
    answers
      .get(Number(person))
      ?.push({ content: JSON.parse(content) as Content, since: { id: Number(since), asOf } });
  }
  return new Map([...answers].map(([person, given]) => [person, owedWords(given, day)]));
}
