import { createHash } from 'node:crypto';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { FootingFailure } from '@quanbao/domain/reports/footing';
import type { FormTable } from '@quanbao/domain/reports/forms';
import type { Tx } from '../apps/server/src/db/port.ts';
import { sealAndExport, verifyChain } from '../apps/server/src/features/audit/index.ts';
import { readLedger } from '../apps/server/src/features/ledger/index.ts';
import { listPeople } from '../apps/server/src/features/register/index.ts';
import { countedForms, countOf, footing } from '../apps/server/src/features/reports/index.ts';
import { verify } from '../apps/server/src/features/supervision/papers/seal.ts';
import { checkInstance } from '../apps/server/src/maintenance/check.ts';
import { SUNDAY, weekday } from './clock.ts';
import { type Campaign, COUNTY, OFFICE, timed } from './county.ts';
import type { Depth } from './gallery.ts';

/** What must hold after every day does not: the campaign ends here. */
export class Broken extends Error {
  readonly day: PlainDate;
  readonly what: string;
  readonly values: readonly [string, string];

  constructor(day: PlainDate, what: string, one: unknown, other: unknown) {
    const values = [String(one), String(other)] as const;
    super(`${day} ${what}：一处为 ${values[0]}，另一处为 ${values[1]}`);
    this.day = day;
    this.what = what;
    this.values = values;
  }
}

function same(day: PlainDate, what: string, one: unknown, other: unknown): void {
  if (one !== other) throw new Broken(day, what, one, other);
}

export interface Standing {
  readonly annex4: FormTable;
  readonly annex5: FormTable;
}

/** @returns the county's forms of the day */
export async function checkDay(campaign: Campaign, day: PlainDate, depth: Depth): Promise<Standing> {
  const whole = depth !== 'day';
  const standing = await timed(campaign, '每日核对：报表', () => forms(campaign, day, whole));
  await timed(campaign, '每日核对：台账、名单与计数', () => agreement(campaign, day, standing));
  await timed(campaign, '每日核对：已报送和已印发', () => unchanged(campaign, day));
  await timed(campaign, '每日核对：留痕链', () => chain(campaign, day));
  if (whole)
    await timed(campaign, depth === 'originals' ? '全面核对（含重读原件）' : '每周全面核对', () =>
      everything(campaign, day, depth),
    );
  return standing;
}

/** Each form by itself, 附件4 with 附件5, and every place with the one above. */
async function forms(campaign: Campaign, day: PlainDate, whole: boolean): Promise<Standing> {
  const { instance, towns, quick } = campaign;
  return instance.db.transaction(OFFICE, async (tx) => {
    const foot = async (region: string, above: readonly FormTable[]): Promise<FormTable[]> => {
      const tables = await countedForms(tx, OFFICE, ['annex4', 'annex5'], region, day);
      const [failure] = footing(tables, above);
      if (failure !== undefined) throw notFooting(day, failure, tables);
      for (const table of [...tables, ...above]) addsUp(day, table);
      return tables;
    };
    const county = await foot(COUNTY, []);
    // Of a day one town down to its villages; of a week all of them.
    const turn = Number(day.slice(8)) % towns.length;
    for (const [i, town] of towns.entries()) {
      const tables = await foot(town.code, county);
      if (!whole && (i !== turn || (quick && weekday(day) !== SUNDAY))) continue;
      for (const village of town.villages) await foot(village.code, tables);
    }
    const [annex4, annex5] = county as [FormTable, FormTable];
    return { annex4, annex5 };
  });
}

/** Of a place and the one above both figures are in the words; of a form by itself its row is shown. */
function notFooting(
  day: PlainDate,
  { message, code, name }: FootingFailure,
  tables: readonly FormTable[],
): Broken {
  const [, own, above] = /本级表合计为 (\d+)，上级表为 (\d+)/.exec(message) ?? [];
  if (own !== undefined) return new Broken(day, `报表不平（${message}）`, own, above);
  const row = (table: FormTable | undefined): string =>
    JSON.stringify(
      [...(table?.rows ?? []), ...(table === undefined ? [] : [table.total])].find(
        (one) => one.code === code && one.name === name,
      )?.cells,
    );
  return new Broken(day, `报表不平（${message}）`, row(tables[0]), row(tables[1]));
}

function addsUp(day: PlainDate, { form, region, rows, total }: FormTable): void {
  for (const { kind, number } of form.columns) {
    if (kind !== 'count') continue;
    const sum = rows.reduce((all, row) => all + Number(row.cells[number] ?? 0), 0);
    same(day, `${region.name}${form.number}第${number}栏：各行之和与合计`, sum, Number(total.cells[number]));
  }
}

const TOWN = 9;

/** Rows of people and items, counted one by one, against the forms, which only add up differences. */
async function agreement(
  { instance, towns }: Campaign,
  day: PlainDate,
  { annex4, annex5 }: Standing,
): Promise<void> {
  const { people, items } = await instance.db.transaction(OFFICE, async (tx) => ({
    people: await peopleByTown(tx, day),
    items: await openItems(tx, day),
  }));
  for (const row of annex5.rows) {
    const at = row.code === COUNTY ? '' : row.code;
    const where = `${row.name}${day}`;
    const count = people.get(at) ?? (() => 0);
    const four = annex4.rows.find((one) => one.code === row.code && one.name === row.name);
    same(day, `${where}附件4第3栏与逐人计数`, four?.cells[3], count('population'));
    same(day, `${where}附件5第3栏与逐人计数`, row.cells[3], count('in-scope'));
    same(day, `${where}附件5第4栏与逐人计数`, row.cells[4], count('registered'));
    same(day, `${where}附件5第5栏与逐人计数`, row.cells[5], count('paid'));
    same(day, `${where}附件5第7栏与应保未保台账（未销号）`, row.cells[7], items.get(at) ?? 0);
  }
  // The lists that people open, one town a day: of persons and of ledger items.
  const town = towns[Number(day.slice(8)) % towns.length];
  const row = annex5.rows.find(({ code }) => code === town?.code);
  if (town === undefined || row === undefined) return;
  const listed = await listPeople(
    instance,
    OFFICE,
    { region: town.code, asOf: day, indicator: 'not-registered' },
    { limit: 1 },
  );
  same(day, `${town.name}附件5第7栏与人员清单`, row.cells[7], listed.total);
  const { byState } = await instance.db.transaction(OFFICE, (tx) =>
    readLedger(tx, instance, OFFICE, { region: town.code, asOf: day, kind: 'uninsured' }, { limit: 1 }),
  );
  same(day, `${town.name}附件5第7栏与台账清单`, row.cells[7], byState.verify + byState.settled);
}

async function peopleByTown(tx: Tx, day: PlainDate): Promise<Map<string, (indicator: string) => number>> {
  const rows = await tx.query<{ town: string; class: number; n: number }>(
    `select left(region, ${TOWN}) as town, class, count(*)::int as n from step
     where county = $1 and from_day <= $2 and to_day > $2 group by 1, 2`,
    [COUNTY, day],
  );
  const classes = new Map<string, Map<number, number>>();
  for (const { town, class: code, n } of rows) {
    const at = town.length === TOWN ? town : '';
    const here = classes.get(at) ?? new Map<number, number>();
    classes.set(at, here);
    here.set(code, (here.get(code) ?? 0) + Number(n));
  }
  return new Map([...classes].map(([town, counts]) => [town, countOf(counts)]));
}

async function openItems(tx: Tx, day: PlainDate): Promise<Map<string, number>> {
  const rows = await tx.query<{ town: string; n: number }>(
    `select left(region, ${TOWN}) as town, count(*)::int as n from ledger_item
     where county = $1 and kind = 'uninsured' and state <> 'closed' and from_day <= $2 and to_day > $2 group by 1`,
    [COUNTY, day],
  );
  return new Map(rows.map(({ town, n }) => [town.length === TOWN ? town : '', Number(n)]));
}

/** What was submitted and issued, against what was remembered when it was. */
async function unchanged({ instance, kept }: Campaign, day: PlainDate): Promise<void> {
  const rows = await instance.db.transaction(OFFICE, (tx) =>
    tx.query<{ submission: number; version: number; body: string; digest: string }>(
      'select submission, version, body, digest from submission_version where county = $1',
      [COUNTY],
    ),
  );
  const found = new Map(rows.map((row) => [`${Number(row.submission)}/${Number(row.version)}`, row]));
  for (const [key, digest] of kept.submissions) {
    const row = found.get(key);
    const now = createHash('sha256')
      .update(row?.body ?? '')
      .digest('hex');
    same(day, `第 ${key} 号报送的数字与报送时`, now, digest);
    same(day, `第 ${key} 号报送的摘要与报送时`, row?.digest, digest);
  }
  const issued = await instance.db.transaction(OFFICE, (tx) =>
    tx.query<{ paper: number; frozen: string; digest: string }>(
      `select paper, frozen, digest from paper where county = $1 and state = 'issued'`,
      [COUNTY],
    ),
  );
  const papers = new Map(issued.map((row) => [Number(row.paper), row]));
  for (const [paper, digest] of kept.papers) {
    const row = papers.get(paper);
    same(day, `第 ${paper} 号材料的摘要与印发时`, row?.digest, digest);
    const { kept: whole, remade } = verify(row?.frozen ?? '{}', digest);
    same(day, `第 ${paper} 号材料按留存数据重新生成`, whole && remade, true);
  }
}

async function chain({ instance, kept }: Campaign, day: PlainDate): Promise<void> {
  const { auditKey } = instance.keyring;
  await sealAndExport(instance.db, COUNTY, auditKey, instance.dir);
  const found = await instance.db.asOwner((tx) => verifyChain(tx, COUNTY, auditKey, instance.dir));
  same(day, '留痕链', found.ok ? '完整' : found.firstBad?.reason, '完整');
  if (found.rows < kept.sealed) throw new Broken(day, '留痕条数少于前一天', found.rows, kept.sealed);
  kept.sealed = found.rows;
}

/** What `quanbao check` does. */
async function everything({ instance }: Campaign, day: PlainDate, depth: Depth): Promise<void> {
  const results = await checkInstance(instance, OFFICE, { skipJournal: depth !== 'originals' });
  for (const { check, ok, message } of results) {
    same(day, `全面核对（${check}）`, ok ? '相符' : message, '相符');
  }
}
