import type { Content } from '@quanbao/domain/coverage/claim';
import { visitDay } from '@quanbao/domain/coverage/evidence';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { saysAnswer } from '@quanbao/domain/survey/answer-parts';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { VISITS_SENDER } from '../sources/index.ts';

/** An answer that no phone brought: it came in a workbook. */
export interface PaperAnswer {
  readonly person: number;
  readonly day: PlainDate;
  /** Who sent the workbook. */
  readonly worker: string;
  readonly content: Content;
  readonly delivery: number;
}

interface Row {
  person: number;
  delivery: number;
  asOf: string;
  sender: string;
  content: string;
}

/**
 * What workbooks say was answered by the people who stand in a region on a day. Claims are the county's alone to read: it
 * reads them for whoever asks, who must be allowed to ask about the region.
 */
export async function paperAnswers(
  instance: Instance,
  scope: Scope,
  asked: { readonly region: RegionCode; readonly on: PlainDate; readonly to: PlainDate },
): Promise<PaperAnswer[]> {
  return instance.db.transaction(journalOf(scope), (tx) =>
    tx.remember(`paper answers ${asked.region} ${asked.on} ${asked.to}`, () => readPaper(tx, scope, asked)),
  );
}

async function readPaper(
  tx: Tx,
  { county }: Scope,
  { region, on, to }: { readonly region: RegionCode; readonly on: PlainDate; readonly to: PlainDate },
): Promise<PaperAnswer[]> {
  const { lo, hi } = regionRange(region);
  const rows = await tx.query<Row>(
    `select c.person_no as person, c.since as delivery, d.as_of as "asOf", d.sender, c.content
     from delivery d join claim c on c.county = d.county and c.since = d.delivery
     where d.county = $1 and d.source = 'survey-workbook' and not starts_with(d.sender, $2) and d.undone_at is null
       and exists (select 1 from step s where s.county = c.county and s.person_no = c.person_no
         and s.region >= $3 and s.region < $4 and s.from_day <= $5 and s.to_day > $5)
     order by c.since, c.person_no, c.slot`,
    [county, VISITS_SENDER, lo, hi, on],
  );
  // A row that only corrects a number says again what was answered on that day: it is no other visit.
  const answers = new Map<string, PaperAnswer>();
  for (const { person, delivery, asOf, sender, content: text } of rows) {
    const content = JSON.parse(text) as Content;
    if (!saysAnswer(content)) continue;
    const day = visitDay({ content, since: { id: Number(delivery), asOf } });
    const key = `${person} ${day} ${answerOf(content)}`;
    if (day > to || answers.has(key)) continue;
    answers.set(key, {
      person: Number(person),
      day,
      worker: senderWords(sender),
      content,
      delivery: Number(delivery),
    });
  }
  return [...answers.values()];
}

function answerOf({ w }: Content): string {
  return w ?? '';
}

/** 底册合并·<change>·<town> is the town's word. */
function senderWords(sender: string): string {
  const from = sender.slice(sender.lastIndexOf('·') + 1);
  return from === '' ? '底册' : `底册·${from}`;
}

/**
 * Everything that was answered at a door, by telephone or on paper: the one definition that progress and revisits go by.
 * $1 is the county; `content` of what came on paper is null, `paper` says which of those handed in it is.
 * @param at number of the first of its parameters
 */
export function seenSql(at: number): string {
  return `(select v.person_no, v.visited_on as day, v.actor as worker, v.delivery, v.visit, v.content, v.content::jsonb->>'rc' as reason,
      null::bigint as paper
    from visit v where v.county = $1 and v.undone_at is null
    union all
    select u.person_no, u.day, u.worker, u.delivery, 0, null, u.reason, u.paper - 1
    from unnest($${at}::bigint[], $${at + 1}::text[], $${at + 2}::text[], $${at + 3}::int[], $${at + 4}::text[], $${at + 5}::text[])
      with ordinality as u (person_no, day, worker, delivery, reason, answer, paper)
    where not exists (select 1 from visit v where v.county = $1 and v.person_no = u.person_no and v.undone_at is null
      and v.visited_on = u.day and v.content::jsonb->>'w' = u.answer))`;
}

export function seenParams(papers: readonly PaperAnswer[]): unknown[] {
  return [
    papers.map(({ person }) => person),
    papers.map(({ day }) => day),
    papers.map(({ worker }) => worker),
    papers.map(({ delivery }) => delivery),
    papers.map(({ content }) => content.rc ?? null),
    papers.map(({ content }) => answerOf(content)),
  ];
}

/** What the answer says, wherever it came from. */
export function contentOf(
  row: { readonly content: string | null; readonly paper: number | null },
  papers: readonly PaperAnswer[],
): Content | undefined {
  if (row.content !== null) return JSON.parse(row.content) as Content;
  return row.paper === null ? undefined : papers[Number(row.paper)]?.content;
}
