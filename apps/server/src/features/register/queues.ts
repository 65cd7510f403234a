import { FINDINGS, findingKind } from '@quanbao/domain/coverage/finding';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import { seesFinding } from '@quanbao/domain/sources/sight';
import type { Scope, Tx } from '../../db/port.ts';
import { showPeople } from '../../db/shown.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { askableDays, chooseDay, decidedFindings } from '../reports/index.ts';

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
  /** Who waits for a decision; the decided stand in no queue. */
  total: number;
  decided: number;
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
  const level = regionLevel(scope.region) ?? 'village';
  const kinds = FINDINGS.filter((f) => f.queue === queue && seesFinding(level, f.kind)).map((f) => f.kind);
  const { lo, hi } = regionRange(region);
  const where = `f.county = $1 and f.region >= $2 and f.region < $3 and f.from_day <= $4 and f.to_day > $4 and f.kind = any($5::text[])`;
  const params: unknown[] = [scope.county, lo, hi, day, kinds];
  const decided = (await decidedFindings(tx, scope, region, day)).filter(({ kind }) => kinds.includes(kind));
  const waiting =
    'not exists (select 1 from unnest($6::bigint[], $7::text[]) as d (person_no, kind) where d.person_no = f.person_no and d.kind = f.kind)';
  params.push(
    decided.map(({ personNo }) => personNo),
    decided.map(({ kind }) => kind),
  );
  const counts = await tx.query<{ kind: string; n: number }>(
    `select f.kind, count(*)::int as n from finding f where ${where} and ${waiting} group by f.kind order by f.kind`,
    params,
  );
  const rows = await tx.query<{
    kind: string;
    person_no: number;
    region: string;
    from_day: string;
    to_day: string;
  }>(
    `select f.kind, f.person_no, f.region, f.from_day, f.to_day from finding f
     where ${where} and ${waiting} order by f.region, f.kind, f.person_no limit $8`,
    [...params, limit ?? null],
  );
  const people = await namesOf(tx, instance, scope, [...new Set(rows.map((row) => Number(row.person_no)))]);
  return {
    asOf: day,
    total: counts.reduce((sum, row) => sum + Number(row.n), 0),
    decided: decided.length,
    kinds: counts.map((row) => ({ kind: row.kind, label: findingKind(row.kind).label, n: Number(row.n) })),
    items: rows.map((row) => {
      const kind = findingKind(row.kind);
      const person = people.get(Number(row.person_no));
      return {
        kind: row.kind,
        label: kind.label,
        advice: kind.advice,
        person: person?.masked ?? '',
        personNo: Number(row.person_no),
        name: person?.name ?? '',
        region: row.region,
        from: row.from_day,
        to: row.to_day === FOREVER ? null : row.to_day,
      };
    }),
  };
}

async function namesOf(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  numbers: readonly number[],
): Promise<Map<number, { name: string; masked: string }>> {
  await showPeople(tx, scope, numbers);
  const rows = await tx.query<{ person_no: number; name: string; id_cipher: Buffer }>(
    'select person_no, name, id_cipher from person where county = $1 and person_no = any($2::bigint[])',
    [scope.county, [...numbers]],
  );
  const ids = instance.cipher.decryptFields(rows.map((row) => row.id_cipher));
  return new Map(
    rows.map((row, i) => [Number(row.person_no), { name: row.name, masked: maskId(ids[i] as string) }]),
  );
}
