import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/targets';
import { findIndicator } from '@quanbao/domain/indicators/indicators';
import { formatYuan } from '@quanbao/domain/kernel/money';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { PLAN_WORDS, UNIT_WORDS } from '@quanbao/domain/targets/plan';
import {
  forecast,
  issuedLate,
  PACE_DAYS,
  plannedOn,
  standingOf,
  standingWords,
} from '@quanbao/domain/targets/progress';
import { checkShares, type Share, villagesOfTown } from '@quanbao/domain/targets/shares';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { askableDays, type Figures } from '../reports/index.ts';
import { measure } from './measure.ts';
import {
  inForceOn,
  readPlan,
  readPlans,
  readShares,
  readVersions,
  type StoredPlan,
  type StoredVersion,
  seesDrafts,
  unknownPlan,
} from './store.ts';

type PlanAnswer = AnswerOf<typeof contract.plan>;
type PlanLine = PlanAnswer['plan'];
type Standing = PlanAnswer['whole']['standing'];
type ShareLine = PlanAnswer['whole'];
interface Asked {
  readonly region?: RegionCode | undefined;
  readonly asOf?: PlainDate | undefined;
}

function lineOf(
  plan: StoredPlan,
  versions: readonly StoredVersion[],
  scope: Scope,
  day: PlainDate,
): PlanLine {
  const first = versions.find(({ issued }) => issued !== null)?.issued ?? undefined;
  return {
    ...plan,
    milestones: [...plan.milestones],
    kindTitle: PLAN_WORDS[plan.kind],
    indicatorName: findIndicator(plan.indicator)?.name ?? '待接入',
    late: issuedLate(plan, first, day) ?? null,
    version: inForceOn(versions, day)?.version ?? null,
    draft: seesDrafts(scope) ? (versions.find(({ issued }) => issued === null)?.version ?? null) : null,
  };
}

/** The number of a plan as it is printed: 1,204 人, 1,200.50 元. */
function amountWords(plan: StoredPlan, n: number): string {
  const text = plan.unit === 'fen' ? formatYuan(n) : String(n);
  return `${text.replace(/\B(?=(\d{3})+(?!\d))/g, ',')} ${UNIT_WORDS[plan.unit]}`;
}

function standing(plan: StoredPlan, amount: number, done: number | null, day: PlainDate): Standing {
  const planned = plannedOn(amount, plan, day);
  if (done === null) {
    const words = amount === 0 ? '没有任务' : '待接入';
    return { amount, done, planned, state: 'pending', lead: 0, points: null, rate: null, words };
  }
  const found = standingOf(amount, done, planned);
  return { ...found, words: standingWords(found, (n) => amountWords(plan, n)) };
}

/** Null of a plan that nothing received tells of yet. */
function doneOf(plan: StoredPlan, figures: Figures, region: RegionCode): number | null {
  if (plan.indicator === '') return null;
  return region === figures.region.code ? figures.whole(plan.indicator) : figures.of(region)(plan.indicator);
}

export async function listPlans(
  instance: Instance,
  scope: Scope,
  asked: Asked,
): Promise<AnswerOf<typeof contract.plans>> {
  return instance.db.transaction(scope, async (tx) => {
    const figures = await measure(tx, scope, asked.region ?? scope.region, asked.asOf);
    const region = figures.region.code;
    const tree = await loadRegionTree(tx, scope.county);
    const versions = await readVersions(tx, scope);
    const items: AnswerOf<typeof contract.plans>['items'] = [];
    for (const plan of await readPlans(tx, scope.county)) {
      const own = versions.filter((version) => version.plan === plan.plan);
      if (own.length === 0) continue;
      const shown = inForceOn(own, figures.day) ?? own.findLast(({ issued }) => issued !== null);
      const shares = shown && (await readShares(tx, scope.county, plan.plan, shown.version));
      items.push({
        plan: lineOf(plan, own, scope, figures.day),
        standing:
          shown && shares
            ? standing(
                plan,
                amountIn(scope, region, shown, shares),
                doneOf(plan, figures, region),
                figures.day,
              )
            : null,
        unsigned: shown && shares ? await countUnsigned(tx, scope, plan.plan, shown.version, shares) : 0,
      });
    }
    return { region: placeOf(tree, region), asOf: figures.day, items };
  });
}

function amountIn(
  scope: Scope,
  region: RegionCode,
  version: StoredVersion,
  shares: readonly Share[],
): number {
  if (region === scope.county) return version.total;
  return shares.find((share) => share.region === region)?.amount ?? 0;
}

interface Receipt {
  readonly region: string;
  readonly signer: string;
  readonly at: Date;
  readonly remark: string;
}

function readReceipts(tx: Tx, scope: Scope, plan: number, version: number): Promise<Receipt[]> {
  return tx.query<Receipt>(
    `select region, signer, signed_at as at, remark from target_receipt where county = $1 and plan = $2 and version = $3`,
    [scope.county, plan, version],
  );
}

/** Towns that have not signed; of a village's own account, the village. */
async function countUnsigned(
  tx: Tx,
  scope: Scope,
  plan: number,
  version: number,
  shares: readonly Share[],
): Promise<number> {
  const signed = new Set((await readReceipts(tx, scope, plan, version)).map(({ region }) => region));
  const length = Math.max(9, scope.region.length);
  return shares.filter(({ region }) => region.length === length && !signed.has(region)).length;
}

/** A plan in a region: its share, those of the places in it, how far each is on the day and where that leads. */
export async function viewPlan(
  instance: Instance,
  scope: Scope,
  number: number,
  asked: Asked & { version?: number | undefined },
): Promise<PlanAnswer> {
  return instance.db.transaction(scope, async (tx) => {
    const plan = await readPlan(tx, scope.county, number);
    const versions = await readVersions(tx, scope, number);
    const figures = await measure(tx, scope, asked.region ?? scope.region, asked.asOf);
    const { day } = figures;
    const shown =
      asked.version === undefined
        ? (inForceOn(versions, day) ?? versions.findLast(({ issued }) => issued !== null) ?? versions.at(-1))
        : versions.find(({ version }) => version === asked.version);
    if (shown === undefined) throw unknownPlan();
    const tree = await loadRegionTree(tx, scope.county);
    const shares = await readShares(tx, scope.county, number, shown.version);
    const receipts = await readReceipts(tx, scope, number, shown.version);
    const before = await earlier(tx, scope, tree, figures);
    const lineFor = (region: RegionCode): ShareLine => {
      const share = shares.find((one) => one.region === region);
      const receipt = receipts.find((one) => one.region === region);
      const amount = region === scope.county ? shown.total : (share?.amount ?? 0);
      const done = doneOf(plan, figures, region);
      return {
        place: placeOf(tree, region),
        standing: standing(plan, amount, done, day),
        how: share?.how ?? '',
        weight: share?.weight ?? null,
        villages: region.length === 9 ? villagesOfTown(shares, region).length : 0,
        forecast:
          done === null
            ? []
            : before.flatMap(({ over, figures: then }) => {
                const was = then && doneOf(plan, then, region);
                return forecast({ amount, done, day, due: plan.due }, over, was ?? undefined) ?? [];
              }),
        signed: receipt
          ? { signer: receipt.signer, at: new Date(receipt.at).toISOString(), remark: receipt.remark }
          : null,
      };
    };
    const nameOf = (region: RegionCode): string => tree.get(region)?.name ?? region;
    return {
      plan: lineOf(plan, versions, scope, day),
      region: placeOf(tree, figures.region.code),
      asOf: day,
      version: shown.version,
      issued: shown.issued,
      total: shown.total,
      failures: seesDrafts(scope) ? checkShares(shown.total, shares, nameOf) : [],
      whole: lineFor(figures.region.code),
      places: placesIn(figures, shares).map(lineFor),
      versions: versions.map(({ plan: _, ...version }) => version),
    };
  });
}

/** Those of the day and whoever has a share, also where the division is gone. */
function placesIn({ region, places }: Figures, shares: readonly Share[]): RegionCode[] {
  if (regionLevel(region.code) === 'village') return [];
  const length = regionLevel(region.code) === 'county' ? 9 : 12;
  const given = shares.filter((s) => s.region.length === length && s.region.startsWith(region.code));
  return [...new Set([...places.map(({ code }) => code), ...given.map((s) => s.region)])].sort();
}

/** The same region 14 and 28 days before, as far as it stood and anything was known. */
async function earlier(
  tx: Tx,
  scope: Scope,
  tree: RegionTree,
  { region, day }: Figures,
): Promise<{ over: number; figures: Figures | undefined }[]> {
  const found: { over: number; figures: Figures | undefined }[] = [];
  for (const over of PACE_DAYS)
    found.push({ over, figures: await figuresAt(tx, scope, tree, region.code, addDays(day, -over)) });
  return found;
}

/** @returns undefined before the first register, or where the region did not stand */
export async function figuresAt(
  tx: Tx,
  scope: Scope,
  tree: RegionTree,
  region: RegionCode,
  day: PlainDate,
): Promise<Figures | undefined> {
  const { first, last } = await askableDays(tx, scope.county);
  if (day < first || day > last || tree.current(region, day) !== region) return undefined;
  return measure(tx, scope, region, day);
}

const WEEK = 7;
const MOST_DAYS = 40;

/** What was done and what was due, week by week from the plan's first day to its last. */
export async function planCourse(
  instance: Instance,
  scope: Scope,
  number: number,
  asked: Asked,
): Promise<AnswerOf<typeof contract.planCourse>> {
  return instance.db.transaction(scope, async (tx) => {
    const plan = await readPlan(tx, scope.county, number);
    const versions = await readVersions(tx, scope, number);
    const figures = await measure(tx, scope, asked.region ?? scope.region, asked.asOf);
    const shown = inForceOn(versions, figures.day) ?? versions.at(-1);
    if (shown === undefined) throw unknownPlan();
    const tree = await loadRegionTree(tx, scope.county);
    const books = new Map<number, Share[]>();
    for (const { version } of versions)
      books.set(version, await readShares(tx, scope.county, number, version));
    const amountBy = (version: StoredVersion, code: RegionCode): number =>
      amountIn(scope, code, version, books.get(version.version) ?? []);
    // What was asked on a day is what the version of that day asked; before the first one, that one.
    const firstIssued = versions.find(({ issued }) => issued !== null) ?? shown;
    const days = courseDays(plan, figures.day);
    const region = figures.region.code;
    const shares = books.get(shown.version) ?? [];
    const withShare = placesIn(figures, shares).filter((code) => shares.some((s) => s.region === code));
    const series = [region, ...withShare].map((code) => ({
      place: placeOf(tree, code),
      amount: amountBy(shown, code),
      planned: days.map((day) =>
        plannedOn(amountBy(inForceOn(versions, day) ?? firstIssued, code), plan, day),
      ),
      done: [] as (number | null)[],
    }));
    for (const day of days) {
      const then = day > figures.day ? undefined : await figuresAt(tx, scope, tree, region, day);
      for (const one of series) one.done.push(then ? doneOf(plan, then, one.place.code) : null);
    }
    return { asOf: figures.day, days, series };
  });
}

function courseDays({ from, due, milestones }: StoredPlan, asOf: PlainDate): PlainDate[] {
  const days = new Set<PlainDate>([from, due, ...milestones.map(({ day }) => day)]);
  if (asOf >= from && asOf <= due) days.add(asOf);
  const weeks: PlainDate[] = [];
  for (let day = from; day < due; day = addDays(day, WEEK)) weeks.push(day);
  const step = Math.ceil(weeks.length / MOST_DAYS);
  weeks.forEach((day, at) => {
    if (at % step === 0) days.add(day);
  });
  return [...days].sort();
}
