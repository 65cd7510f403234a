import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { orderOfNotice } from '@quanbao/domain/supervision/order';
import { warningWords } from '@quanbao/domain/supervision/warning';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { requireRegion } from '../../reports/index.ts';
import { ordersOn, type Reader } from '../orders/store.ts';
import { readScope } from '../today.ts';
import { type Notice, noticesOf, putNotices } from './notices.ts';
import { warningOf } from './warnings.ts';

/** Tells places of what they are warned of today; what was told that day already is told once. */
export async function tellWarnings(
  instance: Instance,
  scope: Scope,
  items: readonly { region: RegionCode; rule: string }[],
  asOf: PlainDate | undefined,
): Promise<{ told: number }> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const told: Notice[] = [];
    for (const { region, rule } of items) {
      requireRegion(tree, scope, region);
      const one = await warningOf(tx, scope, region, rule, asOf);
      if (one.colour === undefined) {
        throw new Refusal(
          'warning.none',
          `${one.region.name}“${one.rule.title}”当天没有预警，不用告知；请刷新后再选。`,
        );
      }
      told.push({
        region,
        warning: rule,
        day: one.day,
        colour: one.colour,
        words: warningWords(one.rule, one),
      });
    }
    const made = await putNotices(tx, scope, told);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'warning.tell',
      subject: 'warnings',
      detail: { told: made },
    });
    return { told: made };
  });
}

/** An office is told of its own orders alone. */
export async function listNotices(
  instance: Instance,
  reader: Reader,
  region: RegionCode | undefined,
): Promise<AnswerOf<typeof contract.warningNotices>> {
  const scope = readScope(reader.scope);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const of = region ?? scope.region;
    requireRegion(tree, scope, of);
    const all = await noticesOf(tx, scope, of);
    const own =
      reader.office === ''
        ? undefined
        : new Set((await ordersOn(tx, { ...reader, scope }, of, FOREVER)).map(({ order }) => order));
    const rows = all.filter(({ warning }) => {
      const order = orderOfNotice(warning);
      return order === undefined || own === undefined || own.has(order);
    });
    return {
      open: rows.filter((row) => row.notedBy === null).length,
      items: rows.map((row) => ({
        region: placeOf(tree, row.region),
        rule: row.warning,
        order: orderOfNotice(row.warning) ?? null,
        day: row.day,
        colour: row.colour,
        words: row.words,
        by: row.actor,
        noted: row.notedBy === null ? null : { by: row.notedBy, at: row.notedAt ?? '' },
      })),
    };
  });
}

/** Takes note (签收): by the place itself or one above it. */
export async function noteWarning(
  instance: Instance,
  scope: Scope,
  order: { region: RegionCode; rule: string; day: PlainDate },
): Promise<{ done: true }> {
  const mine = await instance.db.transaction(readScope(scope), (tx) =>
    noticesOf(tx, scope, order.region, order.day),
  );
  if (scope.duty === 'office' || !mine.some((row) => row.warning === order.rule && row.day === order.day)) {
    throw new Refusal('warning.unknown', '没有告知过这一项预警，或不在您的管辖范围。');
  }
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query(
      `update warning_notice set noted_by = $5, noted_at = now()
       where county = $1 and region = $2 and warning = $3 and day = $4 and noted_by is null`,
      [scope.county, order.region, order.rule, order.day, scope.actor],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'warning.note',
      subject: order.rule,
      region: order.region,
      detail: { day: order.day },
    });
    return { done: true };
  });
}
