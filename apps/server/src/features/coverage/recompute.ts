import { setImmediate as turn } from 'node:timers/promises';
import type { Absence } from '@quanbao/domain/coverage/evidence';
import { findingKind } from '@quanbao/domain/coverage/finding';
import { datedSettings } from '@quanbao/domain/coverage/settings';
import {
  type CoverageContext,
  type Finding,
  type PersonSteps,
  type Step,
  stepsOf,
} from '@quanbao/domain/coverage/steps';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { itemCode } from '@quanbao/domain/ledger/items';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { analyze } from '../../db/analyze.ts';
import { CopyLines } from '../../db/copy-text.ts';
import { withoutIndexes } from '../../db/late-indexes.ts';
import type { Tx } from '../../db/port.ts';
import { CountDeltas, compactWhenDue } from './count-deltas.ts';
import { LedgerWriter } from './ledger-writer.ts';
import { noteSearchDue } from './search-due.ts';
import { loadDeliveryRefs, type StoredPerson, streamPeople } from './store.ts';

/** What not being named any more in a list means. */
export function absenceOf(source: string): Absence {
  return findSource(source)?.absence ?? 'ended';
}

export interface Effects {
  /** People looked at. */
  people: number;
  /** People whose steps came out different. */
  changed: number;
}

/** Told of people while they go by. */
export interface Passing {
  readonly onPerson?: (person: StoredPerson) => void;
  /** A conflict opened that was not there before. */
  readonly onConflict?: (person: StoredPerson) => void;
}

/** The county's settings and horizon with its divisions: all that the rules need beside a person's journal. */
export async function coverageContext(
  tx: Tx,
  county: RegionCode,
  tree: RegionTree,
): Promise<CoverageContext> {
  const [stored] = await tx.query<{ horizon: string; payments_from: string | null; settings: unknown }>(
    'select horizon, payments_from, settings from county where county = $1',
    [county],
  );
  if (stored === undefined) throw new Error(`county ${county} is not initialised`);
  const settings = datedSettings(stored.settings);
  if (!settings.ok) throw new Refusal(settings.problem.code, settings.problem.message);
  const { horizon, payments_from: paymentsFrom } = stored;
  const turns = new Map<string, readonly string[]>();
  const current = new Map<string, string | undefined>();
  const settled = (code: string): readonly string[] => {
    let days = turns.get(code);
    if (days === undefined) {
      days = tree.turns(code);
      turns.set(code, days);
    }
    return days;
  };
  return {
    county,
    horizon,
    paymentsFrom: paymentsFrom ?? undefined,
    settings: settings.value,
    absenceOf,
    regionTurns: settled,
    regionOn: (code, day) => {
      if (settled(code).length > 0) return tree.current(code, day);
      if (current.has(code)) return current.get(code);
      const found = tree.current(code, day);
      current.set(code, found);
      return found;
    },
  };
}

/** The connection is served between so many people: the database waits for nobody who is judging. */
const PEOPLE_A_TURN = 100;
const PEOPLE_A_WRITE = 5_000;
/** What a first load fills, in the order of people and not of its other indexes. */
const WRITTEN = ['step', 'finding', 'ledger_item', 'count_delta'];

/**
 * Writes people's steps whole after their journal changed, and appends what that changes in the counts.
 * @param change its number in `touched` names the people; with `everybody` all are done
 */
export async function recompute(
  tx: Tx,
  county: RegionCode,
  tree: RegionTree,
  change: number,
  options: {
    everybody?: boolean;
    fresh?: boolean;
    /** Nobody works beside it: what has never been used may be locked. */
    alone?: boolean;
    onProgress?: (people: number) => void;
  } & Passing = {},
): Promise<Effects> {
  const context = await coverageContext(tx, county, tree);
  const deliveries = await loadDeliveryRefs(tx, county);
  const effects: Effects = { people: 0, changed: 0 };
  const late = options.fresh && options.alone ? await withoutIndexes(tx, WRITTEN) : undefined;
  const newest = await newestDay(tx, county);
  const writer = new StepWriter(tx, county, change, options.fresh ?? false, newest, options.onConflict);
  let writing: Promise<void> = Promise.resolve();
  for await (const people of streamPeople(
    tx,
    county,
    deliveries,
    options.everybody ? undefined : change,
    options.fresh ?? false,
  )) {
    for (const person of people) {
      if (++effects.people % PEOPLE_A_TURN === 0) await turn();
      const result = stepsOf(person, context);
      if (writer.write(person, result)) effects.changed++;
      options.onPerson?.(person);
    }
    if (writer.held < PEOPLE_A_WRITE) continue;
    // The database writes what was judged while the next are being judged.
    await writing;
    writing = writer.flush();
    writing.catch(() => undefined);
    options.onProgress?.(effects.people);
  }
  await writing;
  await noteSearchDue(tx, county, change, options.fresh ?? false);
  await writer.finish();
  await late?.rebuild();
  if (options.fresh) for (const table of WRITTEN) await analyze(tx, table);
  return effects;
}

/** Of what was in force before this change or is so after it: an undo of the newest list tells what the list told. */
async function newestDay(tx: Tx, county: RegionCode): Promise<PlainDate | undefined> {
  // An undo notes the moment its transaction began at.
  const [row] = await tx.query<{ newest: PlainDate | null }>(
    'select max(as_of) as newest from delivery where county = $1 and (undone_at is null or undone_at = now())',
    [county],
  );
  return row?.newest ?? undefined;
}

export function stepKey(step: Step): string {
  return `${step.from},${step.to},${step.region},${step.code},${step.delivery},${step.row},${step.group}`;
}

export function findingKey(finding: Finding): string {
  return `${finding.kind},${finding.from},${finding.to},${finding.region}`;
}

const STEP_COLUMNS = [
  'county',
  'person_no',
  'from_day',
  'to_day',
  'region',
  'class',
  'delivery',
  'row_no',
  'group_no',
];
const FINDING_COLUMNS = ['county', 'person_no', 'kind', 'from_day', 'to_day', 'region'];

/** Collects the differences of many people and writes them in bulk. */
class StepWriter {
  private readonly tx: Tx;
  private readonly county: RegionCode;
  private readonly change: number;
  private readonly onConflict: Passing['onConflict'];
  private staleSteps: number[] = [];
  private staleFindings: number[] = [];
  private moved: { personNo: number; region: string; name: string }[] = [];
  private readonly steps = new CopyLines();
  private readonly findings = new CopyLines();
  private readonly ledger: LedgerWriter;
  private readonly counts = new CountDeltas();
  private readonly classes = new Set<number>();
  /** People judged since the last flush. */
  held = 0;

  constructor(
    tx: Tx,
    county: RegionCode,
    change: number,
    fresh: boolean,
    newest: PlainDate | undefined,
    onConflict: Passing['onConflict'],
  ) {
    this.tx = tx;
    this.county = county;
    this.change = change;
    this.onConflict = onConflict;
    this.ledger = new LedgerWriter(tx, county, change, fresh, newest, (item, sign) =>
      this.counts.add(item.from, item.to, item.region, itemCode(item), sign),
    );
  }

  /** @returns whether the person's steps changed */
  write(person: StoredPerson, result: PersonSteps): boolean {
    const { personNo } = person;
    this.held++;
    const stepsDiffer = differ(result.steps, stepKey, person.oldSteps);
    if (stepsDiffer) {
      if (person.oldSteps.length > 0) this.staleSteps.push(personNo);
      for (const old of person.oldSteps) {
        const [from, to, region, code] = old.split(',') as [string, string, string, string];
        this.count(from, to, region, Number(code), -1);
      }
      for (const step of result.steps) {
        this.count(step.from, step.to, step.region, step.code, 1);
        this.steps
          .start(this.county)
          .number(personNo)
          .text(step.from)
          .text(step.to)
          .text(step.region)
          .number(step.code)
          .number(step.delivery)
          .number(step.row)
          .number(step.group)
          .end();
      }
    }
    if (differ(result.findings, findingKey, person.oldFindings)) {
      if (person.oldFindings.length > 0) this.staleFindings.push(personNo);
      const before = new Set(person.oldFindings.map((line) => line.slice(0, line.indexOf(','))));
      let conflict = false;
      for (const finding of result.findings) {
        if (!before.has(finding.kind) && findingKind(finding.kind).queue === 'conflict') conflict = true;
        this.findings
          .start(this.county)
          .number(personNo)
          .text(finding.kind)
          .text(finding.from)
          .text(finding.to)
          .text(finding.region)
          .end();
      }
      if (conflict) this.onConflict?.(person);
    }
    this.ledger.write(personNo, result.items, person.oldItems);
    const region = result.steps[result.steps.length - 1]?.region ?? this.county;
    const name = nameOf(person);
    if (region !== person.region || name !== person.name) this.moved.push({ personNo, region, name });
    return stepsDiffer;
  }

  private count(from: string, to: string, region: string, code: number, sign: 1 | -1): void {
    this.classes.add(code);
    this.counts.add(from, to, region, code, sign);
  }

  /** Writes what has been collected; collecting may go on meanwhile. */
  async flush(): Promise<void> {
    const { tx, county, staleSteps, staleFindings, moved } = this;
    const [steps, findings] = [this.steps.take(), this.findings.take()];
    this.staleSteps = [];
    this.staleFindings = [];
    this.moved = [];
    this.held = 0;
    if (staleSteps.length > 0) {
      await tx.query('delete from step where county = $1 and person_no = any($2::bigint[])', [
        county,
        staleSteps,
      ]);
    }
    if (staleFindings.length > 0) {
      await tx.query('delete from finding where county = $1 and person_no = any($2::bigint[])', [
        county,
        staleFindings,
      ]);
    }
    if (steps.length > 0) await tx.copyIn('step', STEP_COLUMNS, [steps]);
    if (findings.length > 0) await tx.copyIn('finding', FINDING_COLUMNS, [findings]);
    await this.ledger.flush();
    if (moved.length > 0) {
      await tx.query(
        `update person p set region = u.region, name = u.name
         from unnest($2::bigint[], $3::text[], $4::text[]) as u (person_no, region, name)
         where p.county = $1 and p.person_no = u.person_no`,
        [county, moved.map((m) => m.personNo), moved.map((m) => m.region), moved.map((m) => m.name)],
      );
    }
  }

  async finish(): Promise<void> {
    await this.flush();
    const { tx, county, change } = this;
    await tx.copyIn(
      'count_delta',
      ['county', 'grain', 'bucket', 'region', 'class', 'n', 'change'],
      chunked(this.counts.lines(county, change)),
    );
    await this.ledger.finish();
    await compactWhenDue(tx, county, change);
    if (this.classes.size > 0) {
      await tx.query(
        'insert into step_class (county, class) select $1, u.class from unnest($2::int[]) as u (class) on conflict do nothing',
        [county, [...this.classes].sort((a, b) => a - b)],
      );
    }
    await tx.query('delete from touched where county = $1 and change = $2', [county, change]);
  }
}

function* chunked(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const line of lines) {
    if (chunk.push(line) < 20_000) continue;
    yield chunk.join('');
    chunk = [];
  }
  if (chunk.length > 0) yield chunk.join('');
}

function differ<T>(now: readonly T[], key: (one: T) => string, before: readonly string[]): boolean {
  if (now.length !== before.length) return true;
  if (now.length === 0) return false;
  const sorted = [...before].sort();
  return now
    .map(key)
    .sort()
    .some((line, i) => line !== sorted[i]);
}

const NAME_FROM = ['household-register', 'residents-scheme', 'province-list'];

/** The name of the newest register row that names the person, else of the scheme, else any. */
function nameOf(person: StoredPerson): string {
  let best: { rank: number; asOf: string; id: number; name: string } | undefined;
  for (const { since, until, content } of person.claims) {
    if (content.n === undefined || content.n === '') continue;
    const listed = NAME_FROM.indexOf(since.source);
    const rank = (listed < 0 ? NAME_FROM.length : listed) * 2 + (until === undefined ? 0 : 1);
    if (
      best === undefined ||
      rank < best.rank ||
      (rank === best.rank && (since.asOf > best.asOf || (since.asOf === best.asOf && since.id > best.id)))
    ) {
      best = { rank, asOf: since.asOf, id: since.id, name: content.n };
    }
  }
  return best?.name ?? person.name;
}
