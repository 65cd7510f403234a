import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { checkDuties, DEFAULT_DUTIES, type Duty } from '@quanbao/domain/supervision/calendar';
import { checkEscalation, DEFAULT_ESCALATION, type EscalationLevel } from '@quanbao/domain/supervision/order';
import { checkWarnings, DEFAULT_WARNINGS, type WarningRule } from '@quanbao/domain/supervision/warning';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record, requireReason } from '../audit/index.ts';
import { findForm, workDay } from '../reports/index.ts';
import { readScope, withoutNumbers } from './today.ts';

interface Rules {
  readonly calendar: readonly Duty[];
  readonly warnings: readonly WarningRule[];
  readonly escalation: readonly EscalationLevel[];
}
type RuleName = keyof Rules;

const SHIPPED: Rules = {
  calendar: DEFAULT_DUTIES,
  warnings: DEFAULT_WARNINGS,
  escalation: DEFAULT_ESCALATION,
};
const SHIPPED_DOCUMENT = '本产品缺省，县里可改';

interface Row {
  rule: RuleName;
  from: string;
  body: unknown;
  document: string;
}

async function inForce(tx: Tx, scope: Scope, day: PlainDate): Promise<Map<RuleName, Row>> {
  const rows = await tx.query<Row>(
    `select r.rule, r.from_day as "from", r.body, r.document from supervision_rule r
     where r.county = $1 and r.from_day <= $2 and not exists (select 1 from supervision_rule l
       where l.county = r.county and l.rule = r.rule and l.from_day <= $2 and l.from_day > r.from_day)`,
    [scope.county, day],
  );
  return new Map(rows.map((row) => [row.rule, row]));
}

/** Calendar, thresholds and escalation as they hold on a day. */
export async function rulesOn(tx: Tx, scope: Scope, day: PlainDate): Promise<Rules> {
  const own = await inForce(tx, scope, day);
  const of = <N extends RuleName>(name: N): Rules[N] => (own.get(name)?.body as Rules[N]) ?? SHIPPED[name];
  return { calendar: of('calendar'), warnings: of('warnings'), escalation: of('escalation') };
}

export async function readRules(
  instance: Instance,
  scope: Scope,
  asOf: PlainDate | undefined,
): Promise<AnswerOf<typeof contract.supervisionRules>> {
  return instance.db.transaction(readScope(scope), async (tx) => {
    const day = asOf ?? (await workDay(tx, scope, new Date()));
    const own = await inForce(tx, scope, day);
    const rules = await rulesOn(tx, scope, day);
    const said = <N extends RuleName>(name: N) => ({
      from: own.get(name)?.from ?? null,
      document: own.get(name)?.document ?? SHIPPED_DOCUMENT,
      body: [...rules[name]] as Rules[N][number][],
    });
    return {
      asOf: day,
      calendar: said('calendar'),
      warnings: said('warnings'),
      escalation: said('escalation'),
    };
  });
}

/** Every writing of the three, the newest first. */
export async function ruleHistory(
  instance: Instance,
  asked: Scope,
): Promise<AnswerOf<typeof contract.supervisionRuleHistory>> {
  const scope = readScope(asked);
  return instance.db.transaction(scope, async (tx) => {
    const rows = await tx.query<Row & { actor: string; at: Date }>(
      `select rule, from_day as "from", body, document, actor, made_at as at from supervision_rule
       where county = $1 order by from_day desc, made_at desc, rule limit 200`,
      [scope.county],
    );
    return {
      items: rows.map(({ rule, from, body, document, actor, at }) => ({
        ...{ rule, from, document, actor, at: new Date(at).toISOString() },
        [rule]: body,
      })),
    };
  });
}

/** Writes whichever of the three are given, from a day on; the same day replaces what was written for it. */
export async function setRules(
  instance: Instance,
  scope: Scope,
  order: BodyOf<typeof contract.setSupervisionRules>,
): Promise<{ done: true }> {
  if (!isPlainDate(order.from)) throw new Refusal('rule.day', '从哪天起应为 2020-09-01 的样子。');
  const given = (['calendar', 'warnings', 'escalation'] as const).filter((name) => order[name] !== undefined);
  if (given.length === 0) throw new Refusal('rule.none', '没有给出要改的规则；没有改动。');
  requireReason(order.document);
  withoutNumbers('rule.text', JSON.stringify(order));
  return instance.db.transaction(scope, async (tx) => {
    if (order.calendar) {
      const forms = new Set<string>();
      for (const { form } of order.calendar) if (await knowsForm(tx, scope, form)) forms.add(form);
      checkDuties(order.calendar, (form) => forms.has(form));
    }
    if (order.warnings) checkWarnings(order.warnings);
    if (order.escalation) checkEscalation(order.escalation);
    for (const name of given) {
      await tx.query(
        `insert into supervision_rule (county, rule, from_day, body, document, actor) values ($1, $2, $3, $4, $5, $6)
         on conflict (county, rule, from_day)
           do update set body = excluded.body, document = excluded.document, actor = excluded.actor, made_at = now()`,
        [scope.county, name, order.from, JSON.stringify(order[name]), order.document, scope.actor],
      );
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'supervision.rule',
      subject: given.join(),
      // Whole: the same day written again keeps no row of what stood there before.
      detail: {
        from: order.from,
        document: order.document,
        ...Object.fromEntries(given.map((name) => [name, order[name]])),
      },
    });
    return { done: true };
  });
}

async function knowsForm(tx: Tx, scope: Scope, form: string): Promise<boolean> {
  try {
    await findForm(tx, scope, form);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
