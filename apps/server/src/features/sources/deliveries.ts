import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import { seesSource } from '@quanbao/domain/sources/sight';
import type { Scope, Tx } from '../../db/port.ts';

export interface DeliveryLine {
  delivery: number;
  source: string;
  sender: string;
  region: RegionCode;
  asOf: PlainDate;
  mode: string;
  receivedAt: string;
  undone: boolean;
  /** Not undone, and no later re-issue took its place. */
  inForce: boolean;
  counts: Record<string, number>;
}

/** The deliveries that the scope sees, in the order of receipt. */
export async function listDeliveries(tx: Tx, scope: Scope): Promise<DeliveryLine[]> {
  return tx.query<DeliveryLine>(
    `select d.delivery, d.source, d.sender, d.region, d.as_of as "asOf", d.mode, d.received_at::text as "receivedAt",
       d.undone_at is not null as undone, d.counts,
       d.undone_at is null and not (d.mode = 'full' and exists (select 1 from delivery l where l.county = d.county and l.source = d.source
         and l.sender = d.sender and l.region = d.region and l.as_of = d.as_of and l.mode = 'full' and l.undone_at is null
         and l.delivery > d.delivery)) as "inForce"
     from delivery d where d.county = $1 order by d.delivery`,
    [scope.county],
  );
}

/** As-of day of the newest delivery in force, of whatever place; null before the first. */
export async function latestDay(tx: Tx, scope: Scope): Promise<PlainDate | null> {
  const [row] = await tx.query<{ latest: string | null }>(
    'select latest_day as latest from county where county = $1',
    [scope.county],
  );
  return row?.latest ?? null;
}

export interface RejectedLine {
  file: string;
  sheet: string;
  row: number;
  column: string;
  code: string;
  message: string;
  /** Masked. */
  value: string;
}

/** Rows that a delivery could not take, those of the scope's own place; of a list whose content it may read. */
export async function listRejected(tx: Tx, scope: Scope, delivery: number): Promise<RejectedLine[]> {
  const [known] = await tx.query<{ source: string }>(
    'select source from delivery where county = $1 and delivery = $2',
    [scope.county, delivery],
  );
  if (known === undefined) {
    throw new Refusal('rejected.unknown', `没有第 ${delivery} 号报送；请核对编号。`);
  }
  if (!seesSource(regionLevel(scope.region) ?? 'village', known.source)) {
    throw new Refusal('rejected.sight', `第 ${delivery} 号报送：有名单，内容不可见。`);
  }
  return tx.query<RejectedLine>(
    `select file, sheet, row_no as row, column_name as "column", code, message, masked as value
     from rejected_row where county = $1 and delivery = $2 order by no`,
    [scope.county, delivery],
  );
}
