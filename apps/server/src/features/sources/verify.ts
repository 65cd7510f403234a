import { Refusal } from '@quanbao/domain/kernel/problem';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { analyze } from '../../db/analyze.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { FileStoreError } from '../../secrets/file-store.ts';
import { openContext, VISITS_SENDER } from './county-journal.ts';
import { admitPeople } from './person-numbers.ts';
import { forget, restage, stagesOf } from './restack.ts';
import { inForce, listGroup, push } from './series.ts';
import type { StagedDelivery } from './stage.ts';

class VerifyEnd extends Error {}

export interface VerifiedGroup {
  source: string;
  sender: string;
  /** Claims and refused rows that differ from what the originals say. */
  differing: number;
  /** Why an original could not be read again. */
  unreadable?: string;
}

/**
 * Reads every delivery in force again from its stored original, in order, and compares the claims that come out
 * with those that stand. Everything happens in transactions that are rolled back.
 * @returns per source and sender, how many claims differ (0 everywhere when all is well)
 */
export async function verifyJournal(
  instance: Instance,
  scope: Scope,
  onProgress?: (text: string) => void,
): Promise<VerifiedGroup[]> {
  const context = await openContext(instance, scope);
  const groups = await instance.db.transaction(scope, (tx) =>
    tx.query<{ source: string; sender: string }>(
      'select distinct source, sender from delivery where county = $1 and undone_at is null and not starts_with(sender, $2) order by 1, 2',
      [scope.county, VISITS_SENDER],
    ),
  );
  const results: VerifiedGroup[] = [];
  for (const { source, sender } of groups) {
    onProgress?.(`重读${findSource(source)?.title ?? source}（${sender}）`);
    const group = await instance.db.transaction(scope, (tx) => listGroup(tx, scope.county, source, sender));
    const pushes = inForce(group);
    const reread = new Map<number, StagedDelivery>();
    try {
      let differing = 0;
      for (const d of pushes) {
        const read = await restage(instance, scope, context, d);
        reread.set(d.delivery, read);
        differing += await countRejected(instance, scope, d.delivery, read.rejected.length);
      }
      for (const d of group) if (!reread.has(d.delivery)) await readOriginals(instance, scope, d.delivery);
      try {
        await instance.db.transaction(scope, async (tx) => {
          await admitPeople(tx, scope.county, stagesOf(reread));
          await analyze(tx, 'stage_row');
          await tx.query(
            `create temporary table claim_before on commit drop as
             select since, person_no, slot, until, row_no, row_count, content from claim where county = '${scope.county}' and since in (${group.map((d) => d.delivery).join(',')})`,
          );
          await tx.query('delete from claim where county = $1 and since = any($2::int[])', [
            scope.county,
            group.map((d) => d.delivery),
          ]);
          for (const d of pushes)
            await push(tx, scope.county, group, d, reread.get(d.delivery)?.stage as number, -1, false);
          differing += await countDiffering(
            tx,
            scope,
            group.map((d) => d.delivery),
          );
          throw new VerifyEnd();
        });
      } catch (error) {
        if (!(error instanceof VerifyEnd)) throw error;
      }
      results.push({ source, sender, differing });
    } catch (error) {
      if (!(error instanceof FileStoreError || error instanceof Refusal)) throw error;
      results.push({ source, sender, differing: 0, unreadable: unreadable(error) });
    } finally {
      await forget(instance, scope, reread.values());
    }
  }
  const visits = await differingVisits(instance, scope);
  if (visits !== undefined) results.push(visits);
  return results;
}

/** Every answer of a visit stands as its claim, and no claim of a visit is there without it. */
async function differingVisits(instance: Instance, scope: Scope): Promise<VerifiedGroup | undefined> {
  const [row] = await instance.db.transaction(scope, (tx) =>
    tx.query<{ visits: number; differing: number }>(
      `with said as (select delivery as since, person_no, command::text as slot, content from visit where county = $1 and undone_at is null),
       stands as (select c.since, c.person_no, c.slot, c.content from claim c join delivery d on d.county = c.county and d.delivery = c.since
         where c.county = $1 and d.source = 'survey-workbook' and starts_with(d.sender, $2))
       select (select count(*) from said)::int as visits,
         ((select count(*) from (select * from said except select * from stands) a)
           + (select count(*) from (select * from stands except select * from said) b))::int as differing`,
      [scope.county, VISITS_SENDER],
    ),
  );
  if (row === undefined || (Number(row.visits) === 0 && Number(row.differing) === 0)) return undefined;
  return { source: 'survey-workbook', sender: '走访', differing: Number(row.differing) };
}

function unreadable(error: FileStoreError | Refusal): string {
  if (error instanceof Refusal) return error.problem.message;
  return error.code === 'file.missing' ? '保存的原始文件不见了' : '保存的原始文件被改动过或已损坏';
}

async function countRejected(
  instance: Instance,
  scope: Scope,
  delivery: number,
  expected: number,
): Promise<number> {
  const [row] = await instance.db.transaction(scope, (tx) =>
    tx.query<{ n: number }>(
      'select count(*)::int as n from rejected_row where county = $1 and delivery = $2',
      [scope.county, delivery],
    ),
  );
  return Math.abs(Number(row?.n ?? 0) - expected);
}

/** A delivery that a re-issue replaced comes back when that is undone: its originals must be whole too. */
async function readOriginals(instance: Instance, scope: Scope, delivery: number): Promise<void> {
  const files = await instance.db.transaction(scope, (tx) =>
    tx.query<{ digest: string }>(
      'select digest from delivery_file where county = $1 and delivery = $2 order by file_no',
      [scope.county, delivery],
    ),
  );
  for (const { digest } of files) for await (const _ of instance.files.open(digest));
}

async function countDiffering(tx: Tx, scope: Scope, deliveries: readonly number[]): Promise<number> {
  const now = `select since, person_no, slot, until, row_no, row_count, content from claim
    where county = $1 and since = any($2::int[])`;
  const [row] = await tx.query<{ n: number }>(
    `select ((select count(*) from ((${now}) except select * from claim_before) a)
           + (select count(*) from (select * from claim_before except (${now})) b))::int as n`,
    [scope.county, [...deliveries]],
  );
  return Number(row?.n ?? 0);
}
