import { FOREVER } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionLevel, regionLevel } from '@quanbao/domain/kernel/region';
import {
  CLOSING_PAPER_WORDS,
  type ClosingPaper,
  type LedgerState,
  ledgerKind,
  STATE_WORDS,
  WHY_WORDS,
  type Why,
} from '@quanbao/domain/ledger/kinds';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { itemOf } from './closings.ts';
import { seesItem, subjectWords } from './items.ts';

const WHAT_WORDS: Readonly<Record<string, string>> = {
  opened: '开账',
  settled: '落实',
  unsettled: '退回待核实',
  closed: '销号',
  reopened: '重新开账',
  moved: '迁移',
  withdrawn: '撤回',
};

/** One item from its first day on: as it is known now, and what was recorded when. */
export async function itemLife(instance: Instance, scope: Scope, number: string) {
  const { kind, personNo, subject } = itemOf(number);
  const level: RegionLevel = regionLevel(scope.region) ?? 'village';
  if (!seesItem(level, kind, subject)) throw unknown();
  return instance.db.transaction(scope, async (tx) => {
    const key = [scope.county, personNo, kind, subject];
    const of = 'where county = $1 and person_no = $2 and kind = $3 and subject = $4';
    const life = await tx.query<{ from: string; to: string; state: LedgerState; why: Why }>(
      `select from_day as "from", to_day as "to", state, why from ledger_item ${of} order by from_day`,
      key,
    );
    const events = await tx.query<{ at: Date; day: string; what: string; why: Why }>(
      `select recorded_at as at, day, what, why from ledger_event ${of} order by change, day`,
      key,
    );
    const first = await tx.query<{ at: Date; day: string; why: Why }>(
      `select recorded_at as at, from_day as day, why from ledger_item ${of} order by from_day limit 1`,
      key,
    );
    if (life.length === 0 && events.length === 0) throw unknown();
    const closings = await tx.query<{
      closing: number;
      from: string;
      reason: string;
      paper: ClosingPaper | null;
      document: string;
      actor: string;
      undone: boolean;
    }>(
      `select closing, from_day as "from", reason, paper, document_name as document, actor, undone_at is not null as undone
       from ledger_closing ${of} order by closing`,
      key,
    );
    const [task] = await tx.query<{ assignee: string; due: string | null }>(
      `select assignee, due_day as due from ledger_task ${of}`,
      key,
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'ledger.view',
      subject: `person ${personNo}`,
      region: scope.region,
      detail: { kind },
    });
    const { title, opens, closes, reopens, byHand } = ledgerKind(kind);
    const told = events.length > 0 ? events : first.map((one) => ({ ...one, what: 'opened' }));
    return {
      number,
      title,
      subject: subjectWords(kind, subject),
      person: personNo,
      rule: { opens, closes, reopens, byHand: byHand?.needs ?? null },
      life: merged(life).map((one) => ({
        from: one.from,
        to: one.to === FOREVER ? null : one.to,
        state: one.state,
        stateTitle: STATE_WORDS[one.state],
        why: WHY_WORDS[one.why] ?? one.why,
      })),
      events: told.map((one) => ({
        at: new Date(one.at).toISOString(),
        day: one.day,
        what: WHAT_WORDS[one.what] ?? one.what,
        why: WHY_WORDS[one.why] ?? one.why,
      })),
      closings: closings.map((one) => ({
        ...one,
        closing: Number(one.closing),
        paper: one.paper === null ? null : CLOSING_PAPER_WORDS[one.paper],
      })),
      assignee: task?.assignee ?? null,
      due: task?.due ?? null,
    };
  });
}

/** Stretches that differ in place or groups only are one. */
function merged<T extends { from: string; to: string; state: string; why: string }>(life: readonly T[]): T[] {
  const all: T[] = [];
  for (const one of life) {
    const last = all.at(-1);
    if (last !== undefined && last.to === one.from && last.state === one.state && last.why === one.why)
      all[all.length - 1] = { ...last, to: one.to };
    else all.push(one);
  }
  return all;
}

function unknown(): Refusal {
  return new Refusal('ledger.unknown', '没有这笔台账，或不在您的管辖范围；请核对编号。');
}
