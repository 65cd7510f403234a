import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { regionLevel } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { findSource, SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import { seesSource } from '@quanbao/domain/sources/sight';
import type { Scope, Tx } from '../../db/port.ts';
import type { NetEffect } from '../coverage/index.ts';
import { VISITS_SENDER } from './county-journal.ts';
import { latestDay } from './deliveries.ts';
import { DUE_DAYS } from './overdue.ts';

const AT = (column: string): string =>
  `to_char(${column} at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')`;

/** The newest list of every source and when the next is due. */
export async function calendar(
  tx: Tx,
  scope: Scope,
): Promise<{
  asOf: PlainDate | null;
  items: Map<string, { latest: string | null; dueBy: string | null; late: boolean }>;
}> {
  const asOf = await latestDay(tx, scope);
  const rows = await tx.query<{ source: string; latest: string }>(
    'select source, max(as_of) as latest from delivery where county = $1 and undone_at is null group by source',
    [scope.county],
  );
  const latest = new Map(rows.map((row) => [row.source, row.latest]));
  const items = new Map(
    SHIPPED_SOURCES.map((source) => {
      const last = latest.get(source.code) ?? null;
      const every = DUE_DAYS[source.due];
      const dueBy = last === null || every === undefined ? null : addDays(last, every);
      const late = last === null ? source.due !== 'batch' : dueBy !== null && asOf !== null && dueBy < asOf;
      return [source.code, { latest: last, dueBy, late }] as const;
    }),
  );
  return { asOf, items };
}

export interface DeliveryRow {
  delivery: number;
  source: string;
  title: string;
  office: string;
  sender: string;
  region: string;
  regionName: string;
  asOf: string;
  mode: 'full' | 'delta';
  receivedAt: string;
  actor: string;
  state: 'in-force' | 'replaced' | 'undone';
  counts: Record<string, number>;
}

const LINE = `d.delivery, d.source, d.sender, d.region, d.as_of as "asOf", d.mode, ${AT('d.received_at')} as "receivedAt", d.actor,
  d.counts, d.state`;

/** A later full list of the same series and day takes a delivery's place. */
const STATED = `(select o.*, case when o.undone_at is not null then 'undone'
    when o.mode = 'full' and exists (select 1 from delivery l where l.county = o.county and l.source = o.source
      and l.sender = o.sender and l.region = o.region and l.as_of = o.as_of and l.mode = 'full' and l.undone_at is null
      and l.delivery > o.delivery) then 'replaced'
    else 'in-force' end as state
  from delivery o where o.county = $1) d`;

type Stored = Omit<DeliveryRow, 'title' | 'office' | 'regionName'>;

function lineOf(row: Stored, tree: RegionTree): DeliveryRow {
  const source = findSource(row.source);
  const { unchanged: _, ...counts } = row.counts as Record<string, unknown>;
  return {
    ...row,
    counts: Object.fromEntries(
      Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    ),
    title: source?.title ?? row.source,
    office: source?.office ?? '',
    regionName: tree.get(row.region)?.name ?? row.region,
  };
}

export async function deliveryPage(
  tx: Tx,
  scope: Scope,
  tree: RegionTree,
  question: {
    source?: string | undefined;
    state?: string | undefined;
    before?: number | undefined;
    limit: number;
  },
): Promise<{ total: number; items: DeliveryRow[] }> {
  // Two hundred devices send more than all offices: their receipts are listed only with the survey's own.
  const where = `($2::text is null and not starts_with(d.sender, $4) or d.source = $2) and ($3::text is null or d.state = $3)`;
  const params = [scope.county, question.source ?? null, question.state ?? null, VISITS_SENDER];
  const [count] = await tx.query<{ n: number }>(
    `select count(*)::int as n from ${STATED} where ${where}`,
    params,
  );
  const rows = await tx.query<Stored>(
    `select ${LINE} from ${STATED} where ${where} and ($5::int is null or d.delivery < $5) order by d.delivery desc limit $6`,
    [...params, question.before ?? null, question.limit],
  );
  return { total: count?.n ?? 0, items: rows.map((row) => lineOf(row, tree)) };
}

export interface DeliveryFile {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

export interface DeliveryDetail {
  line: DeliveryRow;
  files: DeliveryFile[];
  tables: unknown;
  warnings: string[];
  /** Null where none were kept for it alone, or the database does not show them. */
  effects: (NetEffect & { regionName: string })[] | null;
}

/** Files and headings only to whom the database shows them. */
export async function deliveryDetail(
  tx: Tx,
  scope: Scope,
  tree: RegionTree,
  delivery: number,
): Promise<DeliveryDetail> {
  const [row] = await tx.query<Stored>(`select ${LINE} from ${STATED} where d.delivery = $2`, [
    scope.county,
    delivery,
  ]);
  if (row === undefined) throw unknown(delivery);
  const own = scope.region === scope.county && scope.duty === undefined;
  const files = own
    ? await tx.query<DeliveryFile>(
        'select name, digest, bytes from delivery_file where county = $1 and delivery = $2 order by file_no',
        [scope.county, delivery],
      )
    : [];
  const [reading] = own
    ? await tx.query<{ summary: { files?: unknown; warnings?: string[]; effects?: NetEffect[] } }>(
        'select summary from delivery_reading where county = $1 and delivery = $2',
        [scope.county, delivery],
      )
    : [];
  return {
    line: lineOf(row, tree),
    files,
    tables: reading?.summary.files ?? [],
    warnings: reading?.summary.warnings ?? [],
    effects:
      reading?.summary.effects?.map((one) => ({
        ...one,
        regionName: tree.get(one.region)?.name ?? one.region,
      })) ?? null,
  };
}

function unknown(delivery: number): Refusal {
  return new Refusal('delivery.unknown', `没有第 ${delivery} 号报送，或不在您可见的范围内。`);
}

export interface RejectedLine {
  no: number;
  file: string;
  sheet: string;
  row: number;
  column: string;
  code: string;
  message: string;
  value: string;
}

/** @throws Refusal for a delivery that is not there, or not seen */
export async function sourceOf(tx: Tx, scope: Scope, delivery: number): Promise<string> {
  const [known] = await tx.query<{ source: string }>(
    'select source from delivery where county = $1 and delivery = $2',
    [scope.county, delivery],
  );
  if (known === undefined) throw unknown(delivery);
  return known.source;
}

/** Rows a list could not take; of a list whose content may be read. */
export async function rejectedPage(
  tx: Tx,
  scope: Scope,
  delivery: number,
  after: number | undefined,
  limit: number,
): Promise<{ total: number; items: RejectedLine[] }> {
  const source = await sourceOf(tx, scope, delivery);
  if (scope.sources !== undefined && !scope.sources.includes(source)) return { total: 0, items: [] };
  if (!seesSource(regionLevel(scope.region) ?? 'village', source)) return { total: 0, items: [] };
  const [count] = await tx.query<{ n: number }>(
    'select count(*)::int as n from rejected_row where county = $1 and delivery = $2',
    [scope.county, delivery],
  );
  const items = await tx.query<RejectedLine>(
    `select no, file, sheet, row_no as row, column_name as "column", code, message, masked as value
     from rejected_row where county = $1 and delivery = $2 and no > $3 order by no limit $4`,
    [scope.county, delivery, after ?? -1, limit],
  );
  return { total: count?.n ?? 0, items };
}
