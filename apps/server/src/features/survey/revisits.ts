import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/survey';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import { answerWords } from '@quanbao/domain/survey/answers';
import {
  BY_ATTEMPTS,
  earliest,
  REVISIT_KINDS,
  REVISIT_WORDS,
  type Revisit,
  revisitOf,
} from '@quanbao/domain/survey/revisits';
import type { Scope, Tx } from '../../db/port.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { missingOf } from '../ledger/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf, placeOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion } from '../reports/index.ts';
import { askRound, kindsSeen, SEEN_AT } from './progress.ts';
import { readRound, regionOfRound, type StoredRound } from './rounds.ts';
import { contentOf, type PaperAnswer, paperAnswers, seenParams, seenSql } from './seen.ts';

interface Row {
  person: number;
  region: string;
  kind: string;
  why: string;
  from: string;
  last: string | null;
  content: string | null;
  paper: number | null;
  worker: string | null;
}

export interface RevisitsAsked {
  readonly region?: RegionCode | undefined;
  readonly asOf?: PlainDate | undefined;
  readonly round?: number | undefined;
  readonly within?: number | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

interface Question {
  readonly round: StoredRound | undefined;
  readonly region: RegionCode;
  readonly day: PlainDate;
  readonly papers: readonly PaperAnswer[];
}

/**
 * `due`: items that are 待核实, or will be, with the last answer before. With a round only of those it lists, and of the
 * kinds it watches also those whose last answer within it is old enough.
 */
async function dueSql(
  tx: Tx,
  scope: Scope,
  { round, region, day, papers }: Question,
  until: PlainDate,
): Promise<{ sql: string; params: unknown[] }> {
  const { lo, hi } = regionRange(region);
  const list = round === undefined ? undefined : await askRound(tx, scope, { round, region, day, papers });
  const params: unknown[] = list?.params ?? [scope.county, lo, hi];
  const at = list === undefined ? params.length + 1 : SEEN_AT;
  if (list === undefined) params.push(...seenParams(papers));
  const n = (value: unknown): string => `$${params.push(value)}`;
  const watched = round === undefined ? [] : kindsSeen(scope, round);
  const kinds = n([...new Set([...REVISIT_KINDS, ...watched])]);
  const [on, later] = [n(day), n(until)];
  let again = `l.reason = any(${n([...BY_ATTEMPTS])}::text[])`;
  if (round?.revisitDays !== undefined) {
    again += ` or i.kind = any(${n(watched)}::text[]) and l.day <= ${n(addDays(until, -round.revisitDays))}
            and l.day >= ${n(round.from)}`;
  }
  const sql = `${list === undefined ? 'with' : `${list.sql},`} items as (
      select i.region, i.person_no, i.kind, i.why, i.from_day from ledger_item i
      where i.county = $1 and i.region >= $2 and i.region < $3 and i.kind = any(${kinds}::text[]) and i.state = 'verify'
        and i.from_day <= ${later} and i.to_day > ${on}
        ${list === undefined ? '' : 'and i.person_no in (select person_no from task)'}),
    last as (
      select distinct on (v.person_no) v.* from ${seenSql(at)} v
      where v.person_no in (select person_no from items) and v.day <= ${on}
      order by v.person_no, v.day desc, v.delivery desc, v.visit desc),
    due as (
      select distinct on (i.region, i.person_no) i.region, i.person_no, i.kind, i.why, i.from_day, l.day, l.content, l.paper, l.worker
      from items i left join last l on l.person_no = i.person_no
      where i.kind = 'migrant' or i.why = 'expired' or i.from_day <= ${on} and (${again})
      order by i.region, i.person_no, i.kind desc, i.from_day)`;
  return { sql, params };
}

const SELECTED =
  'person_no as person, region, kind, why, from_day as "from", day as last, content, paper, worker';

function revisitIn(
  row: Row,
  { round, day, papers }: Pick<Question, 'round' | 'day' | 'papers'>,
): Revisit | undefined {
  const last = row.last === null ? undefined : { day: row.last, reason: contentOf(row, papers)?.rc };
  const { kind, why, from } = row;
  return revisitOf({ kind, why, from, last, revisitDays: round?.revisitDays }, day);
}

/** When each of a region's people has to be visited again, as far as it is known by a day ahead. */
export async function revisitDays(
  tx: Tx,
  scope: Scope,
  question: Question,
  until: PlainDate,
): Promise<Map<number, Revisit>> {
  const { sql, params } = await dueSql(tx, scope, question, until);
  const rows = await tx.query<Row>(`${sql} select ${SELECTED} from due`, params);
  const due = new Map<number, Revisit>();
  for (const row of rows) {
    const person = Number(row.person);
    const revisits = [revisitIn(row, question), due.get(person)].filter((one) => one !== undefined);
    const first = earliest(revisits);
    if (first !== undefined) due.set(person, first);
  }
  return due;
}

/** Who has to be visited again, by place: what the ledger says is 待核实, or will be by a day already known. */
export async function listRevisits(
  instance: Instance,
  scope: Scope,
  asked: RevisitsAsked,
): Promise<AnswerOf<typeof contract.revisits>> {
  const parts = cursorParts(asked.after, 3);
  const { region, day, round } = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const round = asked.round === undefined ? undefined : await readRound(tx, scope, asked.round);
    const region =
      round === undefined ? (asked.region ?? scope.region) : regionOfRound(tree, scope, round, asked.region);
    requireRegion(tree, scope, region);
    const day = chooseDay(
      await askableDays(tx, scope.county),
      parts === undefined ? asked.asOf : String(parts[0]),
    );
    return { region, day, round };
  });
  const papers = await paperAnswers(instance, scope, { region, on: day, to: day });
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const until = addDays(day, asked.within ?? 0);
    const { sql, params } = await dueSql(tx, scope, { round, region, day, papers }, until);
    const [count] = await tx.query<{ n: number }>(`${sql} select count(*)::int as n from due`, params);
    const from = parts === undefined ? ['', 0] : [String(parts[1]), wholeNumber(parts[2])];
    const rows = await tx.query<Row>(
      `${sql} select ${SELECTED} from due
       where (region, person_no) > ($${params.length + 1}, $${params.length + 2}::bigint)
       order by region, person_no limit $${params.length + 3}`,
      [...params, ...from, asked.limit + 1],
    );
    const shown = rows.slice(0, asked.limit);
    const names = await namesOf(
      tx,
      instance,
      scope,
      shown.map((row) => Number(row.person)),
    );
    const missing = await missingOf(
      tx,
      scope,
      shown.map((row) => Number(row.person)),
      day,
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'revisit.list',
      subject: 'revisits',
      region,
      detail: { asOf: day, rows: shown.length },
    });
    const end = shown.at(-1);
    return {
      asOf: day,
      until,
      total: Number(count?.n ?? 0),
      items: shown.flatMap((row) => {
        const content = contentOf(row, papers);
        const revisit = revisitIn(row, { round, day, papers });
        if (revisit === undefined) return [];
        const named = names.get(Number(row.person));
        return {
          person: Number(row.person),
          name: named?.name ?? '',
          id: maskId(named?.id ?? ''),
          region: placeOf(tree, row.region),
          why: REVISIT_WORDS[revisit.why],
          missing: missing.get(Number(row.person)) ?? '',
          due: revisit.due,
          last:
            content === undefined || row.last === null
              ? null
              : { day: row.last, answer: answerWords(content).title, worker: row.worker ?? '' },
        };
      }),
      next:
        rows.length > asked.limit && end !== undefined
          ? cursorOf([day, end.region, Number(end.person)])
          : null,
    };
  });
}
