import { splitGroup } from '@quanbao/domain/addresses/groups';
import { AGE_BANDS, type StepClass, TAGS, type Tag, unpackClass } from '@quanbao/domain/coverage/step-class';
import { findIndicator } from '@quanbao/domain/indicators/indicators';
import { INDICATOR_TAGS } from '@quanbao/domain/indicators/people';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, type RegionLevel, regionLevel } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { seesSource, seesTag, seesVerdict } from '@quanbao/domain/sources/sight';
import type { Scope, Tx } from '../../db/port.ts';
import { loadDeliveryRefs } from '../coverage/index.ts';
import { requireRegion, type Wanted } from '../reports/index.ts';

/** Conditions on how a person stands on the day. */
export interface Conditions {
  readonly indicator?: string | undefined;
  readonly column?: number | undefined;
  readonly registered?: boolean | undefined;
  readonly paid?: boolean | undefined;
  readonly willing?: StepClass['willing'] | undefined;
  readonly tag?: string | undefined;
  readonly ageBand?: string | undefined;
}

/** What 附件3 says in the place of a reason that is not to be told. */
export const UNSEEN = '原因由县掌握';

/** What a scope may know of people on a day, and where its questions may reach. */
export interface Sight {
  readonly scope: Scope;
  readonly level: RegionLevel;
  readonly tree: RegionTree;
  readonly day: PlainDate;
  readonly sourceOf: (delivery: number) => string | undefined;
  /** Deliveries of the lists that the level may read. */
  readonly seen: readonly number[];
}

export async function sightOf(tx: Tx, scope: Scope, tree: RegionTree, day: PlainDate): Promise<Sight> {
  const level = regionLevel(scope.region) ?? 'village';
  const refs = await loadDeliveryRefs(tx, scope.county);
  return {
    scope,
    level,
    tree,
    day,
    sourceOf: (delivery) => refs.get(delivery)?.source,
    seen: [...refs.values()].filter((ref) => seesSource(level, ref.source)).map((ref) => ref.id),
  };
}

/** Whether the reason of the verdict may be told. */
export function seesStep({ level, sourceOf }: Sight, facts: StepClass, delivery: number): boolean {
  return seesVerdict(level, facts, sourceOf(delivery));
}

/** Whether column, reason and document of a decision may be told: 服刑 on a paper is 服刑 in a list. */
export function seesDecision(level: RegionLevel, column: number | null): boolean {
  return column === null || seesVerdict(level, { column, rank: 0 }, undefined);
}

export function seenTags({ level }: Sight, facts: StepClass): Tag[] {
  return facts.tags.filter((tag) => seesTag(level, tag));
}

/** The region that is asked about, or the village's group. @throws Refusal when it is unknown or not the scope's */
export function askedPlace(tree: RegionTree, scope: Scope, code: RegionCode | undefined): RegionCode {
  if (code === undefined) return scope.region;
  askedRegion(tree, scope, splitGroup(code).region);
  return code;
}

/** The region that is asked about. @throws Refusal when it is unknown or not the scope's */
export function askedRegion(tree: RegionTree, scope: Scope, region: RegionCode | undefined): RegionCode {
  if (region === undefined) return scope.region;
  if (regionLevel(region) === 'group') requireRegion(tree, scope, region);
  if (!isWithin(region, scope.county) || tree.path(region) === '') {
    throw new Refusal(
      'report.region',
      `本县没有代码为 ${region} 的区划；乡镇是 9 位、村（社区）是 12 位代码。`,
    );
  }
  if (!isWithin(region, scope.region)) {
    throw new Refusal('report.scope', `${tree.path(region)}不在您的管辖范围内。`);
  }
  return region;
}

/**
 * The classes that meet the conditions. Whose reason the level may not know is listed only where it makes no
 * difference to the answer: a list of 服刑人员 would tell it.
 * @returns undefined when nothing is asked of how people stand
 */
export async function wantedClasses(
  tx: Tx,
  { scope, level, seen }: Sight,
  conditions: Conditions,
): Promise<Wanted | undefined> {
  const matches = predicateOf(level, conditions);
  if (matches === undefined) return undefined;
  const classes = new Set<number>();
  const bySeen = new Set<number>();
  for (const code of await knownClasses(tx, scope.county)) {
    const facts = unpackClass(code);
    if (!matches(facts)) continue;
    const open = seesVerdict(level, facts, undefined) || disguises(facts).every(matches);
    (open ? classes : bySeen).add(code);
  }
  return { classes, ...(bySeen.size === 0 ? {} : { bySeen: { classes: bySeen, deliveries: seen } }) };
}

export async function knownClasses(tx: Tx, county: RegionCode): Promise<number[]> {
  const rows = await tx.query<{ class: number }>('select class from step_class where county = $1', [county]);
  return rows.map((row) => row.class);
}

/** Everything somebody out of scope might be, for whom it is not to be told. */
function disguises(facts: StepClass): StepClass[] {
  return [8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((column) => ({
    ...facts,
    column,
    insuredAny: facts.registered || column <= 10,
  }));
}

function predicateOf(
  level: RegionLevel,
  { indicator, column, registered, paid, willing, tag, ageBand }: Conditions,
): ((facts: StepClass) => boolean) | undefined {
  const all: ((facts: StepClass) => boolean)[] = [];
  if (indicator !== undefined) {
    const found = findIndicator(indicator);
    if (found?.kind !== 'count' || found.over !== 'people') {
      throw new Refusal('people.indicator', '没有这个指标，或它是比率、不对应具体人员；请换一个条件。');
    }
    if (INDICATOR_TAGS[indicator]?.some((tag) => !seesTag(level, tag))) {
      throw new Refusal('people.tag', `“${found.name}”要看的名单不在您可以查看的范围内，名单请向县里查询。`);
    }
    all.push(found.matches);
  }
  if (column !== undefined) all.push((c) => c.column === column);
  if (registered !== undefined) all.push((c) => c.registered === registered);
  if (paid !== undefined) all.push((c) => c.paid === paid);
  if (willing !== undefined) all.push((c) => c.willing === willing);
  if (tag !== undefined) {
    const known = TAGS.find((one) => one === tag);
    if (known === undefined) throw new Refusal('people.tag', '没有这个标签；请换一个条件。');
    if (!seesTag(level, known)) {
      throw new Refusal('people.tag', '这个标签所依据的名单不对您所在的层级开放，不能按它查人。');
    }
    all.push((c) => c.tags.includes(known));
  }
  if (ageBand !== undefined) {
    const known = AGE_BANDS.find((one) => one === ageBand);
    if (known === undefined) throw new Refusal('people.age', '没有这个年龄段；请换一个条件。');
    all.push((c) => c.ageBand === known);
  }
  return all.length === 0 ? undefined : (c) => all.every((one) => one(c));
}
