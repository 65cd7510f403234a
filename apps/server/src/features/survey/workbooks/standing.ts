import type { Content } from '@quanbao/domain/coverage/claim';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { standingAnswer } from '@quanbao/domain/survey/standing';
import type { Tx } from '../../../db/port.ts';

/** What stands of a person's answers, whoever brought them. */
export interface Standing {
  readonly content: Content;
  readonly day: PlainDate;
  /** The telephone number that stands, under the field cipher. */
  readonly phone: Buffer | null;
  /** Who brought the latest answer: a list's sender, or whoever went there. */
  readonly sender: string;
}

interface AnswerRow {
  person: number;
  since: number;
  asOf: string;
  sender: string;
  content: string;
  phone: Buffer | null;
}

/** What stands of the answers of these people on the day, phones' and workbooks' alike. */
export async function standingOf(
  tx: Tx,
  county: string,
  people: readonly number[],
  day: PlainDate,
): Promise<Map<number, Standing>> {
  const rows = await tx.query<AnswerRow>(
    `select c.person_no as person, c.since, d.as_of as "asOf", d.sender, c.content, c.phone
     from claim c join delivery d on d.county = c.county and d.delivery = c.since
     where c.county = $1 and c.person_no = any($2::bigint[]) and d.source = 'survey-workbook'`,
    [county, [...new Set(people)]],
  );
  const answers = new Map<
    number,
    { content: Content; since: { id: number; asOf: string }; phone: Buffer | null; sender: string }[]
  >();
  for (const row of rows) {
    const list = answers.get(Number(row.person)) ?? [];
    if (list.length === 0) answers.set(Number(row.person), list);
    list.push({
      content: JSON.parse(row.content) as Content,
      since: { id: row.since, asOf: row.asOf },
      phone: row.phone,
      sender: row.sender,
    });
  }
  const standing = new Map<number, Standing>();
  for (const [person, list] of answers) {
    const found = standingAnswer(list, day);
    if (found === undefined) continue;
    standing.set(person, {
      content: found.content,
      day: found.day,
      phone: found.phoneOf?.phone ?? null,
      sender: found.last.sender,
    });
  }
  return standing;
}

/** What the answers of these people are made of: another value says that somebody has written since. */
export async function answersMark(
  tx: Tx,
  county: string,
  people: readonly number[],
  without: readonly number[] = [],
): Promise<string> {
  const [row] = await tx.query<{ mark: string }>(
    `select count(*) || '/' || coalesce(sum(c.since), 0) || '/' || coalesce(max(c.since), 0) as mark
     from claim c join delivery d on d.county = c.county and d.delivery = c.since
     where c.county = $1 and c.person_no = any($2::bigint[]) and d.source = 'survey-workbook'
       and not (c.since = any($3::int[]))`,
    [county, [...new Set(people)], [...without]],
  );
  return row?.mark ?? '';
}
