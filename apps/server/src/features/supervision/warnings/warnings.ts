import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { formatValue } from '@quanbao/domain/indicators/indicators';
import { referenceText } from '@quanbao/domain/indicators/reference';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import {
  asksOrder,
  type Colour,
  runsOf,
  type WarningRule,
  warningWords,
} from '@quanbao/domain/supervision/warning';
import type { Scope, Tx } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { askableDays, chooseDay, requireRegion, workDay } from '../../reports/index.ts';
import { ordersOn } from '../orders/store.ts';
import { rulesOn } from '../rules.ts';
import { readScope } from '../today.ts';
import { coloursBack, evaluate, keyOf, type Warned } from './evaluate.ts';
import { noticesOf } from './notices.ts';

/** How far back a colour is followed unless asked otherwise. */
const BACK = 14;

type Answer = AnswerOf<typeof contract.warnings>;

export async function readWarnings(
  instance: Instance,
  asked: Scope,
  query: { region?: RegionCode | undefined; asOf?: PlainDate | undefined; back?: number | undefined },
): Promise<Answer> {
  const scope = readScope(asked);
  return instance.db.transaction(scope, (tx) => warningsOn(tx, scope, query));
}

export async function warningsOn(
  tx: Tx,
  scope: Scope,
  query: {
    region?: RegionCode | undefined;
    asOf?: PlainDate | undefined;
    back?: number | undefined;
    itself?: boolean;
  },
): Promise<Answer> {
  const tree = await loadRegionTree(tx, scope.county);
  const region = query.region ?? scope.region;
  requireRegion(tree, scope, region);
  const day = chooseDay(await askableDays(tx, scope.county), query.asOf);
  const { warnings: rules } = await rulesOn(tx, scope, day);
  const days = await coloursBack(tx, scope, rules, region, day, query.back ?? BACK, query.itself);
  const today = days.at(-1)?.items ?? [];
  const told = await noticesOf(tx, scope, region, day);
  // Orders are raised on the day of work, which may lie after every list's: unless a day is asked for, as they are now.
  const now = await openOrders(tx, scope, region, await workDay(tx, scope, new Date()));
  const orders = query.asOf === undefined ? now : await openOrders(tx, scope, region, query.asOf);
  const past = colourMaps(days);
  return {
    region: placeOf(tree, region),
    asOf: day,
    rules: rules.map((rule) => ({ ...rule })),
    items: today.map((one) => {
      const key = keyOf(one.region.code, one.rule.code);
      const since = sinceOf(past, key, one.colour);
      const notice = told.find((row) => row.region === one.region.code && row.warning === one.rule.code);
      return {
        region: placeOf(tree, one.region.code),
        ...lineOf(one, day),
        since: since?.day ?? null,
        older: since?.older ?? false,
        told:
          notice === undefined
            ? null
            : { day: notice.day, colour: notice.colour, by: notice.actor, noted: notice.notedBy },
        order: orders.get(key) ?? null,
        asksBy:
          !now.has(key) && !orders.has(key) && asksOrder(one.rule, one.colour)
            ? addDays(day, one.rule.orderDays ?? 0)
            : null,
      };
    }),
  };
}

function lineOf(one: Warned, day: PlainDate) {
  const { rule, value, against, gap, colour } = one;
  return {
    rule: rule.code,
    title: rule.title,
    indicator: rule.indicator,
    value: formatValue(rule.indicator, value),
    against: formatValue(rule.indicator, against),
    gap,
    colour: colour ?? null,
    words: warningWords(rule, one),
    reference: referenceText({ what: 'value', indicator: rule.indicator, region: one.region.code, day }),
  };
}

interface ColouredDay {
  readonly day: PlainDate;
  readonly colours: ReadonlyMap<string, Colour | undefined>;
}

function colourMaps(days: readonly { day: PlainDate; items: readonly Warned[] }[]): ColouredDay[] {
  return days.map(({ day, items }) => ({
    day,
    colours: new Map(items.map((one) => [keyOf(one.region.code, one.rule.code), one.colour])),
  }));
}

/** Where the row of days with the last day's colour began. */
function sinceOf(
  days: readonly ColouredDay[],
  key: string,
  colour: Colour | undefined,
): { day: PlainDate; older: boolean } | undefined {
  if (colour === undefined) return undefined;
  const [last] = runsOf(days.map(({ day, colours }) => ({ day, colour: colours.get(key) }))).slice(-1);
  return last === undefined ? undefined : { day: last.from, older: last.from === days[0]?.day };
}

/** Orders that a warning had raised and nobody had closed by the day, the newest of each. */
async function openOrders(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  day: PlainDate,
): Promise<Map<string, number>> {
  const all = await ordersOn(tx, { scope, office: '' }, region, day);
  const open = all.filter(({ warning, state }) => warning !== '' && state !== 'closed');
  return new Map(open.toReversed().map((one) => [keyOf(one.region, one.warning), one.order]));
}

export async function warningHistory(
  instance: Instance,
  asked: Scope,
  query: { region: RegionCode; rule: string; asOf?: PlainDate | undefined; days?: number | undefined },
): Promise<AnswerOf<typeof contract.warningHistory>> {
  const scope = readScope(asked);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    requireRegion(tree, scope, query.region);
    const day = chooseDay(await askableDays(tx, scope.county), query.asOf);
    const rule = await ruleOf(tx, scope, query.rule, day);
    const above = parentOf(scope, query.region);
    const all = await coloursBack(tx, scope, [rule], above, day, (query.days ?? 31) - 1, true);
    const days = all.map(({ day: one, items }) => {
      const found = items.find(({ region }) => region.code === query.region);
      return {
        day: one,
        value: found?.value ?? null,
        against: found?.against ?? null,
        colour: found?.colour,
      };
    });
    const told = await noticesOf(tx, scope, query.region, day);
    return {
      region: placeOf(tree, query.region),
      title: rule.title,
      runs: runsOf(days).map((run) => ({ ...run, colour: run.colour ?? null })),
      days: days.map((one) => ({
        day: one.day,
        value: formatValue(rule.indicator, one.value),
        against: formatValue(rule.indicator, one.against),
        colour: one.colour ?? null,
      })),
      told: told
        .filter((row) => row.region === query.region && row.warning === rule.code)
        .map((row) => ({
          day: row.day,
          colour: row.colour,
          words: row.words,
          by: row.actor,
          noted: row.notedBy === null ? null : { by: row.notedBy, at: row.notedAt as string },
        })),
    };
  });
}

/** @throws Refusal */
async function ruleOf(tx: Tx, scope: Scope, code: string, day: PlainDate): Promise<WarningRule> {
  const { warnings } = await rulesOn(tx, scope, day);
  const rule = warnings.find((one) => one.code === code);
  if (rule === undefined) throw new Refusal('warning.unknown', '没有这一项预警；请从预警页面打开。');
  return rule;
}

/** The region whose places it is one of; where that lies above the scope, itself. */
function parentOf(scope: Scope, region: RegionCode): RegionCode {
  const parent = region.length > 9 ? region.slice(0, 9) : scope.county;
  return parent.startsWith(scope.region) ? parent : region;
}

/** One place under one rule on a day, for whoever tells it or raises an order by it. @throws Refusal */
export async function warningOf(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  code: string,
  asOf: PlainDate | undefined,
): Promise<Warned & { day: PlainDate }> {
  const day = chooseDay(await askableDays(tx, scope.county), asOf);
  const rule = await ruleOf(tx, scope, code, day);
  const { items } = await evaluate(tx, scope, [rule], parentOf(scope, region), day);
  const found = items.find((one) => one.region.code === region);
  if (found === undefined) throw new Refusal('warning.place', '这个单位当天没有这一项预警；请刷新后再看。');
  return { ...found, day };
}
