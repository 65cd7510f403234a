import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import { isWithin } from '@quanbao/domain/kernel/region';
import type { FormTable } from '@quanbao/domain/reports/forms';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { periodFromCode } from '@quanbao/domain/supervision/calendar';
import {
  ACT_WORDS,
  type CellChange,
  canMove,
  compareTables,
  SUBMISSION_ACTS,
  type SubmissionAct,
} from '@quanbao/domain/supervision/submission';
import type { Scope, Tx } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { record } from '../../audit/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { cellText, countedForm, tableOnScreen, toXlsx, workDay } from '../../reports/index.ts';
import { readScope } from '../today.ts';
import { mayDecide } from './move.ts';
import { standingIn } from './owed.ts';
import {
  type Frozen,
  readFrozen,
  readSubmission,
  type StoredSubmission,
  SUBMISSION_COLUMNS,
} from './store.ts';

/** What was submitted as it stood, and what is known of the same day now. */
export async function viewSubmission(
  instance: Instance,
  asked: Scope,
  role: Role,
  submission: number,
  version?: number,
): Promise<AnswerOf<typeof contract.submission>> {
  const scope = readScope(asked);
  return instance.db.transaction(scope, async (tx) => {
    const one = await readSubmission(tx, scope, submission);
    const frozen = await readFrozen(tx, scope, submission, version ?? one.version);
    const tree = await loadRegionTree(tx, scope.county);
    const period = periodFromCode(one.every, one.period);
    const now = await countedForm(tx, scope, frozen.table.form, one.region, frozen.day);
    const differences = compareTables(frozen.table, now);
    const today = await workDay(tx, scope, new Date());
    const { standing, days } = standingIn({ ...period, due: one.due }, one, today);
    return {
      submission,
      region: placeOf(tree, one.region),
      form: one.form,
      formName: nameOf(frozen.table),
      every: one.every,
      period: one.period,
      periodTitle: period.title,
      due: one.due,
      state: one.state,
      standing,
      daysLate: days,
      version: frozen.version,
      day: frozen.day,
      digest: frozen.digest,
      intact: frozen.intact,
      versions: await versionsOf(tx, scope, submission),
      table: {
        ...tableOnScreen(frozen.table, tree.path(one.region)),
        failures: [...frozen.failures],
      },
      differences: differences.map((change) => changeWords(frozen.table, change)),
      causes: differences.length === 0 ? [] : await causesOf(tx, scope, frozen),
      events: await eventsOf(tx, scope, submission),
      others: await othersOf(tx, scope, one),
      acts: actsOf(asked, role, one),
    };
  });
}

function nameOf({ form }: Pick<FormTable, 'form'>): string {
  return `${form.number} ${form.name}`;
}

function changeWords(table: FormTable, { kind, was, now, ...change }: CellChange) {
  const column = table.form.columns.find(({ number }) => number === change.column);
  const text = (value: CellChange['was']): string =>
    column === undefined || (value === null && kind === 'count') ? '—' : cellText(column, value);
  return { ...change, was: text(was), now: text(now) };
}

async function versionsOf(tx: Tx, scope: Scope, submission: number) {
  const rows = await tx.query<{ version: number; day: string; digest: string; actor: string; at: Date }>(
    `select version, day, digest, actor, made_at as at from submission_version
     where county = $1 and submission = $2 order by version desc`,
    [scope.county, submission],
  );
  return rows.map((row) => ({ ...row, version: Number(row.version), at: new Date(row.at).toISOString() }));
}

/** Lists that came, or were taken back, after it was prepared and speak of its day or an earlier one. */
async function causesOf(tx: Tx, scope: Scope, frozen: Frozen) {
  const rows = await tx.query<{
    delivery: number;
    source: string;
    sender: string;
    asOf: string;
    at: Date;
    undone: boolean;
  }>(
    `select delivery, source, sender, as_of as "asOf", coalesce(undone_at, received_at) as at, undone_at is not null as undone
     from delivery where county = $1 and as_of <= $2
       and (received_at > $3 and undone_at is null or received_at <= $3 and undone_at > $3)
     order by delivery limit 50`,
    [scope.county, frozen.day, frozen.madeAt],
  );
  return rows.map(({ source, ...row }) => ({
    ...row,
    delivery: Number(row.delivery),
    title: findSource(source)?.title ?? source,
    at: new Date(row.at).toISOString(),
  }));
}

async function eventsOf(tx: Tx, scope: Scope, submission: number) {
  const rows = await tx.query<{
    act: SubmissionAct;
    version: number;
    day: string;
    remark: string;
    actor: string;
    at: Date;
  }>(
    `select act, version, day, remark, actor, made_at as at from submission_event
     where county = $1 and submission = $2 order by event`,
    [scope.county, submission],
  );
  return rows.map((row) => ({
    ...row,
    version: Number(row.version),
    title: ACT_WORDS[row.act],
    at: new Date(row.at).toISOString(),
  }));
}

/** To be compared with: the same form and place in other periods. */
async function othersOf(tx: Tx, scope: Scope, one: StoredSubmission) {
  const rows = await tx.query<StoredSubmission>(
    `select ${SUBMISSION_COLUMNS} from submission
     where county = $1 and region = $2 and form = $3 and submission <> $4 order by period desc limit 60`,
    [scope.county, one.region, one.form, one.submission],
  );
  return rows.map((row) => ({
    submission: Number(row.submission),
    period: row.period,
    title: periodFromCode(row.every, row.period).title,
    state: row.state,
  }));
}

function actsOf(scope: Scope, role: Role, one: StoredSubmission): string[] {
  return SUBMISSION_ACTS.filter((act) => {
    if (!canMove(one.state, act)) return false;
    if (act === 'prepare' || act === 'submit')
      return isAllowed(role, 'submissions.write') && isWithin(one.region, scope.region);
    return isAllowed(role, 'submissions.approve') && mayDecide(scope, one.region);
  });
}

/** Two submissions of the same form, cell by cell. */
export async function compareTwo(
  instance: Instance,
  asked: Scope,
  submission: number,
  against: number,
  version?: number,
): Promise<AnswerOf<typeof contract.compareSubmissions>> {
  const scope = readScope(asked);
  return instance.db.transaction(scope, async (tx) => {
    const [one, other] = [
      await readSubmission(tx, scope, submission),
      await readSubmission(tx, scope, against),
    ];
    const now = await readFrozen(tx, scope, submission, version ?? one.version);
    const was = await readFrozen(tx, scope, against, other.version);
    const title = (of: StoredSubmission, day: string): string =>
      `${periodFromCode(of.every, of.period).title}（${day}）`;
    return {
      was: title(other, was.day),
      now: title(one, now.day),
      differences: compareTables(was.table, now.table).map((change) => changeWords(now.table, change)),
    };
  });
}

/** The workbook of what was submitted: from the kept figures, as printed. */
export async function submissionFile(
  instance: Instance,
  asked: Scope,
  submission: number,
  version?: number,
): Promise<{ name: string; bytes: Buffer }> {
  const scope = readScope(asked);
  const { one, frozen } = await instance.db.transaction(scope, async (tx) => {
    const found = await readSubmission(tx, scope, submission);
    const kept = await readFrozen(tx, scope, submission, version ?? found.version);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'submission.export',
      subject: `submission ${submission}`,
      region: found.region,
      detail: { version: kept.version, digest: kept.digest },
    });
    return { one: found, frozen: kept };
  });
  const { form, region } = frozen.table;
  const name = `${form.number}-${form.name}-${region.name}-${one.period}-第${frozen.version}版.xlsx`;
  return { name, bytes: Buffer.from(await toXlsx(frozen.table)) };
}
