import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { isWithin } from '@quanbao/domain/kernel/region';
import { findSource, type SourceDefinition } from '@quanbao/domain/sources/catalogue';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { concurrent, type OpenedContext } from './county-journal.ts';
import { inForce, listGroup, type PushCounts, pop, push, type StackedDelivery } from './series.ts';
import { clearStage, type SourceFile, type StagedDelivery, stageDelivery } from './stage.ts';
import { type FixChange, fixesFor, writeRejected } from './wrong-values.ts';

/** What a commit does to the stacks of its groups. */
export interface StackChange {
  readonly added?: readonly StackedDelivery[];
  /** Deliveries being undone. */
  readonly dropped?: ReadonlySet<number>;
  /** Deliveries whose rows read differently now. */
  readonly dirty?: ReadonlySet<number>;
  readonly fix?: FixChange;
  /** The groups concerned, where no delivery is added. */
  readonly groups?: readonly GroupKey[];
}

interface GroupKey {
  readonly source: string;
  readonly sender: string;
}

/** Deliveries read again, to be popped and pushed once more. */
export type Reread = ReadonlyMap<number, StagedDelivery>;

interface Rearrangement {
  readonly pops: StackedDelivery[];
  readonly pushes: StackedDelivery[];
}

function precedes(a: StackedDelivery, b: StackedDelivery): boolean {
  return a.as_of < b.as_of || (a.as_of === b.as_of && a.delivery < b.delivery);
}

function oldestFirst(a: StackedDelivery, b: StackedDelivery): number {
  return precedes(a, b) ? -1 : 1;
}

function overlap(a: StackedDelivery, b: StackedDelivery): boolean {
  return isWithin(a.region, b.region) || isWithin(b.region, a.region);
}

/** From the deliveries in force before to those after: what comes off the stack, what goes on, oldest first. */
function rearrange(
  before: readonly StackedDelivery[],
  after: readonly StackedDelivery[],
  dirty: ReadonlySet<number>,
): Rearrangement {
  const has = (list: readonly StackedDelivery[], d: StackedDelivery): boolean =>
    list.some((o) => o.delivery === d.delivery);
  const moved = [
    ...before.filter((d) => !has(after, d) || dirty.has(d.delivery)),
    ...after.filter((d) => !has(before, d)),
  ];
  const pops: StackedDelivery[] = [];
  for (const d of before) {
    const disturbed = [...moved, ...pops].some(
      (m) => m.delivery !== d.delivery && precedes(m, d) && overlap(m, d),
    );
    if (disturbed || !has(after, d) || dirty.has(d.delivery)) pops.push(d);
  }
  const pushes = after.filter((d) => !has(before, d) || has(pops, d)).sort(oldestFirst);
  return { pops, pushes };
}

const NONE: ReadonlySet<number> = new Set();

function sameGroup(a: GroupKey, b: GroupKey): boolean {
  return a.source === b.source && a.sender === b.sender;
}

function groupsOf(change: StackChange): GroupKey[] {
  const groups: GroupKey[] = [];
  for (const one of change.groups ?? change.added ?? [])
    if (!groups.some((known) => sameGroup(known, one))) groups.push(one);
  return groups;
}

/** @param before the group without what is being added */
function planFor(
  key: GroupKey,
  before: readonly StackedDelivery[],
  change: StackChange,
): Rearrangement & { superseded: StackedDelivery[] } {
  const own = (change.added ?? []).filter((d) => sameGroup(d, key));
  const remaining = before.filter((d) => !change.dropped?.has(d.delivery));
  const after = inForce([...remaining, ...own].sort(oldestFirst));
  return {
    ...rearrange(inForce(before), after, change.dirty ?? NONE),
    superseded: own.filter((d) => !after.some((a) => a.delivery === d.delivery)),
  };
}

/** Reads again, from their stored originals, the deliveries that will be popped and pushed once more. */
export async function stageLater(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  change: StackChange,
): Promise<Reread> {
  const reread = new Map<number, StagedDelivery>();
  try {
    for (const key of groupsOf(change)) {
      const group = await instance.db.transaction(scope, (tx) =>
        listGroup(tx, scope.county, key.source, key.sender),
      );
      for (const d of planFor(key, group, change).pushes) {
        if (change.added?.some((a) => a.delivery === d.delivery)) continue;
        reread.set(d.delivery, await restage(instance, scope, context, d, change.fix));
      }
    }
  } catch (error) {
    await forget(instance, scope, reread.values());
    throw error;
  }
  return reread;
}

/** The numbers that what was read again lies under on the stage. */
export function stagesOf(reread: Reread): number[] {
  return [...reread.values()].map((one) => one.stage);
}

/** Takes what was read off the stage again. */
export async function forget(
  instance: Instance,
  scope: Scope,
  staged: Iterable<{ readonly stage: number }>,
): Promise<void> {
  await clearStage(
    instance,
    scope,
    [...staged].map((one) => one.stage),
  );
}

/**
 * Reads a delivery again from its stored originals, as on the day it was received. It gets a place on the stage of its
 * own: two commits may be reading the same delivery at once.
 */
export async function restage(
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  d: StackedDelivery,
  fix?: FixChange,
): Promise<StagedDelivery> {
  const { files, summary, received, stage } = await instance.db.transaction(scope, async (tx) => {
    const list = await tx.query<{ name: string; digest: string }>(
      'select name, digest from delivery_file where county = $1 and delivery = $2 order by file_no',
      [scope.county, d.delivery],
    );
    const [row] = await tx.query<{
      summary: { headerChoices?: Record<string, string>; sheet?: string; readOn?: string };
      received: string;
    }>(
      `select r.summary, to_char(d.received_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as received
       from delivery d join delivery_reading r on r.county = d.county and r.delivery = d.delivery
       where d.county = $1 and d.delivery = $2`,
      [scope.county, d.delivery],
    );
    const [next] = await tx.query<{ stage: number }>(
      'update county set next_change = next_change + 1 where county = $1 returning (1 - next_change)::int as stage',
      [scope.county],
    );
    return { files: list, summary: row?.summary, received: row?.received, stage: next?.stage as number };
  });
  const dir = await mkdtemp(join(instance.dir, 'work-'));
  try {
    const paths: SourceFile[] = [];
    for (const [i, file] of files.entries()) {
      const path = join(dir, `${i}`);
      await instance.files.materialise(file.digest, path);
      paths.push({ name: file.name, path });
    }
    return await stageDelivery(
      instance,
      scope,
      { ...context.content, asOf: d.as_of },
      {
        stage,
        source: findSource(d.source) as SourceDefinition,
        asOf: d.as_of,
        today: summary?.readOn ?? received ?? d.as_of,
        files: paths,
        sheet: summary?.sheet,
        headerChoices: summary?.headerChoices,
        fix: await fixesFor(instance, scope, d, d.as_of, fix),
      },
      context.people,
    );
  } catch (error) {
    await forget(instance, scope, [{ stage }]);
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** What the reading of a delivery says of the delivery itself may have changed with the fixes. */
async function rewriteReread(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  group: readonly StackedDelivery[],
  reread: Reread,
): Promise<void> {
  for (const d of group) {
    const staged = reread.get(d.delivery);
    if (staged === undefined) continue;
    await tx.query('update delivery set digest = $3, years = $4 where county = $1 and delivery = $2', [
      scope.county,
      d.delivery,
      staged.digest,
      staged.years.join(','),
    ]);
    await writeRejected(tx, instance, scope, context, d, staged.rejected);
  }
}

/** The stage is not crash-safe: what a stopped server emptied must not pass for a short list. */
export function requireWhole(counts: PushCounts, accepted: number): void {
  if (counts.new + counts.changed + counts.same === accepted) return;
  throw new Refusal(
    'import.stage-lost',
    '读入的名单在提交前丢失了一部分（数据库可能刚重新启动过）；没有改动任何数据，请再试一次。',
  );
}

/**
 * Brings the stacks of the groups from what was in force to what is now; pushes are told to `onPush`.
 * The rows of an added delivery lie on the stage under its own number.
 */
export async function restack(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  context: OpenedContext,
  change: StackChange,
  reread: Reread,
  commit: { readonly change: number; readonly fresh: boolean },
  onPush: (d: StackedDelivery, counts: PushCounts) => void = () => {},
): Promise<void> {
  const county: RegionCode = scope.county;
  const added = change.added ?? [];
  for (const key of groupsOf(change)) {
    const listed = await listGroup(tx, county, key.source, key.sender);
    await rewriteReread(tx, instance, scope, context, listed, reread);
    const group = reread.size === 0 ? listed : await listGroup(tx, county, key.source, key.sender);
    const before = group.filter((d) => !added.some((a) => a.delivery === d.delivery));
    const plan = planFor(key, before, change);
    const remaining = group.filter((d) => !change.dropped?.has(d.delivery));
    const put = async (d: StackedDelivery): Promise<void> => {
      const isNew = added.some((a) => a.delivery === d.delivery);
      const stage = isNew ? d.delivery : reread.get(d.delivery)?.stage;
      if (stage === undefined) throw concurrent();
      const counts = await push(tx, county, remaining, d, stage, commit.change, commit.fresh);
      const read = reread.get(d.delivery);
      if (isNew) onPush(d, counts);
      else if (read !== undefined) requireWhole(counts, read.accepted);
    };
    for (const d of [...plan.pops].reverse()) await pop(tx, county, d.delivery, commit.change);
    // One that is replaced by the same commit is put there and taken off again: its report says what it held.
    const passing = new Set(plan.superseded);
    const passOver = async (old: StackedDelivery): Promise<void> => {
      passing.delete(old);
      await put(old);
      await pop(tx, county, old.delivery, commit.change);
    };
    for (const d of plan.pushes) {
      for (const old of passing) if (old.region === d.region && old.as_of === d.as_of) await passOver(old);
      await put(d);
    }
    for (const old of passing) await passOver(old);
  }
}
