import { createHash } from 'node:crypto';
import { type Assignment, assign, type Unplaced } from '@quanbao/domain/addresses/assign';
import { unreachableRules } from '@quanbao/domain/addresses/cover';
import { ruleWords } from '@quanbao/domain/addresses/rules';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { judgeAnew, nextChange } from '../coverage/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { indexRegister, namesOf, placeOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion } from '../reports/index.ts';
import { rulesSeen } from './rules.ts';
import {
  insertPlacements,
  loadRules,
  type Placement,
  readAddresses,
  readHouseholds,
  readUnplaced,
  type StoredRule,
} from './store.ts';

export interface ApplicationOrder {
  /** The county, or a town; what the account is for unless given. */
  readonly region?: RegionCode | undefined;
  /** The day from which the people stand in their village; the newest list's unless given. */
  readonly from?: PlainDate | undefined;
}

export interface Preview {
  region: { code: RegionCode; name: string; path: string };
  from: PlainDate;
  /** Who stands in no village; of them placed, and left as they are. */
  unplaced: number;
  placed: number;
  left: number;
  rules: {
    number: number;
    words: string;
    people: number;
    /** Addresses that fit, of people known to stand in another town. */
    elsewhere: number;
    unreachable: string | null;
    samples: { person: number; name: string; address: string; village: string }[];
  }[];
  villages: { code: RegionCode; name: string; path: string; people: number }[];
  /** Households whose known members stand in several villages: nobody follows them. */
  torn: number;
  /** Of who is placed where by which rule: given back when it is applied. */
  digest: string;
}

const SAMPLES = 5;

/** What applying the rules would do, to whom; changes nothing. */
export async function previewApplication(
  instance: Instance,
  scope: Scope,
  order: ApplicationOrder,
): Promise<Preview> {
  const asked = await whoIsAsked(instance, scope, order);
  const found = await instance.db.transaction(journalOf(scope), (tx) => assignIn(tx, scope, asked));
  const { tree, region, from } = asked;
  const addresses = new Map(found.people.map((one) => [one.person, one.address]));
  const byRule = new Map<number, Assignment['placed']>();
  for (const one of found.placed) {
    const kept = byRule.get(one.rule) ?? [];
    if (kept.length < SAMPLES) byRule.set(one.rule, [...kept, one]);
  }
  const counts = countBy(found.placed, (one) => one.rule);
  const villages = countBy(found.placed, (one) => one.village);
  const dead = new Map(unreachableRules(found.rules).map((one) => [one.rule, one.because]));
  const sampled = [...byRule.values()].flat();
  const names = await instance.db.transaction(scope, async (tx) => {
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'address.preview',
      subject: 'rules',
      region,
      detail: { from, people: found.placed.length, shown: sampled.length },
    });
    return namesOf(
      tx,
      instance,
      scope,
      sampled.map((one) => one.person),
    );
  });
  return {
    region: placeOf(tree, region),
    from,
    unplaced: found.people.length,
    placed: found.placed.length,
    left: found.people.length - found.placed.length,
    rules: found.rules.map((rule) => ({
      number: rule.number,
      words: sentenceOf(tree, rule),
      people: counts.get(rule.number) ?? 0,
      elsewhere: found.elsewhere.get(rule.number) ?? 0,
      unreachable: dead.get(rule.number) ?? null,
      samples: (byRule.get(rule.number) ?? []).map((one) => ({
        person: one.person,
        name: names.get(one.person)?.name ?? '',
        address: addresses.get(one.person) ?? '',
        village: tree.path(one.village),
      })),
    })),
    villages: [...villages]
      .map(([code, people]) => ({ ...placeOf(tree, code), people }))
      .sort((a, b) => b.people - a.people || (a.code < b.code ? -1 : 1)),
    torn: found.torn.size,
    digest: digestOf(found.placed),
  };
}

/** The same for the same people placed in the same villages by the same rules, in whatever order. */
function digestOf(placed: Assignment['placed']): string {
  const lines = placed.map(({ person, rule, village }) => `${person} ${rule} ${village}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

function countBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

/** A rule with the village it leads to. */
export function sentenceOf(tree: RegionTree, rule: StoredRule): string {
  return rule.village === '' ? ruleWords(rule) : `${ruleWords(rule)} → ${tree.path(rule.village)}`;
}

interface Asked {
  readonly tree: RegionTree;
  readonly region: RegionCode;
  readonly from: PlainDate;
  /** The latest day: who stands in no village then is asked for. */
  readonly day: PlainDate;
  /** Whom the account sees standing in no village. */
  readonly seen: readonly { person: number; region: RegionCode }[];
}

/** Whose village is asked for: of whom the account sees, and the database decides whom that is. */
async function whoIsAsked(instance: Instance, scope: Scope, order: ApplicationOrder): Promise<Asked> {
  const region = order.region ?? scope.region;
  const asked = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    requireRegion(tree, scope, region);
    const level = regionLevel(region);
    if (level !== 'county' && level !== 'town') {
      throw new Refusal('address.region', '分村按全县或一个乡镇（街道）进行；请写 6 位或 9 位代码。');
    }
    const days = await askableDays(tx, scope.county);
    const day = chooseDay(days, undefined);
    const from = chooseDay(days, order.from);
    if (from > day) throw new Refusal('address.from', `起日 ${from} 晚于最新一份名单（${day}）；请改早。`);
    const rules = rulesSeen(await loadRules(tx, scope.county), scope);
    const follows = rules.some((rule) => rule.kind === 'household');
    return { tree, region, from, day, follows, seen: await readUnplaced(tx, tree, region, day) };
  });
  // Households are looked up in the search index, which follows the commits.
  if (asked.follows) await indexRegister(instance, scope.county);
  return asked;
}

interface Found extends Assignment {
  readonly rules: StoredRule[];
  readonly people: Unplaced[];
}

async function assignIn(tx: Tx, scope: Scope, { tree, region, day, seen }: Asked): Promise<Found> {
  const at: Scope = { ...journalOf(scope), region };
  const rules = rulesSeen(await loadRules(tx, scope.county), at);
  const may = new Set(seen.map((one) => one.person));
  const standing = (await readUnplaced(tx, tree, region, day)).filter((one) => may.has(one.person));
  const people = await readAddresses(tx, scope.county, standing, day);
  const follows = rules.some((rule) => rule.kind === 'household');
  const households = follows ? [...new Set(people.map((one) => one.household).filter((h) => h !== ''))] : [];
  const known = await readHouseholds(tx, scope.county, households, day);
  return { ...assign(rules, day, people, known), rules, people };
}

export interface ApplicationReport {
  application: number;
  from: PlainDate;
  people: number;
  /** Whose verdicts, counts or village came out different. */
  changed: number;
  left: number;
}

/**
 * Applies the rules: one commit that places everybody they find, each with what it was read from.
 * @param order.expected how many the preview said, and `digest` whom; another one means that something has come between
 */
export async function applyRules(
  instance: Instance,
  scope: Scope,
  order: ApplicationOrder & {
    readonly expected?: number | undefined;
    readonly digest?: string | undefined;
  },
): Promise<ApplicationReport> {
  const asked = await whoIsAsked(instance, scope, order);
  const { county } = scope;
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const change = await nextChange(tx, county);
    const { placed, people, rules } = await assignIn(tx, scope, asked);
    if (placed.length === 0) {
      throw new Refusal(
        'address.nothing',
        `${people.length} 个未分村的人里没有一个符合规则；没有改动任何数据，请先添加规则。`,
      );
    }
    if (order.expected !== undefined && order.expected !== placed.length) {
      throw new Refusal(
        'address.changed',
        `预览时是 ${order.expected} 人，现在是 ${placed.length} 人：名单或规则刚有变动。没有改动任何数据，请重新预览。`,
      );
    }
    if (order.digest !== undefined && order.digest !== digestOf(placed)) {
      throw new Refusal(
        'address.changed',
        '归村的人、所用的规则或归入的村与预览时不同：名单或规则刚有变动。没有改动任何数据，请重新预览。',
      );
    }
    const [next] = await tx.query<{ n: number }>(
      'select coalesce(max(application), 0)::int + 1 as n from address_application where county = $1',
      [county],
    );
    const application = Number(next?.n);
    const { region, from } = asked;
    const summary = {
      unplaced: people.length,
      rules: Object.fromEntries(countBy(placed, (one) => one.rule)),
      villages: Object.fromEntries(countBy(placed, (one) => one.village)),
    };
    await tx.query(
      `insert into address_application (county, application, region, from_day, people, summary, actor)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [county, application, region, from, placed.length, JSON.stringify(summary), scope.actor],
    );
    await insertPlacements(tx, county, application, placementsOf(placed, people, rules, from));
    const { changed } = await judgeAnew(
      tx,
      county,
      change,
      placed.map((one) => one.person),
    );
    await record(tx, {
      county,
      actor: scope.actor,
      act: 'address.apply',
      subject: `application ${application}`,
      region,
      detail: { people: placed.length, from, rules: Object.keys(summary.rules).length },
    });
    return { application, from, people: placed.length, changed, left: people.length - placed.length };
  });
}

function placementsOf(
  placed: Assignment['placed'],
  people: readonly Unplaced[],
  rules: readonly StoredRule[],
  from: PlainDate,
): Placement[] {
  const said = new Map(people.map((one) => [one.person, one]));
  const known = new Map(rules.map((rule) => [rule.number, rule]));
  return placed.map((one) => {
    const rule = known.get(one.rule) as StoredRule;
    const { address, household } = said.get(one.person) as Unplaced;
    const follows = rule.kind === 'household';
    return {
      ...one,
      address: follows ? '' : address,
      household: follows ? household : '',
      from: rule.from > from ? rule.from : from,
      to: rule.to,
    };
  });
}

/** Takes an application back for everybody it placed. */
export async function undoApplication(
  instance: Instance,
  scope: Scope,
  application: number,
): Promise<{ application: number; people: number; changed: number }> {
  const seen = await instance.db.transaction(scope, (tx) =>
    tx.query('select 1 from address_application where county = $1 and application = $2', [
      scope.county,
      application,
    ]),
  );
  const unknown = new Refusal(
    'address.unknown',
    `没有第 ${application} 次分村，或不是您这里的，或已经撤回。`,
  );
  if (seen.length === 0) throw unknown;
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const change = await nextChange(tx, scope.county);
    const [undone] = await tx.query<{ region: string }>(
      `update address_application set undone_at = now(), undone_by = $3
       where county = $1 and application = $2 and undone_at is null returning region`,
      [scope.county, application, scope.actor],
    );
    if (undone === undefined) throw unknown;
    const rows = await tx.query<{ person: number }>(
      'update address_placement set undone_at = now() where county = $1 and application = $2 returning person_no as person',
      [scope.county, application],
    );
    const people = rows.map((row) => Number(row.person));
    const { changed } = await judgeAnew(tx, scope.county, change, people);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'address.apply.undo',
      subject: `application ${application}`,
      region: undone.region,
      detail: { people: people.length },
    });
    return { application, people: people.length, changed };
  });
}
