import { createHash } from 'node:crypto';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { FormTable } from '@quanbao/domain/reports/forms';
import type { Rhythm } from '@quanbao/domain/supervision/calendar';
import {
  type SubmissionAct,
  type SubmissionState,
  submissionAfter,
} from '@quanbao/domain/supervision/submission';
import type { Scope, Tx } from '../../../db/port.ts';
import { record } from '../../audit/index.ts';

export interface StoredSubmission {
  readonly submission: number;
  readonly region: RegionCode;
  readonly form: string;
  readonly every: Rhythm;
  readonly period: string;
  readonly due: PlainDate;
  readonly state: SubmissionState;
  readonly version: number;
  readonly submittedDay: PlainDate | null;
}

export const SUBMISSION_COLUMNS = `submission, region, form, every, period, due_day as due, state, version, submitted_day as "submittedDay"`;

/** @throws Refusal for one that is none, or none of the scope */
export async function readSubmission(
  tx: Tx,
  scope: Scope,
  submission: number,
  lock: 'for update' | '' = '',
): Promise<StoredSubmission> {
  const [row] = await tx.query<StoredSubmission>(
    `select ${SUBMISSION_COLUMNS} from submission where county = $1 and submission = $2 ${lock}`,
    [scope.county, submission],
  );
  if (row === undefined) throw new Refusal('submission.unknown', '没有这份报送，或不在您的管辖范围。');
  return { ...row, submission: Number(row.submission), version: Number(row.version) };
}

/** What places had made by the day, each where it stood on the day: what was done later is not known of then. */
export async function submissionsOn(
  tx: Tx,
  scope: Scope,
  places: readonly RegionCode[],
  day: PlainDate,
): Promise<StoredSubmission[]> {
  const rows = await tx.query<StoredSubmission & { act: SubmissionAct }>(
    `select s.submission, s.region, s.form, s.every, s.period, s.due_day as due, e.act, e.version,
       case when s.submitted_day <= $3 then s.submitted_day end as "submittedDay"
     from submission s
     join submission_event e on e.county = s.county and e.submission = s.submission
     where s.county = $1 and s.region = any($2::text[]) and e.event = (select max(l.event) from submission_event l
       where l.county = s.county and l.submission = s.submission and l.day <= $3)`,
    [scope.county, [...places], day],
  );
  return rows.map(({ act, ...row }) => ({
    ...row,
    submission: Number(row.submission),
    version: Number(row.version),
    state: submissionAfter(act),
  }));
}

export interface Frozen {
  readonly version: number;
  readonly day: PlainDate;
  readonly table: FormTable;
  readonly digest: string;
  /** The kept text still has its digest. */
  readonly intact: boolean;
  readonly failures: readonly string[];
  readonly madeAt: Date;
}

/** What was prepared in a version, as it stood. */
export async function readFrozen(tx: Tx, scope: Scope, submission: number, version: number): Promise<Frozen> {
  const [row] = await tx.query<{ day: string; body: string; digest: string; failures: string[]; at: Date }>(
    `select day, body, digest, failures, made_at as at from submission_version
     where county = $1 and submission = $2 and version = $3`,
    [scope.county, submission, version],
  );
  if (row === undefined) throw new Refusal('submission.unknown', '这份报送没有这一版；请从版本里选。');
  return {
    version,
    day: row.day,
    table: JSON.parse(row.body) as FormTable,
    digest: row.digest,
    intact: digestOf(row.body) === row.digest,
    failures: row.failures,
    madeAt: new Date(row.at),
  };
}

export function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** What was done with it, in the act's own transaction. */
export async function noteAct(
  tx: Tx,
  scope: Scope,
  one: Pick<StoredSubmission, 'submission' | 'region' | 'form' | 'period' | 'version'> & {
    /** Of what was prepared or went up. */
    readonly digest?: string;
  },
  act: SubmissionAct,
  day: PlainDate,
  remark: string,
): Promise<void> {
  await tx.query(
    `insert into submission_event (county, submission, event, region, act, version, day, remark, actor)
     select $1, $2::int, coalesce(max(event), 0) + 1, $3, $4, $5::int, $6, $7, $8 from submission_event
     where county = $1 and submission = $2::int`,
    [scope.county, one.submission, one.region, act, one.version, day, remark, scope.actor],
  );
  await record(tx, {
    county: scope.county,
    actor: scope.actor,
    act: `submission.${act}`,
    subject: `submission ${one.submission}`,
    region: one.region,
    detail: {
      form: one.form,
      period: one.period,
      version: one.version,
      ...(one.digest === undefined ? {} : { digest: one.digest }),
    },
  });
}
