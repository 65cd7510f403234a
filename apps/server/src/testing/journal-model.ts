import { FOREVER } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { setSetting } from '../features/coverage/index.ts';
import { adjudicate, undoAdjudication } from '../features/register/index.ts';
import {
  type DeliveryReport,
  findRefusedRow,
  fixRow,
  receive,
  undoDelivery,
  undoFix,
} from '../features/sources/index.ts';
import { type Line, type ListSpec, PEOPLE, SCOPE, type World, WRONG } from './journal-world.ts';

/** One thing that happens to a county's journal; `nth` picks among what is there to pick from. */
export type Operation =
  | {
      readonly do: 'import';
      readonly lists: readonly ListSpec[];
      readonly slices: number;
      readonly dry: boolean;
    }
  | { readonly do: 'reissue'; readonly nth: number; readonly lines: readonly Line[] }
  | { readonly do: 'repeat'; readonly nth: number }
  | { readonly do: 'undo'; readonly nth: number }
  | { readonly do: 'fix'; readonly nth: number; readonly who: number }
  | { readonly do: 'undo-fix'; readonly nth: number }
  | {
      readonly do: 'adjudicate';
      readonly who: readonly number[];
      readonly column: number | undefined;
      readonly village: string | undefined;
      readonly from: string;
    }
  | { readonly do: 'undo-adjudication'; readonly nth: number }
  | { readonly do: 'set'; readonly key: string; readonly value: string; readonly from: string };

interface Received {
  readonly spec: ListSpec;
  readonly number: number;
  undone: boolean;
}
interface Fixed {
  readonly fix: number;
  readonly spec: ListSpec;
  readonly wrong: number;
  readonly who: number;
  undone: boolean;
}
interface Decided {
  readonly adjudication: number;
  readonly who: readonly number[];
  readonly column: number | undefined;
  readonly village: string | undefined;
  readonly from: string;
  undone: boolean;
}

/** What has happened, as the test remembers it. */
export interface Journal {
  readonly received: Received[];
  readonly fixed: Fixed[];
  readonly decided: Decided[];
  /** Settings of the county, as they were made. */
  readonly set: Extract<Operation, { do: 'set' }>[];
}

export function emptyJournal(): Journal {
  return { received: [], fixed: [], decided: [], set: [] };
}

const pick = <T>(list: readonly T[], nth: number): T | undefined => list[nth % Math.max(list.length, 1)];

function groupOf(spec: ListSpec): string {
  return `${spec.source}|${spec.sender ?? ''}`;
}

function expectThat(ok: boolean, what: string): void {
  if (!ok) throw new Error(what);
}

function checkIdentities(report: DeliveryReport): void {
  const text = JSON.stringify({ ...report, headers: undefined });
  expectThat(report.rows === report.accepted + report.duplicate + report.rejected.length, `rows: ${text}`);
  expectThat(report.accepted === report.new + report.changed + report.same, `accepted: ${text}`);
}

/** Receives lists in one commit and remembers them; checks what every report must hold. */
async function receiveLists(
  world: World,
  journal: Journal,
  lists: readonly ListSpec[],
  options: { slices?: number; dry?: boolean } = {},
): Promise<DeliveryReport[]> {
  const requests = lists.map((spec) => world.request(spec, { slices: options.slices ?? 1 }));
  const predicted = options.dry
    ? await receive(world, SCOPE, requests, { dryRun: true, acceptWithdrawals: true })
    : undefined;
  const reports = await receive(world, SCOPE, requests, { acceptWithdrawals: true });
  for (const [i, report] of reports.entries()) {
    checkIdentities(report);
    const foreseen = predicted?.[i];
    if (foreseen !== undefined) {
      const numbered = { ...foreseen, delivery: report.unchanged ? foreseen.delivery : report.delivery };
      expectThat(
        JSON.stringify(numbered) === JSON.stringify(report),
        `the dry run foresaw ${JSON.stringify(numbered)}, then came ${JSON.stringify(report)}`,
      );
    }
    if (report.unchanged) continue;
    journal.received.push({ spec: lists[i] as ListSpec, number: report.delivery as number, undone: false });
  }
  return reports;
}

/** @returns false when there was nothing to do it to */
export async function perform(world: World, journal: Journal, op: Operation): Promise<boolean> {
  const standing = journal.received.filter((d) => !d.undone);
  switch (op.do) {
    case 'import':
      await receiveLists(world, journal, op.lists, { slices: op.slices, dry: op.dry });
      return true;
    case 'reissue': {
      const old = pick(journal.received, op.nth);
      if (old === undefined) return false;
      await receiveLists(world, journal, [{ ...old.spec, lines: op.lines }]);
      return true;
    }
    case 'repeat': {
      const old = pick(journal.received, op.nth);
      if (old === undefined) return false;
      await receiveLists(world, journal, [old.spec]);
      return true;
    }
    case 'undo': {
      const target = pick(standing, op.nth);
      if (target === undefined) return false;
      await undoDelivery(world, SCOPE, target.number);
      target.undone = true;
      return true;
    }
    case 'fix': {
      const rejected = await world.db.transaction(SCOPE, (tx) =>
        tx.query<{ delivery: number; no: number; wrong_hash: string }>(
          `select r.delivery, r.no, r.wrong_hash from rejected_row r join delivery d on d.county = r.county and d.delivery = r.delivery
           where d.undone_at is null and r.wrong_hash <> '' order by r.delivery, r.no`,
        ),
      );
      const target = pick(rejected, op.nth);
      if (target === undefined) return false;
      const wrong = WRONG.findIndex((id) => world.cipher.blindIndex(`wrong:${id}`) === target.wrong_hash);
      const spec = journal.received.find((d) => d.number === target.delivery)?.spec as ListSpec;
      try {
        const done = await fixRow(
          world,
          SCOPE,
          target.delivery,
          target.no,
          (PEOPLE[op.who] as { id: string }).id,
        );
        journal.fixed.push({ fix: done.fix, spec, wrong, who: op.who, undone: false });
      } catch (error) {
        if (!(error instanceof Refusal) || error.problem.code !== 'fix.exists') throw error;
        return false;
      }
      return true;
    }
    case 'undo-fix': {
      const target = pick(
        journal.fixed.filter((f) => !f.undone),
        op.nth,
      );
      if (target === undefined) return false;
      await undoFix(world, SCOPE, target.fix);
      target.undone = true;
      return true;
    }
    case 'adjudicate': {
      const ids = op.who.map((who) => (PEOPLE[who] as { id: string }).id);
      try {
        const done = await adjudicate(world, SCOPE, ids, {
          column: op.column,
          village: op.village,
          reason: '材料属实',
          document: world.file('裁定.txt', '材料').path,
          from: op.from,
        });
        journal.decided.push({
          adjudication: done.adjudication,
          who: op.who,
          column: op.column,
          village: op.village,
          from: op.from,
          undone: false,
        });
      } catch (error) {
        const refusals = ['person.unknown', 'report.no-register', 'report.too-early', 'report.too-late'];
        if (!(error instanceof Refusal) || !refusals.includes(error.problem.code)) throw error;
        return false;
      }
      return true;
    }
    case 'set': {
      const { key, value, from } = op;
      await setSetting(world, SCOPE, { key, value, from, document: '文' });
      journal.set.push(op);
      return true;
    }
    case 'undo-adjudication': {
      const target = pick(
        journal.decided.filter((d) => !d.undone),
        op.nth,
      );
      if (target === undefined) return false;
      await undoAdjudication(world, SCOPE, target.adjudication);
      target.undone = true;
      return true;
    }
  }
}

const EVERYBODY: ListSpec = {
  source: 'household-register',
  asOf: '2020-01-31',
  lines: PEOPLE.map((_, who) => ({ who, x: 0, y: 0 })),
};

/**
 * Does what survives of a journal again, in an empty county: deliveries one by one, whole files, in another order.
 * Inside a source and sender, lists of one day keep the order of their receipt; so do answers to the survey,
 * of which the latest received counts.
 */
export async function replay(
  world: World,
  journal: Journal,
  shuffled: (n: number) => number,
  fixesFirst: boolean,
): Promise<Journal> {
  const again = emptyJournal();
  const decisions = journal.decided.filter((d) => !d.undone);
  const fixes = journal.fixed.filter((f) => !f.undone);
  let helper: number | undefined;
  if (decisions.length > 0) {
    const [report] = await receive(world, SCOPE, [world.request(EVERYBODY)]);
    helper = report?.delivery as number;
    for (const { who, column, village, from } of decisions)
      await perform(world, again, { do: 'adjudicate', who, column, village, from });
  }
  const fixAll = async (): Promise<void> => {
    for (const { spec, wrong, who } of fixes) {
      const carrier = {
        ...spec,
        mode: 'delta' as const,
        lines: [{ who: PEOPLE.length + wrong, x: 0, y: 0 }],
      };
      const [report] = await receive(world, SCOPE, [world.request(carrier)]);
      const delivery = report?.delivery as number;
      const no = await world.db.transaction(SCOPE, (tx) => findRefusedRow(tx, SCOPE, delivery, { row: 2 }));
      const done = await fixRow(world, SCOPE, delivery, no, (PEOPLE[who] as { id: string }).id);
      again.fixed.push({ fix: done.fix, spec, wrong, who, undone: false });
      await undoDelivery(world, SCOPE, report?.delivery as number);
    }
  };
  if (fixesFirst) await fixAll();
  const setAll = async (): Promise<void> => {
    for (const op of journal.set) await perform(world, again, op);
  };
  if (fixesFirst) await setAll();
  for (const { spec } of reorder(
    journal.received.filter((d) => !d.undone),
    shuffled,
  )) {
    const [report] = await receiveLists(world, again, [spec]);
    if (!report?.unchanged) continue;
    // What stood between the two is undone now; the same list again counts only when something else came between.
    const between = {
      ...spec,
      mode: 'delta' as const,
      lines: [{ who: PEOPLE.length - 1, x: 3, y: (spec.lines[0]?.y ?? 0) + 1 }],
    };
    const [other] = await receive(world, SCOPE, [world.request(between)]);
    const [second] = await receiveLists(world, again, [spec]);
    expectThat(second?.unchanged !== true, 'A, B, A is accepted');
    await undoDelivery(world, SCOPE, other?.delivery as number);
  }
  if (!fixesFirst) await setAll();
  if (!fixesFirst) await fixAll();
  if (helper !== undefined) await undoDelivery(world, SCOPE, helper);
  return again;
}

function reorder(received: readonly Received[], shuffled: (n: number) => number): Received[] {
  const waiting = [...received];
  const order: Received[] = [];
  const bound = (earlier: Received, later: Received): boolean =>
    (groupOf(earlier.spec) === groupOf(later.spec) && earlier.spec.asOf === later.spec.asOf) ||
    (earlier.spec.source === 'survey-workbook' && later.spec.source === 'survey-workbook');
  while (waiting.length > 0) {
    const free = waiting.filter((d, i) => !waiting.slice(0, i).some((e) => bound(e, d)));
    const next = free[shuffled(free.length)] as Received;
    waiting.splice(waiting.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

/** Everything that follows from a journal, without the numbers that its history gave to things. */
export interface Picture {
  readonly steps: string[];
  readonly findings: string[];
  readonly claims: string[];
  readonly counts: string[];
  readonly rejected: string[];
}

export interface StoredStep {
  person: string;
  from: string;
  to: string;
  region: string;
  group: number;
  code: number;
}

export async function stepsIn(world: World): Promise<(StoredStep & { delivery: number })[]> {
  return world.db.transaction(SCOPE, (tx) =>
    tx.query(
      `select p.id_hash::text as person, s.from_day as "from", s.to_day as "to", s.region, s.group_no as "group", s.class as code, s.delivery
       from step s join person p on p.county = s.county and p.person_no = s.person_no order by 1, 2`,
    ),
  );
}

/** @param horizon turns after it are left out: how far ahead they are written also depends on what was undone */
export async function picture(world: World, journal: Journal, horizon: string): Promise<Picture> {
  const names = new Map<number, string>();
  const seen = new Map<string, number>();
  for (const { number, spec } of journal.received.filter((d) => !d.undone)) {
    const base = `${groupOf(spec)}|${spec.region ?? ''}|${spec.asOf}|${spec.mode ?? ''}|${JSON.stringify(spec.lines)}`;
    seen.set(base, (seen.get(base) ?? 0) + 1);
    names.set(number, `${base}#${seen.get(base)}`);
  }
  for (const [i, d] of journal.decided.filter((each) => !each.undone).entries())
    names.set(-d.adjudication, `A${i}`);
  const named = (n: number | null): string =>
    n === null || n === 0 ? '' : (names.get(n) ?? `unknown delivery ${n}`);
  const clip = (day: string): string => (day > horizon ? FOREVER : day);
  const steps: string[] = [];
  for (const s of await stepsIn(world)) {
    if (s.from <= horizon)
      steps.push([s.person, s.from, clip(s.to), s.region, s.group, s.code, named(s.delivery)].join(' '));
  }
  const rest = await world.db.transaction(SCOPE, async (tx) => ({
    findings: await tx.query<{ person: string; kind: string; from: string; to: string; region: string }>(
      `select p.id_hash::text as person, f.kind, f.from_day as "from", f.to_day as "to", f.region
       from finding f join person p on p.county = f.county and p.person_no = f.person_no`,
    ),
    claims: await tx.query<{
      person: string;
      slot: string;
      since: number;
      until: number | null;
      row_count: number;
      content: string;
    }>(
      `select p.id_hash::text as person, c.slot, c.since, c.until, c.row_count, c.content
       from claim c join person p on p.county = c.county and p.person_no = c.person_no`,
    ),
    counts: await tx.query<{ line: string }>(
      `select concat_ws(' ', bucket, region, class, sum(n)) as line from count_delta where grain = 'd' and bucket <= $1
       group by bucket, region, class having sum(n) <> 0`,
      [horizon],
    ),
    rejected: await tx.query<{ delivery: number; wrong_hash: string; code: string; region: string }>(
      `select r.delivery, r.wrong_hash, r.code, r.region from rejected_row r
       join delivery d on d.county = r.county and d.delivery = r.delivery where d.undone_at is null
         and not (d.mode = 'full' and exists (select 1 from delivery l where l.county = d.county and l.source = d.source
           and l.sender = d.sender and l.region = d.region and l.as_of = d.as_of and l.mode = 'full'
           and l.undone_at is null and l.delivery > d.delivery))`,
    ),
  }));
  return {
    steps: steps.sort(),
    findings: rest.findings
      .filter((f) => f.from <= horizon)
      .map((f) => [f.person, f.kind, f.from, clip(f.to), f.region].join(' '))
      .sort(),
    claims: rest.claims
      .map((c) => [c.person, c.slot, named(c.since), named(c.until), c.row_count, c.content].join(' '))
      .sort(),
    counts: rest.counts.map((row) => row.line).sort(),
    rejected: rest.rejected.map((r) => [named(r.delivery), r.wrong_hash, r.code, r.region].join(' ')).sort(),
  };
}

/** The mode a list is received in. */
function _modeOf(spec: ListSpec): 'full' | 'delta' {
  return spec.mode ?? findSource(spec.source)?.mode ?? 'full';
}
