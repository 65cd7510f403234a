import type * as contract from '@quanbao/contract/field';
import type { BodyOf } from '@quanbao/contract/route';
import type { Content } from '@quanbao/domain/coverage/claim';
import { addDays, chinaDay, dayNumber, isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { PROOFS, type Proof, reasonOf } from '@quanbao/domain/ledger/reasons';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { surveyChoice, WAY_WORDS } from '@quanbao/domain/survey/answers';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { judgeAnew, nextChange } from '../coverage/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { workDay } from '../reports/index.ts';
import { noteDays, rollHorizon } from '../sources/index.ts';
import { type Ahead, turnFirst } from './ahead.ts';
import {
  type Found,
  type FoundOrder,
  foundMessages,
  insertFound,
  knownFound,
  noticeFound,
  openAgain,
  readFoundOrders,
  replaceFound,
} from './found.ts';
import { type Accepted, insertDelivery, insertVisits, takeBack } from './visit-rows.ts';

type Sync = BodyOf<typeof contract.fieldSync>;
type Command = Sync['commands'][number];

export interface CommandResult {
  command: string;
  status: 'applied' | 'known' | 'refused';
  code: string | null;
  message: string | null;
}

/** The oldest answer a device may still bring. */
const OLDEST_DAYS = 400;

/**
 * Takes answers from a device: each once, however often it is sent; one that is refused is named with its reason and
 * holds up none. What is applied becomes one delivery of the survey, in one commit with the verdicts and the ledger.
 * @param seen the scope of the account: whom it may speak of, the database decides
 * @param ahead turns the county's horizon beside, where that is due
 */
export async function syncVisits(
  instance: Instance,
  seen: Scope,
  sync: Pick<Sync, 'device' | 'now' | 'commands' | 'found'>,
  now = new Date(),
  ahead?: Ahead,
): Promise<{ results: CommandResult[]; wanted: string[] }> {
  const commands = [...new Map(sync.commands.map((one) => [one.command, one])).values()];
  const results = new Map<string, CommandResult>();
  const refuse = (command: string, { code, message }: { code: string; message: string }): void => {
    results.set(command, { command, status: 'refused', code, message });
  };
  const whole = journalOf(seen);
  const today = await surveyDay(instance, whole, now);
  const skew = skewOf(sync.now, now);
  const { places, tree } = await whereTheyStand(instance, seen, commands, today.day);
  const accepted: Accepted[] = [];
  for (const command of commands) {
    try {
      const region = places.get(command.person);
      if (region === undefined) {
        throw new Refusal('visit.person', '此人不在您负责的村（社区），或已迁出；请刷新名单后再试。');
      }
      const day = dayOfVisit(command.madeAt, skew, now, today);
      accepted.push({ command, region, day, ...contentOf(command, tree, instance, day) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refuse(command.command, error.problem);
    }
  }
  const orders = uniqueFound(sync.found ?? [], commands);
  const found = await readFoundOrders(instance, seen, orders, {
    tree,
    today: today.day,
    dayOf: (madeAt) => dayOfVisit(madeAt, skew, now, today),
    contentOf: (command, day) => contentOf(command, tree, instance, day),
    refuse,
  });
  const applied = await commit(instance, seen, sync.device, { accepted, found }, today.day, ahead);
  const messages = foundMessages(found, tree);
  for (const command of [...accepted, ...found].map((one) => one.command.command)) {
    results.set(command, {
      command,
      status: applied.has(command) ? 'applied' : 'known',
      code: null,
      message: messages.get(command) ?? null,
    });
  }
  // A command may be known though its person has left the village since.
  const refused = [...results.values()].filter(({ status }) => status === 'refused').map((r) => r.command);
  for (const command of await knownCommands(instance, whole, refused)) {
    results.set(command, { command, status: 'known', code: null, message: null });
  }
  const wanted = await missingMedia(
    instance,
    whole,
    [...commands, ...orders].flatMap((one) => one.media ?? []),
  );
  return {
    results: [...commands, ...orders].map((one) => results.get(one.command) as CommandResult),
    wanted,
  };
}

/** A number stands for one thing: an answer of somebody listed goes before one of the same number. */
function uniqueFound(found: readonly FoundOrder[], commands: readonly Command[]): FoundOrder[] {
  const taken = new Set(commands.map((one) => one.command));
  return [...new Map(found.map((one) => [one.command, one])).values()].filter(
    (one) => !taken.has(one.command),
  );
}

export interface Today {
  /** The day of a receipt now. */
  readonly day: PlainDate;
  /** Days from the calendar's today to it: a demo county lives in the days of its lists. */
  readonly shift: number;
}

/** Today; in a demo county the day of its newest list. */
export async function surveyDay(instance: Instance, scope: Scope, now: Date): Promise<Today> {
  const day = await instance.db.transaction(scope, (tx) => workDay(tx, scope, now));
  return { day, shift: dayNumber(day) - dayNumber(chinaDay(now)) };
}

/** By how much the device's clock goes wrong, in milliseconds. */
export function skewOf(device: string, now: Date): number {
  const said = Date.parse(withZone(device));
  return Number.isNaN(said) ? 0 : now.getTime() - said;
}

/** A clock without a zone is one in China. */
function withZone(moment: string): string {
  return /(Z|[+-]\d{2}:?\d{2})$/.test(moment) ? moment : `${moment}+08:00`;
}

/** By the right clock, in milliseconds; nothing was written down after it was sent. NaN where it is no moment. */
export function rightMoment(madeAt: string, skew: number, now: Date): number {
  return Math.min(Date.parse(withZone(madeAt)) + skew, now.getTime());
}

/** Nobody was visited so long before his answer is sent: that clock was wrong. */
export function isTooOld(right: number, now: Date): boolean {
  return now.getTime() - right > OLDEST_DAYS * 86_400_000;
}

function dayOfVisit(madeAt: string, skew: number, now: Date, today: Today): PlainDate {
  const right = rightMoment(madeAt, skew, now);
  if (Number.isNaN(right)) throw new Refusal('visit.moment', '走访时间不对；请核对时间后再试。');
  if (isTooOld(right, now)) {
    throw new Refusal('visit.moment', '走访时间太早；请核对时间，重新走访后再报。');
  }
  return addDays(chinaDay(new Date(right)), today.shift);
}

/** Where each person stands, of those the account sees. */
async function whereTheyStand(
  instance: Instance,
  seen: Scope,
  commands: readonly Command[],
  day: PlainDate,
): Promise<{ places: Map<number, RegionCode>; tree: RegionTree }> {
  return instance.db.transaction(seen, async (tx) => {
    const rows = await tx.query<{ person_no: number; region: string }>(
      `select person_no, region from step where county = $1 and person_no = any($2::bigint[]) and from_day <= $3 and to_day > $3`,
      [seen.county, [...new Set(commands.map((one) => one.person))], day],
    );
    return {
      places: new Map(rows.map((row) => [Number(row.person_no), row.region])),
      tree: await loadRegionTree(tx, seen.county),
    };
  });
}

/** @throws Refusal for what no answer may hold */
export function contentOf(
  command: Command,
  tree: RegionTree,
  instance: Instance,
  day: PlainDate,
): { content: Content; phone: string | undefined } {
  const choice = surveyChoice(command.answer);
  if (choice === undefined) throw new Refusal('visit.answer', '没有这种答复；请更新程序后再试。');
  const { reason } = command;
  const texts = [command.remark, reason?.text, reason?.place, reason?.scheme].filter((t) => t !== undefined);
  if (texts.some(holdsIdNumber)) {
    throw new Refusal('visit.id-number', '备注和原因里不能写身份证号码；请删去后再报。');
  }
  if (command.village !== undefined && tree.get(command.village)?.level !== 'village') {
    throw new Refusal('visit.village', '更正的村（社区）代码不在本县；请重新选择。');
  }
  const phone = command.phone?.replace(/[\s-]/g, '');
  if (phone !== undefined && !/^\d{7,12}$/.test(phone)) {
    throw new Refusal('visit.phone', '电话号码不对（7 至 12 位数字）；请改正后再报。');
  }
  if (reason?.checked !== undefined && !isPlainDate(reason.checked)) {
    throw new Refusal('visit.checked', '核实时间应为 2020-08-31 的样子；请改正后再报。');
  }
  const code = reason?.code ?? choice.reason;
  if (code !== undefined && reasonOf(code) === undefined) {
    throw new Refusal('visit.reason', '没有这种原因；请更新程序后再试。');
  }
  const proofs = (command.proofs ?? []).filter((one): one is Proof =>
    (PROOFS as readonly string[]).includes(one),
  );
  // Where attempts are the proof, none says that there is none; a dated row of a workbook counts as one.
  const attempts = (command.attempts ?? []).length;
  const byAttempts = code !== undefined && (reasonOf(code)?.attempts ?? 0) > 0;
  return {
    phone,
    content: {
      w: choice.answer,
      d: day,
      cw: WAY_WORDS[command.way],
      ...(code === undefined ? {} : { rc: code }),
      ...(given(reason?.text) && { rs: reason?.text }),
      ...(given(reason?.place) && { pl: reason?.place }),
      ...(given(reason?.scheme) && { sc: reason?.scheme }),
      ...(given(reason?.checked) && { ck: reason?.checked }),
      ...(given(command.remark) && { m: command.remark }),
      ...(proofs.length > 0 && { pf: [...proofs].sort() }),
      ...((attempts > 0 || byAttempts) && { at: attempts }),
      ...(command.village !== undefined && { g: command.village, gq: 'code' as const }),
      ...(phone !== undefined && { ph: instance.cipher.phoneKey(phone) }),
    } as Content,
  };
}

function given(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}

/** What one device brought, waiting for its commit. */
interface Brought {
  readonly seen: Scope;
  readonly device: string;
  readonly accepted: readonly Accepted[];
  readonly found: readonly Found[];
  readonly day: PlainDate;
  readonly ahead: Ahead | undefined;
  readonly done: (applied: Set<string>) => void;
  readonly failed: (error: unknown) => void;
}

/** So many devices share one commit at most. */
const SHARED = 25;
const queues = new WeakMap<Instance['db'], { waiting: Brought[]; busy: boolean }>();

/**
 * Commits wait for each other in the process, not each on a connection of its own: two hundred devices would leave none
 * for whoever reads (measured: 7 s at the 95th percentile at the desk). Those that wait share the next commit.
 * @returns the commands that were not there before
 */
function commit(
  instance: Instance,
  seen: Scope,
  device: string,
  { accepted, found }: Pick<Brought, 'accepted' | 'found'>,
  day: PlainDate,
  ahead: Ahead | undefined,
): Promise<Set<string>> {
  if (accepted.length + found.length === 0) return Promise.resolve(new Set());
  const queue = queues.get(instance.db) ?? { waiting: [], busy: false };
  queues.set(instance.db, queue);
  return new Promise((done, failed) => {
    queue.waiting.push({ seen, device, accepted, found, day, ahead, done, failed });
    if (!queue.busy) void drain(instance, queue);
  });
}

async function drain(instance: Instance, queue: { waiting: Brought[]; busy: boolean }): Promise<void> {
  queue.busy = true;
  while (queue.waiting.length > 0) {
    const { county } = (queue.waiting[0] as Brought).seen;
    const together = queue.waiting.filter((one) => one.seen.county === county).slice(0, SHARED);
    queue.waiting = queue.waiting.filter((one) => !together.includes(one));
    const { seen, ahead } = together[0] as Brought;
    try {
      if (ahead !== undefined) {
        await turnFirst(
          instance,
          seen,
          together.map(({ day }) => day),
          ahead,
        );
      }
      const applied = await commitTogether(instance, together);
      for (const one of together) one.done(applied.get(one) ?? new Set());
    } catch (error) {
      // One of them may be at fault: each by itself, so that it holds up no other.
      if (together.length === 1) (together[0] as Brought).failed(error);
      else {
        for (const one of together) {
          await commitTogether(instance, [one]).then(
            (applied) => one.done(applied.get(one) ?? new Set()),
            one.failed,
          );
        }
      }
    }
  }
  queue.busy = false;
}

async function commitTogether(
  instance: Instance,
  together: readonly Brought[],
): Promise<Map<Brought, Set<string>>> {
  const { county } = (together[0] as Brought).seen;
  const scope = journalOf((together[0] as Brought).seen);
  return instance.db.transaction(scope, async (tx) => {
    const [numbers] = await tx.query<{ delivery: number; change: number }>(
      `update county set next_delivery = next_delivery + $2, next_change = next_change + 1 where county = $1
       returning next_delivery - $2 as delivery, next_change - 1 as change`,
      [county, together.length],
    );
    const change = Number(numbers?.change);
    const there = await tx.query<{ command: string }>(
      'select command::text from visit where county = $1 and command = any($2::uuid[])',
      [county, together.flatMap(({ accepted }) => accepted.map(({ command }) => command.command))],
    );
    const known = new Set([
      ...there.map((row) => row.command),
      ...(await knownFound(
        tx,
        scope.county,
        together.flatMap(({ found }) => found),
      )),
      ...together.flatMap(({ found }) => found.flatMap(({ command }) => command.instead ?? [])),
    ]);
    const applied = new Map<Brought, Set<string>>();
    const people = new Set<number>();
    const newlyFound: Found[] = [];
    for (const [i, one] of together.entries()) {
      const found = one.found.filter(({ command }) => !known.has(command.command));
      const fresh = [
        ...one.accepted.filter(({ command }) => !known.has(command.command)),
        ...found.flatMap(({ listed }) => (listed === undefined ? [] : [listed])),
      ];
      for (const { command } of fresh) people.add(command.person);
      for (const { command } of [...fresh, ...found]) known.add(command.command);
      applied.set(one, new Set([...fresh, ...found].map(({ command }) => command.command)));
      if (found.length > 0) {
        for (const person of await replaceFound(tx, scope, one.seen, found)) people.add(person);
        await insertFound(tx, instance, scope, one.seen, one.device, found);
        newlyFound.push(...found);
      }
      if (fresh.length === 0) continue;
      const delivery = Number(numbers?.delivery) + i;
      await insertDelivery(tx, scope, one.seen, delivery, one.day, fresh);
      await insertVisits(tx, instance, scope, one.seen, one.device, delivery, fresh);
      await record(tx, {
        county,
        actor: one.seen.actor,
        act: 'visit.sync',
        subject: `delivery ${delivery}`,
        region: one.seen.region,
        detail: { visits: fresh.length },
      });
    }
    await noticeFound(tx, county, change, newlyFound);
    if (people.size === 0) return applied;
    await noteDays(tx, county);
    // Of a county that has received no list for a year everybody turns on, unless `turnFirst` has seen to it.
    const everybody = await rollHorizon(
      tx,
      county,
      together.map(({ day }) => day),
    );
    await judgeAnew(tx, county, change, people, { everybody });
    return applied;
  });
}

async function knownCommands(
  instance: Instance,
  scope: Scope,
  commands: readonly string[],
): Promise<string[]> {
  if (commands.length === 0) return [];
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<{ command: string }>(
      `select command::text from visit where county = $1 and command = any($2::uuid[]) and actor = $3
       union select command::text from found_person where county = $1 and command = any($2::uuid[]) and actor = $3`,
      [scope.county, [...commands], scope.actor],
    ),
  );
  return rows.map((row) => row.command);
}

/** Of the files named, those that are not there whole. */
async function missingMedia(instance: Instance, scope: Scope, named: readonly string[]): Promise<string[]> {
  if (named.length === 0) return [];
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<{ digest: string }>(
      'select digest from media where county = $1 and digest = any($2::text[]) and stored is not null',
      [scope.county, [...named]],
    ),
  );
  const there = new Set(rows.map((row) => row.digest));
  return [...new Set(named)].filter((digest) => !there.has(digest));
}

/** Takes one answer back: its claim is gone, the person is judged anew, the record stays. */
export async function undoVisit(
  instance: Instance,
  scope: Scope,
  command: string,
): Promise<{ command: string; changed: number }> {
  return instance.db.transaction(scope, async (tx) => {
    const change = await nextChange(tx, scope.county);
    const person = await takeBack(tx, scope, command);
    if (person === undefined) throw new Refusal('visit.unknown', '没有这条走访记录，或已经撤回。');
    await openAgain(tx, scope, command);
    const effects = await judgeAnew(tx, scope.county, change, [person]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'visit.undo',
      subject: `person ${person}`,
      detail: {},
    });
    return { command, changed: effects.changed };
  });
}
