import type { Tx } from './port.ts';

/**
 * Where each table lives on Citus: spread over the workers by its county, so that all of one county's rows lie
 * on one of them, or on the coordinator alone. In the order that foreign keys allow.
 */
export const PLACEMENT = {
  county: 'distributed',
  region: 'distributed',
  scheme_code: 'distributed',
  header_choice: 'distributed',
  delivery: 'distributed',
  delivery_file: 'distributed',
  delivery_reading: 'distributed',
  stored_file: 'distributed',
  rejected_row: 'distributed',
  id_fix: 'distributed',
  person: 'distributed',
  claim: 'distributed',
  adjudication: 'distributed',
  step: 'distributed',
  step_class: 'distributed',
  finding: 'distributed',
  count_delta: 'distributed',
  stage_row: 'distributed',
  stage_person: 'distributed',
  touched: 'distributed',
  person_search: 'distributed',
  name_key: 'distributed',
  search_due: 'distributed',
  saved_filter: 'distributed',
  audit_event: 'distributed',
  audit_block: 'distributed',
  account: 'distributed',
  session: 'distributed',
  own_form: 'distributed',
  ledger_item: 'distributed',
  ledger_event: 'distributed',
  ledger_closing: 'distributed',
  ledger_task: 'distributed',
  notice: 'distributed',
  visit: 'distributed',
  found_person: 'distributed',
  media: 'distributed',
  media_piece: 'distributed',
  device: 'distributed',
  workbook_issue: 'distributed',
  workbook_line: 'distributed',
  workbook_return: 'distributed',
  workbook_row: 'distributed',
  village_cover: 'distributed',
  survey_round: 'distributed',
  back_check: 'distributed',
  back_check_visit: 'distributed',
  headcount: 'distributed',
  checklist: 'distributed',
  checklist_item: 'distributed',
  checklist_event: 'distributed',
  checklist_gate: 'distributed',
  team_member: 'distributed',
  filing: 'distributed',
  target_plan: 'distributed',
  target_version: 'distributed',
  target_share: 'distributed',
  target_receipt: 'distributed',
  paper_template: 'distributed',
  paper: 'distributed',
  supervision_rule: 'distributed',
  submission: 'distributed',
  submission_version: 'distributed',
  submission_event: 'distributed',
  supervision_order: 'distributed',
  supervision_step: 'distributed',
  warning_notice: 'distributed',
  meeting: 'distributed',
  meeting_decision: 'distributed',
  city_problem: 'distributed',
  assessment_scheme: 'distributed',
  assessment_round: 'distributed',
  assessment_frozen: 'distributed',
  assessment_unit: 'distributed',
  assessment_value: 'distributed',
  assessment_appeal: 'distributed',
  assessment_act: 'distributed',
  assessment_file: 'distributed',
  address_rule: 'distributed',
  address_application: 'distributed',
  address_placement: 'distributed',
  quanbao_migration: 'local',
} as const satisfies Record<string, 'distributed' | 'local'>;

/** @param distributed tables that are spread already */
export function citusStatements(distributed: ReadonlySet<string>): string[] {
  return Object.entries(PLACEMENT)
    .filter(([table, place]) => place === 'distributed' && !distributed.has(table))
    .map(([table]) =>
      table === 'county'
        ? `select create_distributed_table('county', 'county')`
        : `select create_distributed_table('${table}', 'county', colocate_with => 'county')`,
    );
}

/** Spreads what a migration has just made; a second call finds nothing to do. */
export async function distribute(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(731)');
  const rows = await tx.query<{ name: string }>(
    `select c.relname as name from pg_dist_partition p join pg_class c on c.oid = p.logicalrelid`,
  );
  for (const statement of citusStatements(new Set(rows.map((row) => row.name)))) await tx.query(statement);
}
