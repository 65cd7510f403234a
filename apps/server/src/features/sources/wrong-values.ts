import { contentOf } from '@quanbao/domain/coverage/content';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { cleanIdText } from '@quanbao/domain/kernel/resident-id';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import type { OpenedContext } from './county-journal.ts';
import type { RejectedRow } from './reading/index.ts';
import type { SeriesKey, StackedDelivery } from './series.ts';

/** A fix that is being made or taken back in the commit that follows the reading. */
export interface FixChange {
  readonly added?: {
    readonly series: SeriesKey;
    readonly asOf: string;
    readonly wrong: string;
    readonly id: string;
  };
  readonly dropped?: number;
}

/** Recognises a wrong ID value again without keeping it. */
function wrongHash(instance: Instance, rawId: string): string {
  return instance.cipher.blindIndex(`wrong:${cleanIdText(rawId)}`);
}

function sameSeries(a: SeriesKey, b: SeriesKey): boolean {
  return a.source === b.source && a.sender === b.sender && a.region === b.region;
}

/**
 * How a list of the series is read on its as-of day: the fixes of that series up to that day, the latest first.
 * @param change what will be different once this commit is done
 */
export async function fixesFor(
  instance: Instance,
  scope: Scope,
  series: SeriesKey,
  asOf: string,
  change: FixChange = {},
): Promise<((rawId: string) => string | undefined) | undefined> {
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<{ fix: number; as_of: string; wrong_hash: string; id_cipher: Buffer }>(
      `select fix, as_of, wrong_hash, id_cipher from id_fix
       where county = $1 and source = $2 and sender = $3 and region = $4 and as_of <= $5 and undone_at is null order by as_of, fix`,
      [scope.county, series.source, series.sender, series.region, asOf],
    ),
  );
  const known = rows
    .filter((row) => row.fix !== change.dropped)
    .map((row) => ({
      asOf: row.as_of,
      wrong: row.wrong_hash,
      id: instance.cipher.decryptField(row.id_cipher),
    }));
  const { added } = change;
  if (added !== undefined && sameSeries(added.series, series) && added.asOf <= asOf) {
    const later = known.findIndex((fix) => fix.asOf > added.asOf);
    known.splice(later < 0 ? known.length : later, 0, added);
  }
  if (known.length === 0) return undefined;
  const fixes = new Map(known.map((fix) => [fix.wrong, fix.id]));
  return (rawId) => fixes.get(wrongHash(instance, rawId));
}

/** Puts the rows that a delivery's reading rejected in place of those that an earlier reading did. */
export async function writeRejected(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  d: StackedDelivery,
  rejected: readonly RejectedRow[],
): Promise<void> {
  await tx.query('delete from rejected_row where county = $1 and delivery = $2', [scope.county, d.delivery]);
  if (rejected.length === 0) return;
  const rows = rejected.map((r) => ({
    ...r,
    wrong: r.rawId === undefined ? '' : wrongHash(instance, r.rawId),
    region: placeOf(scope, context, d, r),
  }));
  await tx.query(
    `insert into rejected_row (county, delivery, no, file, sheet, row_no, column_name, code, message, masked, wrong_hash, region)
     select $1, $2, u.no, u.file, u.sheet, u.row_no, u.column_name, u.code, u.message, u.masked, u.wrong, u.region
     from unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
       with ordinality as u (file, sheet, row_no, column_name, code, message, masked, wrong, region, no)`,
    [
      scope.county,
      d.delivery,
      rows.map((r) => r.file),
      rows.map((r) => r.sheet),
      rows.map((r) => r.row),
      rows.map((r) => r.column),
      rows.map((r) => r.code),
      rows.map((r) => r.message),
      rows.map((r) => r.value),
      rows.map((r) => r.wrong),
      rows.map((r) => r.region),
    ],
  );
}

function placeOf(scope: Scope, context: OpenedContext, d: StackedDelivery, row: RejectedRow): RegionCode {
  const said = contentOf(
    d.source,
    { name: row.name, values: row.values },
    { ...context.content, asOf: d.as_of },
  ).g;
  return said ?? (isWithin(d.region, scope.county) ? d.region : scope.county);
}
