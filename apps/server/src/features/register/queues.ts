import { FINDINGS, findingKind } from '@quanbao/domain/coverage/finding';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { askableDays, chooseDay } from '../reports/index.ts';

interface QueueItem {
  kind: string;
  label: string;
  advice: string;
  /** Masked number of the person. */
  person: string;
  personNo: number;
  name: string;
  region: RegionCode;
  from: PlainDate;
  to: PlainDate | null;
}

export interface Queue {
  asOf: PlainDate;
  total: number;
  kinds: { kind: string; label: string; n: number }[];
  items: QueueItem[];
}

export interface QueueQuestion {
  readonly region: RegionCode;
  readonly asOf?: PlainDate | undefined;
  readonly limit?: number | undefined;
}

/** Conflicts or quality items of a region on a day; people outside the scope are not there at all. */
export async function findingQueue(
  instance: Instance,
  scope: Scope,
  queue: 'conflict' | 'quality',
  question: QueueQuestion,
): Promise<Queue> {
  return instance.db.transaction(scope, async (tx) => {
    const day = chooseDay(await askableDays(tx, scope.county), question.asOf);
    const found = await readQueue(tx, instance, scope, queue, question, day);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: `${queue}.view`,
      subject: queue,
      region: question.region,
      detail: { asOf: day, rows: found.items.length },
    });
    return found;
  });
}

async function readQueue(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  queue: 'conflict' | 'quality',
  { region, limit }: QueueQuestion,
  day: PlainDate,
): Promise<Queue> {
  const kinds = FINDINGS.filter((f) => f.queue === queue).map((f) => f.kind);
  const { lo, hi } = regionRange(region);
  const where = `f.county = $1 and f.region >= $2 and f.region < $3 and f.from_day <= $4 and f.to_day > $4 and f.kind = any($5::text[])`;
  const params = [scope.county, lo, hi, day, kinds];
  const counts = await tx.query<{ kind: string; n: number }>(
    `select f.kind, count(*)::int as n from finding f where ${where} group by f.kind order by f.kind`,
    params,
  );
  const rows = await tx.query<{
    kind: string;
    person_no: number;
    name: string;
    region: string;
    from_day: string;
    to_day: string;
    id_cipher: Buffer;
  }>(
    `select f.kind, f.person_no, p.name, f.region, f.from_day, f.to_day, p.id_cipher
     from finding f join person p on p.county = f.county and p.person_no = f.person_no
     where ${where} order by f.region, f.kind, f.person_no limit $6`,
    [...params, limit ?? null],
  );
  const ids = instance.cipher.decryptFields(rows.map((row) => row.id_cipher));
  return {
    asOf: day,
    total: counts.reduce((sum, row) => sum + Number(row.n), 0),
    kinds: counts.map((row) => ({ kind: row.kind, label: findingKind(row.kind).label, n: Number(row.n) })),
    items: rows.map((row, i) => {
      const kind = findingKind(row.kind);
      return {
        kind: row.kind,
        label: kind.label,
        advice: kind.advice,
        person: maskId(ids[i] as string),
        personNo: Number(row.person_no),
        name: row.name,
        region: row.region,
        from: row.from_day,
        to: row.to_day === FOREVER ? null : row.to_day,
      };
    }),
  };
}
