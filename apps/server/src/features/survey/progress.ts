import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/survey';
import { groupInAddress, spellingsOf } from '@quanbao/domain/addresses/groups';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { LedgerKindCode } from '@quanbao/domain/ledger/kinds';
import { answerWords } from '@quanbao/domain/survey/answers';
import { addCounts, paceOf, ROUND_KINDS, visitedRate } from '@quanbao/domain/survey/rounds';
import type { Scope, Tx } from '../../db/port.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { missingOf, seesItem } from '../ledger/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf, placeOf } from '../register/index.ts';
import { askableDays, chooseDay } from '../reports/index.ts';
import { coversOn, workerNames } from './covers.ts';
import { lineOfRound, readRound, regionOfRound, type StoredRound } from './rounds.ts';
import { contentOf, type PaperAnswer, paperAnswers, seenParams, seenSql } from './seen.ts';

/** What is asked of a round; without `papers` only phones and desks count. */
interface Question {
  readonly round: StoredRound;
  readonly region: RegionCode;
  readonly day: PlainDate;
  readonly papers?: readonly PaperAnswer[];
}

/** Where the parameters of everything seen start in the list with what was done. */
export const SEEN_AT = 9;
const SEEN = seenSql(SEEN_AT);
/** Of the list, everything seen within the round. */
const SEEN_OF_TASK = `task t join ${SEEN} v on v.person_no = t.person_no and v.day >= $5 and v.day <= $4`;

/** A round as it is asked about: of a region, on a day. */
interface Asked {
  readonly round: StoredRound;
  readonly region: RegionCode;
  /** The last day that counts: the one asked about, or that on which the round was ended. */
  readonly last: PlainDate;
  /** The list with what was done about each: one definition for every figure and the people behind it. */
  readonly sql: string;
  readonly params: unknown[];
  readonly papers: readonly PaperAnswer[];
  /** Names the question: only commits of the journal change its answers. */
  readonly key: string;
}

/**
 * Whom a round lists, each once in the place he stands in on the day; `first` and `last` visit within the round; whether
 * an item of the watched kinds is 待核实 on the day. Nothing counts that came after the round was ended, and whoever
 * joins after it was due is none of it.
 */
export async function askRound(
  tx: Tx,
  scope: Scope,
  { round, region, day, papers = [] }: Question,
): Promise<Asked> {
  const { county } = scope;
  const { lo, hi } = regionRange(region);
  const last = earlier(day, round.ended);
  const params: unknown[] = [
    county,
    lo,
    hi,
    last,
    round.from,
    kindsSeen(scope, round),
    await classesOf(tx, county, round),
    earlier(last, round.due),
    ...seenParams(papers),
  ];
  const basis = {
    village: '',
    province: `and not exists (select 1 from ${SEEN} b where b.person_no = s.person_no and b.day < $5)`,
    // In the place where it is open he is listed: asked by a town or by the county, it is the same people. Open on the
    // eve of the round is enough: whoever is seen on its first day is settled from that day on.
    ledger: `and exists (select 1 from ledger_item b where b.county = s.county and b.person_no = s.person_no
        and b.region = s.region and b.kind = any($6::text[]) and b.state = 'verify' and b.from_day <= $8 and b.to_day >= $5)`,
  }[round.basis];
  // Papers were read before this transaction began: what is remembered says which.
  const key = `round ${round.round} ${region} ${last} ${papers.length}/${papers.at(-1)?.delivery ?? 0}`;
  const sql = `with listed as (
      select s.person_no, s.region from step s
      where s.county = $1 and s.region >= $2 and s.region < $3 and s.from_day <= $8 and s.to_day > $8
        and s.class = any($7::int[]) ${basis}),
    seen as (
      select v.person_no, min(v.day) as first, max(v.day) as last from ${SEEN} v
      where v.person_no in (select person_no from listed) and v.day >= $5 and v.day <= $4
      group by v.person_no),
    waiting as (
      select distinct i.person_no from ledger_item i
      where i.county = $1 and i.region >= $2 and i.region < $3 and i.kind = any($6::text[]) and i.state = 'verify'
        and i.from_day <= $4 and i.to_day > $4),
    task as (
      select l.person_no, l.region, s.first, s.last, w.person_no is not null as unsettled
      from listed l left join seen s on s.person_no = l.person_no left join waiting w on w.person_no = l.person_no)`;
  return { round, region, last, sql, params, papers, key };
}

/** The watched kinds, of those that the account may read of. */
export function kindsSeen(scope: Scope, round: StoredRound): LedgerKindCode[] {
  const level = regionLevel(scope.region) ?? 'village';
  return round.kinds.filter((kind) => ROUND_KINDS.includes(kind) && seesItem(level, kind, ''));
}

function earlier(day: PlainDate, other: PlainDate | undefined): PlainDate {
  return other !== undefined && other < day ? other : day;
}

/** The classes of a step that the list is made of. */
async function classesOf(tx: Tx, county: RegionCode, { basis }: StoredRound): Promise<number[]> {
  const rows = await tx.query<{ class: number }>('select class from step_class where county = $1', [county]);
  return rows
    .map((row) => row.class)
    .filter((code) => {
      const facts = unpackClass(code);
      return basis === 'province' ? facts.onProvinceList : facts.inRegister;
    });
}

type Progress = AnswerOf<typeof contract.roundProgress>;

/** @throws Refusal for a round or a region that the account may not ask about */
async function understandRound(
  instance: Instance,
  scope: Scope,
  number: number,
  asked: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
): Promise<Required<Question>> {
  const question = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const round = await readRound(tx, scope, number);
    const region = regionOfRound(tree, scope, round, asked.region);
    return { round, region, day: chooseDay(await askableDays(tx, scope.county), asked.asOf) };
  });
  return { ...question, papers: await papersOf(instance, scope, question) };
}

/** What stands on paper of a round's people, up to the day; the account must be allowed to ask about the region. */
export async function papersOf(
  instance: Instance,
  scope: Scope,
  { round, region, day }: Omit<Question, 'papers'>,
): Promise<PaperAnswer[]> {
  const last = earlier(day, round.ended);
  return paperAnswers(instance, scope, { region, on: earlier(last, round.due), to: last });
}

/** How far a round is: counted from visits and the ledger whenever it is asked. */
export async function roundProgress(
  instance: Instance,
  scope: Scope,
  number: number,
  asked: { region?: RegionCode | undefined; asOf?: PlainDate | undefined },
): Promise<Progress> {
  const names = await workerNames(instance, scope);
  const question = await understandRound(instance, scope, number, asked);
  const { round, region, day } = question;
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const of = await askRound(tx, scope, question);
    const places = await placesOf(tx, of);
    const total = addCounts(places.values());
    const shown = new Set([...tree.children(region, day).map((child) => child.code), ...places.keys()]);
    return {
      round: lineOfRound(tree, round),
      asOf: of.last,
      region: placeOf(tree, region),
      total: { ...total, rate: visitedRate(total) },
      pace: paceOf(total, round, of.last),
      places: [...shown]
        .map((code) => ({ code, counts: places.get(code) ?? { listed: 0, visited: 0, unsettled: 0 } }))
        .filter(({ counts }) => counts.listed > 0)
        .map(({ code, counts }) => ({
          code,
          // A village stands in itself; only whoever of a town or county stands in none below is in none.
          name: code === region && region.length < 12 ? '未分村社区' : (tree.get(code)?.name ?? code),
          ...counts,
          rate: visitedRate(counts),
        })),
      workers: await workersOf(tx, scope, of, names, (code) => tree.get(code)?.name ?? code),
      days: await daysOf(tx, of),
    };
  });
}

const BELOW: Readonly<Record<number, number>> = { 6: 9, 9: 12, 12: 16, 16: 16 };

async function placesOf(
  tx: Tx,
  { sql, params, region, key }: Asked,
): Promise<Map<RegionCode, { listed: number; visited: number; unsettled: number }>> {
  const rows = await tx.remember(`${key} places`, () =>
    tx.query<{ place: string; listed: number; visited: number; unsettled: number }>(
      `${sql} select left(region, ${BELOW[region.length] ?? 16}) as place, count(*)::int as listed, count(first)::int as visited,
         (count(*) filter (where unsettled))::int as unsettled
       from task group by 1 order by 1`,
      params,
    ),
  );
  return new Map(
    rows.map(({ place, listed, visited, unsettled }) => [
      place,
      { listed: Number(listed), visited: Number(visited), unsettled: Number(unsettled) },
    ]),
  );
}

/** People seen for the first time in the round, and all answers, by day: the first add up to those visited. */
async function daysOf(tx: Tx, { sql, params, key }: Asked): Promise<Progress['days']> {
  const rows = await tx.remember(`${key} days`, () =>
    tx.query<{ day: string; people: number; answers: number }>(
      `${sql} select v.day, count(distinct v.person_no) filter (where v.day = t.first)::int as people,
         count(*)::int as answers
       from ${SEEN_OF_TASK} group by v.day order by v.day`,
      params,
    ),
  );
  return rows.map(({ day, people, answers }) => ({ day, people: Number(people), answers: Number(answers) }));
}

async function workersOf(
  tx: Tx,
  scope: Scope,
  { sql, params, region, last, key }: Asked,
  names: ReadonlyMap<string, string>,
  nameOf: (code: RegionCode) => string,
): Promise<Progress['workers']> {
  const visited = await tx.remember(`${key} workers`, () =>
    tx.query<{ login: string; visited: number; answers: number; last: string }>(
      `${sql} select v.worker as login, count(distinct v.person_no)::int as visited, count(*)::int as answers, max(v.day) as last
       from ${SEEN_OF_TASK} group by v.worker order by v.worker`,
      params,
    ),
  );
  const given = await coversOn(tx, scope.county, region, last);
  const begins = given.flatMap((row) =>
    addressStarts(row.group).map((start) => ({ cover: row.cover, start })),
  );
  // Covers are given without a commit of the journal: they are part of the question.
  const listed = await tx.remember(`${key} covers ${JSON.stringify(given)}`, () =>
    tx.query<{ login: string; listed: number; own: number }>(
      `${sql}, own as (select distinct v.person_no, v.worker from ${SEEN_OF_TASK})
       select c.account as login, count(distinct t.person_no)::int as listed, count(distinct o.person_no)::int as own
       from task t
       join village_cover c on c.county = $1 and c.region = left(t.region, 12) and c.from_day <= $4 and (c.to_day is null or c.to_day > $4)
       left join person_search p on p.county = $1 and p.person_no = t.person_no
       left join own o on o.person_no = t.person_no and o.worker = c.account
       where c.people_group = '' or exists (
         select from unnest($${params.length + 1}::bigint[], $${params.length + 2}::text[]) as s (cover, start)
         where s.cover = c.cover and starts_with(p.address, s.start))
       group by c.account`,
      [...params, begins.map((row) => row.cover), begins.map((row) => row.start)],
    ),
  );
  const logins = new Set([...visited.map((row) => row.login), ...given.map((row) => row.account)]);
  return [...logins]
    .map((login) => {
      const own = given.filter((row) => row.account === login);
      const done = visited.find((row) => row.login === login);
      const covered = listed.find((row) => row.login === login);
      return {
        worker: { login, name: names.get(login) ?? '' },
        villages: own.map((row) => `${nameOf(row.region)}${row.group}`),
        listed: own.length === 0 ? null : Number(covered?.listed ?? 0),
        visited: Number(done?.visited ?? 0),
        own: Number(covered?.own ?? 0),
        answers: Number(done?.answers ?? 0),
        last: done?.last ?? null,
      };
    })
    .toSorted((a, b) => b.visited - a.visited || (a.worker.login < b.worker.login ? -1 : 1));
}

/** A cover of 3组 is one of 第三村民小组 too; one of a named group (老屋组) goes by its name alone. */
function addressStarts(group: string): string[] {
  if (group === '') return [];
  const named = groupInAddress(group);
  return named === undefined || named.rest !== '' ? [group] : [group, ...spellingsOf(named.group)];
}

export interface PeopleAsked {
  readonly region?: RegionCode | undefined;
  readonly asOf?: PlainDate | undefined;
  readonly visited?: 'yes' | 'no' | undefined;
  readonly unsettled?: 'yes' | 'no' | undefined;
  readonly worker?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The people of a round, place by place; the look is recorded. */
export async function roundPeople(
  instance: Instance,
  scope: Scope,
  number: number,
  asked: PeopleAsked,
): Promise<AnswerOf<typeof contract.roundPeople>> {
  const parts = cursorParts(asked.after, 3);
  const understood = await understandRound(instance, scope, number, {
    region: asked.region,
    asOf: parts === undefined ? asked.asOf : String(parts[0]),
  });
  const { region, day } = understood;
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const of = await askRound(tx, scope, understood);
    const { sql, last: until } = of;
    const params = [...of.params];
    let wanted =
      asked.visited === undefined ? 'true' : `first is ${asked.visited === 'yes' ? 'not ' : ''}null`;
    if (asked.unsettled !== undefined) wanted += ` and ${asked.unsettled === 'yes' ? '' : 'not '}unsettled`;
    if (asked.worker !== undefined) {
      wanted += ` and person_no in (select v.person_no from ${SEEN} v
        where v.worker = $${params.push(asked.worker)} and v.day >= $5 and v.day <= $4)`;
    }
    const question = JSON.stringify([asked.visited, asked.unsettled, asked.worker]);
    const [count] = await tx.remember(`${of.key} people ${question}`, () =>
      tx.query<{ n: number }>(`${sql} select count(*)::int as n from task where ${wanted}`, params),
    );
    const from = parts === undefined ? ['', 0] : [String(parts[1]), wholeNumber(parts[2])];
    const rows = await tx.query<{ person: number; region: string; unsettled: boolean; visited: boolean }>(
      `${sql} select person_no as person, region, unsettled, first is not null as visited from task
       where ${wanted} and (region, person_no) > ($${params.length + 1}, $${params.length + 2}::bigint)
       order by region, person_no limit $${params.length + 3}`,
      [...params, ...from, asked.limit + 1],
    );
    const shown = rows.slice(0, asked.limit);
    const numbers = shown.map((row) => Number(row.person));
    const lasts = await lastVisits(tx, of, numbers);
    const addresses = await addressesOf(tx, scope.county, numbers);
    const names = await namesOf(tx, instance, scope, numbers);
    const missing = await missingOf(tx, scope, numbers, until);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'round.list',
      subject: `round ${number}`,
      region,
      detail: { asOf: until, rows: shown.length },
    });
    const last = shown.at(-1);
    return {
      asOf: until,
      total: Number(count?.n ?? 0),
      items: shown.map((row) => {
        const person = Number(row.person);
        const visit = lasts.get(person);
        return {
          person,
          name: names.get(person)?.name ?? '',
          id: maskId(names.get(person)?.id ?? ''),
          region: placeOf(tree, row.region),
          address: addresses.get(person) ?? '',
          unsettled: row.unsettled,
          missing: missing.get(person) ?? '',
          visited: row.visited && visit ? visit : null,
        };
      }),
      next:
        rows.length > asked.limit && last !== undefined
          ? cursorOf([day, last.region, Number(last.person)])
          : null,
    };
  });
}

interface LastVisit {
  readonly day: string;
  readonly answer: string;
  readonly worker: string;
}

/** What each person answered last within the round. */
async function lastVisits(
  tx: Tx,
  { sql, params, papers }: Asked,
  people: readonly number[],
): Promise<Map<number, LastVisit>> {
  const rows = await tx.query<{
    person: number;
    day: string;
    content: string | null;
    paper: number | null;
    worker: string;
  }>(
    `${sql} select distinct on (v.person_no) v.person_no as person, v.day, v.content, v.paper, v.worker from ${SEEN_OF_TASK}
     where v.person_no = any($${params.length + 1}::bigint[])
     order by v.person_no, v.day desc, v.delivery desc, v.visit desc`,
    [...params, [...people]],
  );
  return new Map(
    rows.map((row) => [
      Number(row.person),
      { day: row.day, answer: answerWords(contentOf(row, papers) ?? {}).title, worker: row.worker },
    ]),
  );
}

async function addressesOf(
  tx: Tx,
  county: RegionCode,
  people: readonly number[],
): Promise<Map<number, string>> {
  const rows = await tx.query<{ person: number; address: string }>(
    'select person_no as person, address from person_search where county = $1 and person_no = any($2::bigint[])',
    [county, [...people]],
  );
  return new Map(rows.map((row) => [Number(row.person), row.address]));
}
