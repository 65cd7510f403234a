import type { Content } from '@quanbao/domain/coverage/claim';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { answerLine, BOOK_COLUMNS, STAMP_DIGITS, stampText } from '@quanbao/domain/survey/book';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope, Tx } from '../../../db/port.ts';
import { showPeople } from '../../../db/shown.ts';
import { cursorNumber } from '../../../http/cursor.ts';
import type { Instance } from '../../../instance.ts';
import { record, requireReason } from '../../audit/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { namesOf, placeOf, sightOn, verdictOf } from '../../register/index.ts';
import { askableDays, chooseDay, requireRegion, zipChunks } from '../../reports/index.ts';
import { type BookHead, bookToXlsx } from './book-xlsx.ts';
import { standingOf } from './standing.ts';

export interface IssueOrder {
  readonly region: RegionCode;
  /** Only those of whom 应保未保 is open (待核实). */
  readonly openOnly?: boolean | undefined;
}

export interface IssuedBook {
  issue: number;
  region: { code: string; name: string; path: string };
  people: number;
  asOf: string;
  stamp: string;
  openOnly: boolean;
  actor: string;
  madeAt: string;
}

/** Handed out once, a sheet is filled in by people. */
const MOST_PEOPLE = 20_000;

interface Line {
  readonly person: number;
  readonly region: RegionCode;
  readonly name: string;
  readonly base: Content;
  readonly baseDay: PlainDate | null;
}

/**
 * Hands out a 底册 for each village of a region: whom it names and what has been answered of each so far is kept,
 * the base of the merge when it comes back.
 * All of them or, where one cannot be, none.
 * @param seen whom the account sees decides the database
 * @param options.most people of one book @param options.told as it goes on
 */
export async function issueBooks(
  instance: Instance,
  seen: Scope,
  { region, openOnly = false }: IssueOrder,
  { most = MOST_PEOPLE, told }: { readonly most?: number; readonly told?: (text: string) => void } = {},
): Promise<IssuedBook[]> {
  const journal = journalOf(seen);
  const { tree, day, change, places } = await instance.db.transaction(seen, async (tx) => {
    const tree = await loadRegionTree(tx, seen.county);
    requireRegion(tree, seen, region);
    const day = chooseDay(await askableDays(tx, seen.county), undefined);
    const [row] = await tx.query<{ change: number }>(
      'select next_change as change from county where county = $1',
      [seen.county],
    );
    return { tree, day, change: Number(row?.change), places: bookPlaces(tree, region, day) };
  });
  const books: { place: RegionCode; lines: Line[] }[] = [];
  for (const [i, place] of places.entries()) {
    told?.(`  正在列名单：第 ${i + 1} / ${places.length} 处，${tree.path(place.code)}`);
    const lines = await instance.db.transaction(seen, (tx) =>
      linesOf(tx, instance, seen, place, day, { openOnly, most }),
    );
    if (lines.length > 0) books.push({ place: place.code, lines });
  }
  const issued = await instance.db.transaction(journal, async (tx) => {
    const numbers: number[] = [];
    for (const book of books)
      numbers.push(await insertIssue(tx, instance, journal, { ...book, day, change, openOnly }));
    return numbers;
  });
  if (issued.length === 0) {
    throw new Refusal(
      'workbook.nobody',
      openOnly
        ? `${tree.path(region)}没有待核实的应保未保人员，不必下发；要下发全部人员请不选“只含待核实”。`
        : `${tree.path(region)}的户籍人口名单里没有人，无法下发；请先接收户籍人口名单。`,
    );
  }
  return instance.db.transaction(seen, (tx) => booksOf(tx, seen, tree, issued));
}

interface BookPlace {
  readonly code: RegionCode;
  readonly hi: string;
}

/** The villages of a region, and beside them those who stand in none. */
function bookPlaces(tree: RegionTree, region: RegionCode, day: PlainDate): BookPlace[] {
  if (region.length >= 12) return [{ code: region, hi: regionRange(region).hi }];
  const inside = tree.children(region, day).flatMap((child) => bookPlaces(tree, child.code, day));
  return [...inside, { code: region, hi: `${region}!` }];
}

async function linesOf(
  tx: Tx,
  instance: Instance,
  seen: Scope,
  place: BookPlace,
  day: PlainDate,
  { openOnly, most }: { readonly openOnly: boolean; readonly most: number },
): Promise<Line[]> {
  const known = await tx.query<{ class: number }>('select class from step_class where county = $1', [
    seen.county,
  ]);
  const classes = known.map((row) => row.class).filter((code) => unpackClass(code).inRegister);
  const open = `and exists (select 1 from ledger_item i where i.county = s.county and i.person_no = s.person_no
    and i.kind = 'uninsured' and i.state = 'verify' and i.from_day <= $4 and i.to_day > $4)`;
  const present = await tx.query<{ person: number; region: string }>(
    `select s.person_no as person, s.region from step s
     where s.county = $1 and s.region >= $2 and s.region < $3 and s.from_day <= $4 and s.to_day > $4
       and s.class = any($5::int[]) ${openOnly ? open : ''}
     order by s.region, s.person_no limit $6`,
    [seen.county, place.code, place.hi, day, classes, most + 1],
  );
  if (present.length > most) {
    throw new Refusal(
      'workbook.too-many',
      `一份底册最多 ${most} 人，${place.code} 超过了；没有下发任何底册，请先把人员分到村（社区）再下发。`,
    );
  }
  const numbers = present.map((row) => Number(row.person));
  const names = await namesOf(tx, instance, seen, numbers);
  const standing = await standingOf(tx, seen.county, numbers, day);
  return present.map((row) => {
    const person = Number(row.person);
    const answer = standing.get(person);
    return {
      person,
      region: row.region,
      name: names.get(person)?.name ?? '',
      base: answer?.content ?? {},
      baseDay: answer?.day ?? null,
    };
  });
}

async function insertIssue(
  tx: Tx,
  instance: Instance,
  journal: Scope,
  made: { place: RegionCode; day: PlainDate; change: number; openOnly: boolean; lines: readonly Line[] },
): Promise<number> {
  const { county, actor } = journal;
  // One after another: the number is the next one.
  await tx.query('select 1 from county where county = $1 for update', [county]);
  const [row] = await tx.query<{ issue: number }>(
    'select coalesce(max(issue), 0)::int + 1 as issue from workbook_issue where county = $1',
    [county],
  );
  const issue = row?.issue ?? 1;
  const digest = instance.cipher
    .blindIndex(
      JSON.stringify([county, issue, made.change, made.lines.map((line) => [line.person, line.base])]),
    )
    .replaceAll('-', '')
    .slice(0, STAMP_DIGITS);
  await tx.query(
    `insert into workbook_issue (county, issue, region, change, as_of, people, digest, open_only, actor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [county, issue, made.place, made.change, made.day, made.lines.length, digest, made.openOnly, actor],
  );
  await tx.query(
    `insert into workbook_line (county, issue, person_no, line, region, name, base, base_day)
     select $1, $2, u.* from unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[]) as u`,
    [
      county,
      issue,
      made.lines.map((line) => line.person),
      made.lines.map((_, i) => i + 1),
      made.lines.map((line) => line.region),
      made.lines.map((line) => line.name),
      made.lines.map((line) => JSON.stringify(line.base)),
      made.lines.map((line) => line.baseDay),
    ],
  );
  await record(tx, {
    county,
    actor,
    act: 'workbook.issue',
    subject: `issue ${issue}`,
    region: made.place,
    detail: { asOf: made.day, people: made.lines.length },
  });
  return issue;
}

interface IssueRow {
  issue: number;
  region: string;
  change: number;
  as_of: string;
  people: number;
  digest: string;
  open_only: boolean;
  actor: string;
  made_at: Date;
}

const ISSUE = 'issue, region, change, as_of, people, digest, open_only, actor, made_at';

async function booksOf(
  tx: Tx,
  seen: Scope,
  tree: RegionTree,
  issues: readonly number[],
): Promise<IssuedBook[]> {
  const rows = await tx.query<IssueRow>(
    `select ${ISSUE} from workbook_issue where county = $1 and issue = any($2::int[]) order by issue`,
    [seen.county, [...issues]],
  );
  return rows.map((row) => bookOf(seen.county, tree, row));
}

function bookOf(county: RegionCode, tree: RegionTree, row: IssueRow): IssuedBook {
  return {
    issue: row.issue,
    region: placeOf(tree, row.region),
    people: row.people,
    asOf: row.as_of,
    stamp: stampText({ county, issue: row.issue, change: Number(row.change), digest: row.digest }),
    openOnly: row.open_only,
    actor: row.actor,
    madeAt: new Date(row.made_at).toISOString(),
  };
}

/** What was handed out, the newest first, with how much of it has come back. */
export async function listIssues(
  instance: Instance,
  seen: Scope,
  asked: { region?: RegionCode | undefined; after?: string | undefined; limit?: number | undefined },
) {
  const { region = seen.region, limit = 50 } = asked;
  const before = cursorNumber(asked.after);
  return instance.db.transaction(seen, async (tx) => {
    const tree = await loadRegionTree(tx, seen.county);
    requireRegion(tree, seen, region);
    const { lo, hi } = regionRange(region);
    const rows = await tx.query<IssueRow & { answered: number }>(
      `select ${ISSUE},
         (select count(distinct r.person_no)::int from workbook_row r
          where r.county = i.county and r.issue = i.issue and r.verdict in ('accepted', 'remarked')) as answered
       from workbook_issue i
       where county = $1 and region >= $2 and region < $3 and ($4::int is null or issue < $4)
       order by issue desc limit $5`,
      [seen.county, lo, hi, before ?? null, limit + 1],
    );
    const shown = rows.slice(0, limit);
    return {
      items: shown.map((row) => ({ ...bookOf(seen.county, tree, row), answered: Number(row.answered) })),
      next: rows.length > limit ? String(shown.at(-1)?.issue) : null,
    };
  });
}

/** A workbook that was handed out, as often as it is asked for. */
export interface BookFile {
  readonly issue: number;
  readonly region: RegionCode;
  readonly town: RegionCode;
  readonly townName: string;
  readonly name: string;
  readonly head: BookHead;
  readonly rows: readonly (readonly string[])[];
}

/** The content of one 底册: who stands on it as it was handed out, with what is known of each now. */
export async function bookFile(instance: Instance, seen: Scope, issue: number): Promise<BookFile> {
  return instance.db.transaction(seen, async (tx) => {
    const tree = await loadRegionTree(tx, seen.county);
    const [row] = await tx.query<IssueRow>(
      `select ${ISSUE} from workbook_issue where county = $1 and issue = $2`,
      [seen.county, issue],
    );
    if (row === undefined) throw unknownIssue(issue);
    const book = bookOf(seen.county, tree, row);
    const place = tree.get(row.region)?.name ?? row.region;
    const town = row.region.slice(0, 9);
    const villages = tree
      .children(town.length === 9 ? town : seen.county, row.as_of)
      .filter((one) => one.level === 'village');
    const name = row.region.length >= 12 ? place : `${place}未分村`;
    return {
      issue,
      region: row.region,
      town,
      townName: tree.get(town)?.name ?? place,
      name: `${name}底册-${issue}号.xlsx`,
      head: {
        title: `${tree.path(row.region)}${row.region.length >= 12 ? '' : '（未分村社区）'}城乡居民基本养老保险全覆盖摸底底册`,
        stamp: book.stamp,
        note: `共${row.people}人，截至${row.as_of}。黄色各栏由村填写，有下拉框的请选择；灰色各栏请勿改动，可以排序、加列，编号随表返回。含个人信息，不得转发。`,
        villages: villages.map(({ name: own, code }) => ({ name: own, code })),
        people: row.people,
      },
      rows: await bookRows(tx, instance, seen, tree, issue),
    };
  });
}

async function bookRows(
  tx: Tx,
  instance: Instance,
  seen: Scope,
  tree: RegionTree,
  issue: number,
): Promise<string[][]> {
  const lines = await tx.query<{ person: number; name: string; base: string; base_day: string | null }>(
    'select person_no as person, name, base, base_day from workbook_line where county = $1 and issue = $2 order by line',
    [seen.county, issue],
  );
  const numbers = lines.map((line) => Number(line.person));
  const names = await namesOf(tx, instance, seen, numbers);
  await showPeople(tx, seen, numbers);
  const day = chooseDay(await askableDays(tx, seen.county), undefined);
  // What a village may read stands on the paper, whoever prints it.
  const sight = { ...(await sightOn(tx, seen, tree, day)), level: 'village' as const };
  const steps = await tx.query<{ person: number; class: number; delivery: number }>(
    `select person_no as person, class, delivery from step
     where county = $1 and person_no = any($2::bigint[]) and from_day <= $3 and to_day > $3`,
    [seen.county, numbers, day],
  );
  const verdicts = new Map(
    steps.map((row) => [Number(row.person), verdictOf(sight, unpackClass(row.class), row.delivery).verdict]),
  );
  const claims = await tx.query<{ person: number; content: string }>(
    `select c.person_no as person, c.content from claim c join delivery d on d.county = c.county and d.delivery = c.since
     where c.county = $1 and c.person_no = any($2::bigint[]) and c.until is null and d.source = 'household-register'`,
    [seen.county, numbers],
  );
  const addresses = new Map(
    claims.map((row) => [Number(row.person), (JSON.parse(row.content) as Content).a ?? '']),
  );
  return lines.map((line, i) => {
    const person = Number(line.person);
    const base = answerLine(JSON.parse(line.base) as Content);
    const cells: Record<string, string> = {
      no: String(i + 1),
      name: line.name,
      id: names.get(person)?.id ?? '',
      address: addresses.get(person) ?? '',
      verdict: verdicts.get(person) ?? '',
      before: base === '' ? '' : `${base}（${line.base_day ?? ''}）`,
    };
    return BOOK_COLUMNS.map(({ key }) => cells[key] ?? '');
  });
}

function unknownIssue(issue: number): Refusal {
  return new Refusal('workbook.issue', `没有第 ${issue} 号底册，或不在您的管辖范围内；请核对编号。`);
}

/** One workbook, or several in an archive; recorded before the first byte leaves. */
export async function downloadBooks(
  instance: Instance,
  seen: Scope,
  issues: readonly number[],
  given: string,
): Promise<{ name: string; chunks: AsyncGenerator<Buffer> }> {
  const reason = requireReason(given);
  const first = await bookFile(instance, seen, issues[0] as number);
  await instance.db.transaction(seen, async (tx) => {
    const known = await tx.query<{ issue: number; region: string }>(
      'select issue, region from workbook_issue where county = $1 and issue = any($2::int[])',
      [seen.county, [...issues]],
    );
    const missing = issues.find((issue) => !known.some((row) => row.issue === issue));
    if (missing !== undefined) throw unknownIssue(missing);
    const region = known.every((row) => isWithin(row.region, first.town)) ? first.town : seen.county;
    await record(tx, {
      county: seen.county,
      actor: seen.actor,
      act: 'workbook.download',
      subject: issues.length === 1 ? `issue ${issues[0]}` : 'issues',
      region: issues.length === 1 ? first.region : region,
      detail: { files: issues.length, reason },
    });
  });
  if (issues.length === 1) return { name: first.name, chunks: bookToXlsx(first.head, first.rows) };
  return { name: `摸底底册-${issues.length}份.zip`, chunks: zipOf(instance, seen, issues) };
}

async function* zipOf(instance: Instance, seen: Scope, issues: readonly number[]): AsyncGenerator<Buffer> {
  // Names are needed before the contents: the books are few, their rows are read when their turn comes.
  const entries = await instance.db.transaction(seen, async (tx) => {
    const tree = await loadRegionTree(tx, seen.county);
    const rows = await tx.query<{ issue: number; region: string }>(
      'select issue, region from workbook_issue where county = $1 and issue = any($2::int[]) order by region, issue',
      [seen.county, [...issues]],
    );
    return rows.map(({ issue, region }) => ({
      issue,
      name: `${tree.get(region.slice(0, 9))?.name ?? ''}/${tree.get(region)?.name ?? region}${region.length >= 12 ? '' : '未分村'}底册-${issue}号.xlsx`,
    }));
  });
  yield* zipChunks(
    entries.map(({ issue, name }) => ({
      name,
      data: (async function* () {
        const book = await bookFile(instance, seen, issue);
        yield* bookToXlsx(book.head, book.rows);
      })(),
    })),
  );
}
