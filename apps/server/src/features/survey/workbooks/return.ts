import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentContext } from '@quanbao/domain/coverage/content';
import { isRegistered, unpackClass } from '@quanbao/domain/coverage/step-class';
import { isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { findSource, type SourceDefinition } from '@quanbao/domain/sources/catalogue';
import {
  AUDIT_WORDS,
  type Audit,
  type AuditVerdict,
  auditBook,
  type IssuedPerson,
  type Remark,
  type ReturnedRow,
} from '@quanbao/domain/survey/audit';
import { type Stamp, stampsIn } from '@quanbao/domain/survey/book';
import { OUTCOMES, type Outcome } from '@quanbao/domain/survey/merge';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope, Tx } from '../../../db/port.ts';
import { cursorNumber } from '../../../http/cursor.ts';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { dropFiles, keepFile, nameFiles } from '../../originals/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { namesOf, placeOf } from '../../register/index.ts';
import { askableDays, chooseDay, requireRegion } from '../../reports/index.ts';
import {
  peek,
  type RowNote,
  readFiles,
  type SourceFile,
  unpackTables,
  writeNotes,
} from '../../sources/index.ts';
import { surveyDay } from '../visits.ts';

const SOURCE = findSource('survey-workbook') as SourceDefinition;
/** Rows of a sheet in which a stamp is looked for. */
const HEAD_ROWS = 12;

type RowVerdict = AuditVerdict | 'missing';
const VERDICTS: readonly RowVerdict[] = ['accepted', 'remarked', 'blank', 'refused', 'missing'];

export interface ReturnedBook {
  returnNo: number;
  file: string;
  region: { code: string; name: string; path: string };
  issues: number[];
  asOf: string;
  /** The same file was received before: nothing was written. */
  known: boolean;
  counts: Record<RowVerdict, number>;
  /** What became of the rows; `waiting` have not been merged. */
  merged: Record<Outcome | 'waiting' | 'undone', number>;
  actor: string;
  at: string;
}

export interface ReturnReport {
  returns: ReturnedBook[];
  /** Files that are no 底册 of this county, or cannot be read. */
  refused: { file: string; code: string; message: string }[];
}

/**
 * Receives 底册 that come back, many at once, also in archives: each row is audited and kept with what is said of it,
 * the original lies encrypted in the file store. A file that is none of ours is refused, and holds up none of the rest.
 */
export async function returnBooks(
  instance: Instance,
  seen: Scope,
  files: readonly SourceFile[],
  options: { readonly asOf?: PlainDate | undefined } = {},
): Promise<ReturnReport> {
  const journal = journalOf(seen);
  if (options.asOf !== undefined && !isPlainDate(options.asOf)) {
    throw new Refusal('workbook.day', '返回日期应为 2020-08-31 的样子；请改正。');
  }
  const day = options.asOf ?? (await surveyDay(instance, journal, new Date())).day;
  const report: ReturnReport = { returns: [], refused: [] };
  const refuse = (file: string, error: unknown): void => {
    if (!(error instanceof Refusal)) throw error;
    report.refused.push({ file: maskName(file), ...error.problem });
  };
  const dir = await mkdtemp(join(instance.dir, 'work-'));
  try {
    for (const [i, file] of files.entries()) {
      try {
        await requireFile(file);
        const tables = await unpackTables(file, dir, String(i));
        for (const table of tables) {
          try {
            report.returns.push(await returnOne(instance, seen, journal, table, day));
          } catch (error) {
            refuse(
              tables.length > 1 || table.name !== file.name ? `${file.name}／${table.name}` : file.name,
              error,
            );
          }
        }
      } catch (error) {
        refuse(file.name, error);
      }
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return report;
}

async function requireFile(file: SourceFile): Promise<void> {
  const found = await stat(file.path).catch(() => undefined);
  if (!found?.isFile())
    throw new Refusal('workbook.file', `找不到文件《${maskName(file.name)}》；请检查路径。`);
}

function maskName(name: string): string {
  return name.replace(/[\d０-９]{15,}[XxＸｘ]?/g, maskId);
}

async function returnOne(
  instance: Instance,
  seen: Scope,
  journal: Scope,
  file: SourceFile,
  day: PlainDate,
): Promise<ReturnedBook> {
  const issues = await issuesOf(instance, seen, journal, file);
  const kept = await keepFile(instance, journal, file.path);
  try {
    const known = await findReturn(instance, seen, kept.digest);
    if (known !== undefined) return { ...known, known: true };
    const read = await readRows(file, day);
    const audited = await audit(instance, seen, issues, read, day);
    const returnNo = await instance.db.transaction(journal, (tx) =>
      insertReturn(tx, instance, journal, { file, kept, issues, day, read, audited }),
    );
    return (await findReturn(instance, seen, returnNo)) as ReturnedBook;
  } finally {
    await dropFiles(instance, journal, [kept.digest]);
  }
}

interface Issue {
  readonly issue: number;
  readonly region: RegionCode;
}

/** The 底册 whose stamps a file bears. @throws Refusal where it bears none, or another county's, or a made-up one */
async function issuesOf(instance: Instance, seen: Scope, journal: Scope, file: SourceFile): Promise<Issue[]> {
  const tables = await peek(file, HEAD_ROWS);
  const stamps = stampsIn(tables.flatMap((table) => table.rows.flat()));
  const [first] = stamps;
  if (first === undefined) {
    throw new Refusal(
      'workbook.no-stamp',
      `《${maskName(file.name)}》里没有底册编号，不是本系统下发的底册，未接收；请用下发的底册填写后返回（编号在第 2 行，请勿删除）。其他摸底表请按名单接收。`,
    );
  }
  const foreign = stamps.find((stamp) => stamp.county !== seen.county);
  if (foreign !== undefined) {
    throw new Refusal(
      'workbook.county',
      `《${maskName(file.name)}》是 ${foreign.county} 下发的底册，不是本县的，未接收；请退给报送单位。`,
    );
  }
  const wanted = [stamps.map((stamp) => stamp.issue)];
  const select = `select issue, region, change, digest from workbook_issue where county = $1 and issue = any($2::int[]) order by issue`;
  type Known = Issue & { change: number; digest: string };
  const there = await instance.db.transaction(journal, (tx) =>
    tx.query<Known>(select, [seen.county, ...wanted]),
  );
  const isOurs = (stamp: Stamp): boolean =>
    there.some(
      (one) =>
        one.issue === stamp.issue && Number(one.change) === stamp.change && one.digest === stamp.digest,
    );
  if (!stamps.every(isOurs)) {
    throw new Refusal(
      'workbook.unknown',
      `《${maskName(file.name)}》的底册编号不是本系统下发的，或被改动过，未接收；请用下发的底册重新填写。`,
    );
  }
  const visible = await instance.db.transaction(seen, (tx) =>
    tx.query<Known>(select, [seen.county, ...wanted]),
  );
  if (visible.length < there.length) {
    throw new Refusal(
      'workbook.scope',
      `《${maskName(file.name)}》是别处的底册，不在您的管辖范围内，未接收；请由所属乡镇返回。`,
    );
  }
  return visible.map(({ issue, region }) => ({ issue, region }));
}

async function readRows(file: SourceFile, day: PlainDate): Promise<ReturnedRow[]> {
  const rows: ReturnedRow[] = [];
  for await (const batch of readFiles([file], { source: SOURCE, asOf: day, today: day })) {
    for (const { sheet, row, id, name, values, lost } of batch.rows) {
      rows.push({ at: 0, sheet, row, id, name, values, lost });
    }
    for (const { sheet, row, name, values, message } of batch.rejected) {
      rows.push({ at: 0, sheet, row, name, values, problem: message });
    }
  }
  // Rejected rows come apart from the rest: each back to where it stood, sheet by sheet.
  const sheets = [...new Set(rows.map((row) => row.sheet))];
  return rows
    .toSorted((a, b) => sheets.indexOf(a.sheet) - sheets.indexOf(b.sheet) || a.row - b.row)
    .map((row, at) => ({ ...row, at }));
}

interface Audited extends Audit {
  readonly lines: ReadonlyMap<number, { issue: number; region: RegionCode; name: string }>;
}

async function audit(
  instance: Instance,
  seen: Scope,
  issues: readonly Issue[],
  rows: readonly ReturnedRow[],
  day: PlainDate,
): Promise<Audited> {
  return instance.db.transaction(seen, async (tx) => {
    const tree = await loadRegionTree(tx, seen.county);
    const found = await tx.query<{ person: number; issue: number; region: string; name: string }>(
      `select person_no as person, issue, region, name from workbook_line
       where county = $1 and issue = any($2::int[]) order by issue, line`,
      [seen.county, issues.map((one) => one.issue)],
    );
    // Who stands in two of them is audited by the newer.
    const lines = new Map(found.map((line) => [Number(line.person), line]));
    const numbers = [...lines.keys()];
    const names = await namesOf(tx, instance, seen, numbers);
    const registered = await registeredOf(tx, seen, numbers);
    const persons = [...lines].flatMap(([key, line]): IssuedPerson[] => {
      const named = names.get(key);
      if (named === undefined) return [];
      const { id, birth } = named;
      return [{ key, id, name: line.name, birth, region: line.region, registered: registered.has(key) }];
    });
    const places = await placesOf(tx, instance, tree, rows, {
      listed: new Set(persons.map((one) => one.id)),
      region: commonPlace(issues.map((one) => one.region)),
    });
    const audited = auditBook(persons, rows, {
      content: await contentContext(tx, instance, seen, tree, day),
      day,
      elsewhere: (id) => places.get(id),
    });
    return { ...audited, lines };
  });
}

async function contentContext(
  tx: Tx,
  instance: Instance,
  { county }: Scope,
  tree: RegionTree,
  asOf: PlainDate,
): Promise<ContentContext> {
  const [row] = await tx.query<{ name: string }>('select name from county where county = $1', [county]);
  return {
    county,
    countyName: row?.name ?? '',
    provinceName: tree.get(county.slice(0, 2))?.name ?? '',
    tree,
    asOf,
    hashPhone: instance.cipher.phoneKey,
  };
}

async function registeredOf(tx: Tx, { county }: Scope, people: readonly number[]): Promise<Set<number>> {
  const day = chooseDay(await askableDays(tx, county), undefined);
  const rows = await tx.query<{ person: number; class: number }>(
    `select person_no as person, class from step
     where county = $1 and person_no = any($2::bigint[]) and from_day <= $3 and to_day > $3`,
    [county, people, day],
  );
  return new Set(
    rows.filter((row) => isRegistered(unpackClass(row.class).scheme)).map((row) => Number(row.person)),
  );
}

/** Where those stand who are in a file and not on its list: by name only within the region that it is of, whoever gives it. */
async function placesOf(
  tx: Tx,
  instance: Instance,
  tree: RegionTree,
  rows: readonly ReturnedRow[],
  { listed, region }: { readonly listed: ReadonlySet<string>; readonly region: RegionCode },
): Promise<Map<string, string>> {
  const strangers = [
    ...new Set(rows.flatMap((row) => (row.id === undefined || listed.has(row.id) ? [] : [row.id]))),
  ];
  if (strangers.length === 0) return new Map();
  const byHash = new Map(strangers.map((id) => [instance.cipher.blindIndex(id), id]));
  const known = await tx.query<{ hash: string; region: string }>(
    'select id_hash::text as hash, region from person where county = $1 and id_hash = any($2::uuid[])',
    [tree.county, [...byHash.keys()]],
  );
  const placeIn = (code: RegionCode): string => (isWithin(code, region) ? tree.path(code) : '别处');
  return new Map(known.map((row) => [byHash.get(row.hash) ?? '', placeIn(row.region)]));
}

async function insertReturn(
  tx: Tx,
  instance: Instance,
  journal: Scope,
  made: {
    readonly file: SourceFile;
    readonly kept: { digest: string; bytes: number };
    readonly issues: readonly Issue[];
    readonly day: PlainDate;
    readonly read: readonly ReturnedRow[];
    readonly audited: Audited;
  },
): Promise<number> {
  const { county, actor } = journal;
  const { file, kept, issues, day, read, audited } = made;
  await tx.query('select 1 from county where county = $1 for update', [county]);
  await nameFiles(tx, instance, journal, [kept.digest]);
  const [row] = await tx.query<{ n: number }>(
    'select coalesce(max(return_no), 0)::int + 1 as n from workbook_return where county = $1',
    [county],
  );
  const returnNo = row?.n ?? 1;
  const region = commonPlace(issues.map((one) => one.region));
  await tx.query(
    `insert into workbook_return (county, return_no, region, name, stored, bytes, as_of, issues, actor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      county,
      returnNo,
      region,
      maskName(file.name),
      kept.digest,
      kept.bytes,
      day,
      issues.map((one) => one.issue).join(),
      actor,
    ],
  );
  const rows = audited.rows.map((one) => {
    const line = one.key === undefined ? undefined : audited.lines.get(one.key);
    const written = read[one.at] as ReturnedRow;
    return {
      region: line?.region ?? region,
      issue: line?.issue ?? null,
      person: one.key ?? null,
      sheet: written.sheet,
      row: written.row,
      name: one.name,
      verdict: one.verdict as RowVerdict,
      remarks: one.remarks,
      content: one.content === undefined ? null : JSON.stringify(one.content),
      phone: one.phone === undefined ? null : instance.cipher.encryptField(one.phone),
    };
  });
  const missing = audited.missing.map((key) => {
    const line = audited.lines.get(key) as { issue: number; region: RegionCode; name: string };
    return {
      region: line.region,
      issue: line.issue,
      person: key,
      sheet: '',
      row: 0,
      name: line.name,
      verdict: 'missing' as RowVerdict,
      remarks: [],
      content: null,
      phone: null,
    };
  });
  const all = [...rows, ...missing];
  await tx.query(
    `insert into workbook_row (county, return_no, position, region, issue, person_no, sheet, row_no, name, verdict, remarks, content, phone)
     select $1, $2, u.* from unnest($3::int[], $4::text[], $5::int[], $6::bigint[], $7::text[], $8::int[], $9::text[],
       $10::text[], $11::text[], $12::text[], $13::bytea[]) as u`,
    [
      county,
      returnNo,
      all.map((_, i) => i + 1),
      all.map((one) => one.region),
      all.map((one) => one.issue),
      all.map((one) => one.person),
      all.map((one) => maskName(one.sheet)),
      all.map((one) => one.row),
      all.map((one) => maskName(one.name)),
      all.map((one) => one.verdict),
      all.map((one) => JSON.stringify(one.remarks)),
      all.map((one) => one.content),
      all.map((one) => one.phone),
    ],
  );
  await record(tx, {
    county,
    actor,
    act: 'workbook.return',
    subject: `return ${returnNo}`,
    region,
    detail: { rows: rows.length, rejected: rows.filter((one) => one.verdict === 'refused').length },
  });
  return returnNo;
}

/** The deepest place that holds all of them. */
function commonPlace(regions: readonly RegionCode[]): RegionCode {
  const [first = ''] = regions;
  for (const digits of [first.length, 9, 6]) {
    const place = first.slice(0, digits);
    if (regions.every((region) => region.startsWith(place))) return place;
  }
  return first.slice(0, 6);
}

interface ReturnRow {
  return_no: number;
  region: string;
  name: string;
  issues: string;
  as_of: string;
  actor: string;
  made_at: Date;
}

const RETURN = 'return_no, region, name, issues, as_of, actor, made_at';

/** By its number, or by its content. */
async function findReturn(
  instance: Instance,
  seen: Scope,
  which: number | string,
): Promise<ReturnedBook | undefined> {
  return instance.db.transaction(seen, async (tx) => {
    const rows = await tx.query<ReturnRow>(
      `select ${RETURN} from workbook_return where county = $1 and ${typeof which === 'number' ? 'return_no' : 'stored'} = $2`,
      [seen.county, which],
    );
    return (await describe(tx, seen, rows))[0];
  });
}

async function describe(tx: Tx, seen: Scope, rows: readonly ReturnRow[]): Promise<ReturnedBook[]> {
  const tree = await loadRegionTree(tx, seen.county);
  const counts = await tx.query<{ no: number; verdict: RowVerdict; outcome: string; n: number }>(
    `select r.return_no as no, r.verdict,
       case when r.verdict not in ('accepted', 'remarked') then ''
         when d.undone_at is not null then 'undone' else coalesce(r.outcome, 'waiting') end as outcome, count(*)::int as n
     from workbook_row r left join delivery d on d.county = r.county and d.delivery = r.delivery
     where r.county = $1 and r.return_no = any($2::int[]) group by 1, 2, 3`,
    [seen.county, rows.map((row) => row.return_no)],
  );
  const sum = (no: number, key: 'verdict' | 'outcome', value: string): number =>
    counts.filter((c) => c.no === no && c[key] === value).reduce((total, c) => total + Number(c.n), 0);
  return rows.map((row) => ({
    returnNo: row.return_no,
    file: row.name,
    region: placeOf(tree, row.region),
    issues: row.issues.split(',').map(Number),
    asOf: row.as_of,
    known: false,
    counts: Object.fromEntries(VERDICTS.map((v) => [v, sum(row.return_no, 'verdict', v)])) as Record<
      RowVerdict,
      number
    >,
    merged: Object.fromEntries(
      [...OUTCOMES, 'waiting', 'undone'].map((o) => [o, sum(row.return_no, 'outcome', o)]),
    ) as ReturnedBook['merged'],
    actor: row.actor,
    at: new Date(row.made_at).toISOString(),
  }));
}

/** What came back, the newest first. */
export async function listReturns(
  instance: Instance,
  seen: Scope,
  asked: { region?: RegionCode | undefined; after?: string | undefined; limit?: number | undefined },
): Promise<{ items: ReturnedBook[]; next: string | null }> {
  const { region = seen.region, limit = 50 } = asked;
  const before = cursorNumber(asked.after);
  return instance.db.transaction(seen, async (tx) => {
    const tree = await loadRegionTree(tx, seen.county);
    requireRegion(tree, seen, region);
    const { lo, hi } = regionRange(region);
    const rows = await tx.query<ReturnRow>(
      `select ${RETURN} from workbook_return
       where county = $1 and region >= $2 and region < $3 and ($4::int is null or return_no < $4)
       order by return_no desc limit $5`,
      [seen.county, lo, hi, before ?? null, limit + 1],
    );
    const shown = rows.slice(0, limit);
    return {
      items: await describe(tx, seen, shown),
      next: rows.length > limit ? String(shown.at(-1)?.return_no) : null,
    };
  });
}

export interface AuditedLine {
  position: number;
  sheet: string;
  row: number;
  person: number | null;
  name: string;
  verdict: RowVerdict;
  verdictTitle: string;
  remarks: Remark[];
  outcome: string | null;
}

/** One file that came back with its rows, those first that need somebody: refused, missing, remarked, blank, accepted. */
export async function readReturn(
  instance: Instance,
  seen: Scope,
  returnNo: number,
  asked: { verdict?: string | undefined; after?: string | undefined; limit?: number | undefined } = {},
): Promise<{ book: ReturnedBook; items: AuditedLine[]; next: string | null }> {
  const book = await findReturn(instance, seen, returnNo);
  if (book === undefined) throw unknownReturn(returnNo);
  const limit = asked.limit ?? 100;
  const from = cursorNumber(asked.after) ?? 0;
  return instance.db.transaction(seen, async (tx) => {
    const rows = await tx.query<{
      position: number;
      sheet: string;
      row: number;
      person: number | null;
      name: string;
      verdict: RowVerdict;
      remarks: string;
      outcome: string | null;
    }>(
      `select r.position, r.sheet, r.row_no as row, r.person_no as person, r.name, r.verdict, r.remarks,
         case when d.undone_at is not null then 'undone' else r.outcome end as outcome
       from workbook_row r left join delivery d on d.county = r.county and d.delivery = r.delivery
       where r.county = $1 and r.return_no = $2 and ($3::text is null or r.verdict = $3)
       order by array_position(array['refused', 'missing', 'remarked', 'blank', 'accepted'], r.verdict), r.position
       offset $4 limit $5`,
      [seen.county, returnNo, asked.verdict ?? null, from, limit + 1],
    );
    await record(tx, {
      county: seen.county,
      actor: seen.actor,
      act: 'workbook.list',
      subject: `return ${returnNo}`,
      region: book.region.code,
      detail: { rows: Math.min(rows.length, limit) },
    });
    return {
      book,
      items: rows.slice(0, limit).map((row) => ({
        ...row,
        person: row.person === null ? null : Number(row.person),
        verdictTitle: AUDIT_WORDS[row.verdict],
        remarks: JSON.parse(row.remarks) as Remark[],
      })),
      next: rows.length > limit ? String(from + limit) : null,
    };
  });
}

function unknownReturn(returnNo: number): Refusal {
  return new Refusal('workbook.return', `没有第 ${returnNo} 号返回，或不在您的管辖范围内；请核对编号。`);
}

const COLOURS: Readonly<Record<RowVerdict, RowNote['colour']>> = {
  accepted: 'none',
  remarked: 'yellow',
  blank: 'yellow',
  refused: 'red',
  missing: 'yellow',
};

/**
 * The file that came back with the column 审核意见 behind the last one, and a sheet of those who are missing.
 * The result holds ID numbers; the look is recorded.
 */
export async function writeAudited(
  instance: Instance,
  seen: Scope,
  returnNo: number,
  outPath: string,
): Promise<{ name: string }> {
  const { book, notes, missing, stored } = await instance.db.transaction(seen, async (tx) => {
    const [row] = await tx.query<ReturnRow & { stored: string }>(
      `select ${RETURN}, stored from workbook_return where county = $1 and return_no = $2`,
      [seen.county, returnNo],
    );
    if (row === undefined) throw unknownReturn(returnNo);
    const rows = await tx.query<{
      sheet: string;
      row: number;
      person: number | null;
      name: string;
      verdict: RowVerdict;
      remarks: string;
    }>(
      `select sheet, row_no as row, person_no as person, name, verdict, remarks from workbook_row
       where county = $1 and return_no = $2 order by position`,
      [seen.county, returnNo],
    );
    const gone = rows.filter((one) => one.verdict === 'missing');
    const names = await namesOf(
      tx,
      instance,
      seen,
      gone.map((one) => Number(one.person)),
    );
    await record(tx, {
      county: seen.county,
      actor: seen.actor,
      act: 'workbook.audited',
      subject: `return ${returnNo}`,
      region: row.region,
      detail: { rows: rows.length },
    });
    return {
      book: row,
      stored: row.stored,
      notes: rows
        .filter((one) => one.verdict !== 'missing')
        .map((one): RowNote => {
          const texts = (JSON.parse(one.remarks) as Remark[]).map((remark) => remark.text);
          const text = [AUDIT_WORDS[one.verdict], texts.join('')].filter((part) => part !== '').join('：');
          return { fileNo: 1, sheet: one.sheet, row: one.row, text, colour: COLOURS[one.verdict] };
        }),
      missing: gone.map((one, i) => [
        String(i + 1),
        one.name,
        names.get(Number(one.person))?.id ?? '',
        // A column to fill in makes the sheet one that can come back as it is.
        '',
        '下发名单里有，返回的表里没有；请补回原表，或填在这里。',
      ]),
    };
  });
  const dir = await mkdtemp(join(instance.dir, 'work-'));
  try {
    const path = join(dir, 'returned');
    await instance.files.materialise(stored, path);
    const more = {
      name: '未回人员',
      rows: missing.length === 0 ? [] : [['序号', '姓名', '身份证号码', '核实情况', '说明'], ...missing],
    };
    await writeNotes([{ name: book.name, path }], notes, outPath, {
      title: '审核意见',
      shownOnly: true,
      more,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return { name: `${book.name.replace(/\.[^.]*$/, '')}-审核意见.xlsx` };
}
