import { unreachableRules } from '@quanbao/domain/addresses/cover';
import { draftOf, rulesOfTable, sameRule, type WrittenRule } from '@quanbao/domain/addresses/draft';
import {
  type AddressRule,
  ALWAYS,
  inOrder,
  RULE_KINDS,
  type RuleDraft,
  ruleWords,
} from '@quanbao/domain/addresses/rules';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { peek } from '../sources/index.ts';
import { insertRules, loadRules, type StoredRule } from './store.ts';

/** Of one owner: more would be no table that somebody still reads. */
const MOST_RULES = 2_000;
/** Rows above the first rule: titles and headings. */
const MOST_HEAD = 9;

export interface RuleLine {
  number: number;
  owner: { code: RegionCode; name: string };
  position: number;
  kind: string;
  kindTitle: string;
  words: string;
  village: { code: RegionCode; name: string; path: string } | null;
  texts: string[];
  without: string[];
  parity: string;
  first: number | null;
  last: number | null;
  from: PlainDate | null;
  to: PlainDate | null;
  note: string;
  actor: string;
  madeAt: string;
  retiredAt: string | null;
  /** Why it can never match; null where it can. */
  unreachable: string | null;
}

/** The rules that concern a scope, in the order in which they are tried: a town meets its own and the county's. */
export async function listRules(
  instance: Instance,
  scope: Scope,
  options: { retired?: boolean | undefined } = {},
): Promise<RuleLine[]> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    return ruleLines(tree, rulesSeen(await loadRules(tx, scope.county, options.retired), scope));
  });
}

/** Those of places within the scope and those of places above it. */
export function rulesSeen<R extends AddressRule>(rules: readonly R[], scope: Scope): R[] {
  return inOrder(rules.filter(({ owner }) => isWithin(owner, scope.region) || isWithin(scope.region, owner)));
}

function ruleLines(tree: RegionTree, rules: readonly StoredRule[]): RuleLine[] {
  const dead = new Map(
    unreachableRules(rules.filter((rule) => rule.retiredAt === null)).map((one) => [one.rule, one.because]),
  );
  return rules.map((rule) => ({
    number: rule.number,
    owner: { code: rule.owner, name: tree.get(rule.owner)?.name ?? rule.owner },
    position: rule.position,
    kind: rule.kind,
    kindTitle: RULE_KINDS.find(({ kind }) => kind === rule.kind)?.title ?? rule.kind,
    words: ruleWords(rule),
    village: rule.village === '' ? null : placeOf(tree, rule.village),
    texts: [...rule.texts],
    without: [...rule.without],
    parity: rule.parity,
    first: rule.first ?? null,
    last: rule.last ?? null,
    from: rule.from === ALWAYS ? null : rule.from,
    to: rule.to === FOREVER ? null : rule.to,
    note: rule.note,
    actor: rule.actor,
    madeAt: rule.madeAt,
    retiredAt: rule.retiredAt,
    unreachable: rule.retiredAt === null ? (dead.get(rule.number) ?? null) : null,
  }));
}

/** @throws Refusal where the account may not keep rules for the place */
function requireOwner(tree: RegionTree, scope: Scope, owner: RegionCode): void {
  const level = regionLevel(owner);
  if ((level !== 'county' && level !== 'town') || tree.get(owner) === undefined) {
    throw new Refusal('address.owner', '规则属于全县或一个乡镇（街道）；请写 6 位或 9 位代码。');
  }
  if (!isWithin(owner, scope.region)) {
    throw new Refusal('report.scope', '您只能维护本乡镇的规则；全县的规则由县级经办维护。');
  }
}

function requireNoNumber(drafts: readonly RuleDraft[]): void {
  for (const { texts, without, note } of drafts) {
    if ([...texts, ...without, note].some(holdsIdNumber)) {
      throw new Refusal('address.id-number', '规则里不能有身份证号码；请删去后再写。');
    }
  }
}

/**
 * A new rule, at the end of its owner's list or in the place of one that is retired by it.
 * @param scope of the account
 */
export async function addRule(
  instance: Instance,
  scope: Scope,
  written: WrittenRule & { readonly owner?: RegionCode | undefined; readonly replaces?: number | undefined },
): Promise<RuleLine> {
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await lockRules(tx, scope.county);
    const tree = await loadRegionTree(tx, scope.county);
    const rules = await loadRules(tx, scope.county);
    const old = written.replaces === undefined ? undefined : ownRule(rules, scope, written.replaces);
    const owner = old?.owner ?? written.owner ?? scope.region;
    requireOwner(tree, scope, owner);
    const draft = draftOf(written, tree, owner);
    requireNoNumber([draft]);
    const own = rules.filter((rule) => rule.owner === owner && rule !== old);
    const same = own.find((rule) => sameRule(rule, draft) && rule.village === draft.village);
    if (same !== undefined) {
      throw new Refusal('address.exists', `第 ${same.number} 号规则已经这样写；没有再加一条。`);
    }
    if (own.length >= MOST_RULES) throw tooMany();
    if (old !== undefined) await retire(tx, scope, [old.number]);
    const position = old?.position ?? lastPosition(own) + 1;
    const [number] = await insertRules(tx, scope.county, scope.actor, owner, [{ ...draft, position }]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'address.rules.add',
      subject: `rule ${number}`,
      region: owner,
      detail: { ...recorded(draft), ...(old && { replaces: old.number }) },
    });
    const lines = ruleLines(tree, rulesSeen(await loadRules(tx, scope.county), scope));
    return lines.find((line) => line.number === number) as RuleLine;
  });
}

function recorded({
  kind,
  village,
  texts,
  without,
  parity,
  first,
  last,
}: RuleDraft): Record<string, unknown> {
  return { kind, village, texts, without, ...(kind === 'street' && { parity, first, last }) };
}

function tooMany(): Refusal {
  return new Refusal('address.many', `一个县或乡镇最多 ${MOST_RULES} 条规则；请先停用不用的规则。`);
}

function lastPosition(rules: readonly AddressRule[]): number {
  return Math.max(0, ...rules.map((rule) => rule.position));
}

/** One writer at a time: the order of a list is one thing. */
async function lockRules(tx: Tx, county: RegionCode): Promise<void> {
  await tx.query('select 1 from county where county = $1 for update', [county]);
}

function ownRule(rules: readonly StoredRule[], scope: Scope, number: number): StoredRule {
  const rule = rules.find((one) => one.number === number && isWithin(one.owner, scope.region));
  if (rule === undefined) {
    throw new Refusal(
      'address.unknown',
      `没有第 ${number} 号规则，或已停用，或不是您这里的规则；请刷新后再试。`,
    );
  }
  return rule;
}

async function retire(tx: Tx, scope: Scope, numbers: readonly number[]): Promise<void> {
  await tx.query(
    'update address_rule set retired_at = now(), retired_by = $3 where county = $1 and rule = any($2::int[]) and retired_at is null',
    [scope.county, [...numbers], scope.actor],
  );
}

/** Takes a rule out of use. Whom it has placed stays where he is until the application is undone. */
export async function retireRule(
  instance: Instance,
  scope: Scope,
  number: number,
): Promise<{ number: number }> {
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await lockRules(tx, scope.county);
    const rule = ownRule(await loadRules(tx, scope.county), scope, number);
    await retire(tx, scope, [number]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'address.rules.retire',
      subject: `rule ${number}`,
      region: rule.owner,
      detail: {},
    });
    return { number };
  });
}

/** Puts an owner's rules into the order given; all of them are named. */
export async function orderRules(
  instance: Instance,
  scope: Scope,
  { owner, numbers }: { readonly owner: RegionCode; readonly numbers: readonly number[] },
): Promise<{ ordered: number }> {
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await lockRules(tx, scope.county);
    requireOwner(await loadRegionTree(tx, scope.county), scope, owner);
    const own = (await loadRules(tx, scope.county)).filter((rule) => rule.owner === owner);
    const wanted = new Set(numbers);
    if (
      wanted.size !== numbers.length ||
      own.length !== wanted.size ||
      own.some((rule) => !wanted.has(rule.number))
    ) {
      throw new Refusal('address.order', '规则刚有增减，次序没有改动；请刷新后再排。');
    }
    await place(tx, scope.county, numbers);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'address.rules.order',
      subject: 'rules',
      region: owner,
      detail: { rules: numbers.length },
    });
    return { ordered: numbers.length };
  });
}

async function place(tx: Tx, county: RegionCode, numbers: readonly number[]): Promise<void> {
  await tx.query(
    `update address_rule r set position = u.position from unnest($2::int[], $3::int[]) as u (rule, position)
     where r.county = $1 and r.rule = u.rule`,
    [county, [...numbers], numbers.map((_, i) => i + 1)],
  );
}

export interface FileReport {
  read: number;
  added: number;
  same: number;
  retired: number;
  /** Rules that can never match, with the reason. */
  unreachable: { number: number; because: string }[];
}

/**
 * A table of rules from a file (xlsx, xls, csv): those that are there already stay, the new ones follow in its order.
 * @param options.replace the file is the whole table of its owner: what it does not have is retired, its order holds
 */
export async function importRules(
  instance: Instance,
  scope: Scope,
  file: { readonly name: string; readonly path: string },
  options: { readonly owner?: RegionCode | undefined; readonly replace?: boolean | undefined } = {},
): Promise<FileReport> {
  const owner = options.owner ?? scope.region;
  const tables = await peek(file, MOST_RULES + MOST_HEAD + 1);
  const table = tables.find((one) => !one.hidden && one.rows.length > 0);
  if (table !== undefined && table.rows.length > MOST_RULES + MOST_HEAD) throw tooMany();
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await lockRules(tx, scope.county);
    const tree = await loadRegionTree(tx, scope.county);
    requireOwner(tree, scope, owner);
    const read = rulesOfTable(table?.rows ?? [], tree, owner, table?.numbers);
    if (read.length === 0) throw new Refusal('address.file', '文件里没有一条规则；请确认文件和工作表。');
    requireNoNumber(read.map(({ draft }) => draft));
    const rules = await loadRules(tx, scope.county);
    const own = rules.filter((rule) => rule.owner === owner);
    const there = read.map(({ draft }) => own.find((rule) => sameRule(rule, draft)));
    const fresh = read.flatMap(({ draft, row }, i) => (there[i] === undefined ? [{ draft, row }] : []));
    const twice = fresh.find(({ draft }, i) => fresh.slice(0, i).some((one) => sameRule(one.draft, draft)));
    if (twice !== undefined) {
      throw new Refusal(
        'address.twice',
        `第 ${twice.row} 行与前面的一行重复；整份规则都没有写入，请删去一行。`,
      );
    }
    const kept = new Set(there.filter((rule) => rule !== undefined).map((rule) => rule.number));
    const gone = options.replace ? own.filter((rule) => !kept.has(rule.number)) : [];
    if (own.length + fresh.length - gone.length > MOST_RULES) throw tooMany();
    await retire(
      tx,
      scope,
      gone.map((rule) => rule.number),
    );
    const last = lastPosition(own);
    const numbers = await insertRules(
      tx,
      scope.county,
      scope.actor,
      owner,
      fresh.map(({ draft }, i) => ({ ...draft, position: last + 1 + i })),
    );
    if (options.replace) {
      let next = 0;
      await place(
        tx,
        scope.county,
        there.map((rule) => rule?.number ?? (numbers[next++] as number)),
      );
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'address.rules.add',
      subject: 'rules',
      region: owner,
      detail: { added: fresh.length, retired: gone.length },
    });
    const now = unreachableRules(rulesSeen(await loadRules(tx, scope.county), scope));
    return {
      read: read.length,
      added: fresh.length,
      same: kept.size,
      retired: gone.length,
      unreachable: now.map((one) => ({ number: one.rule, because: one.because })),
    };
  });
}
