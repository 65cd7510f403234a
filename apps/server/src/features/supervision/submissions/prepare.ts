import type { BodyOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/supervision';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type Duty, dueDay, owes, type Period, periodFromCode } from '@quanbao/domain/supervision/calendar';
import { moved } from '@quanbao/domain/supervision/submission';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope, Tx } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { loadRegionTree } from '../../regions/index.ts';
import {
  askableDays,
  chooseDay,
  countedForm,
  findForm,
  footingOf,
  requireRegion,
  workDay,
} from '../../reports/index.ts';
import { rulesOn } from '../rules.ts';
import { withoutNumbers } from '../today.ts';
import { digestOf, noteAct, type StoredSubmission, SUBMISSION_COLUMNS } from './store.ts';

type Order = BodyOf<typeof contract.prepareSubmission>;

/** Takes the figures of the period's day and keeps them as they stand; whoever prepares again makes a new version. @param on the day of work where it is another */
export async function prepareSubmission(
  instance: Instance,
  scope: Scope,
  order: Order,
  on?: PlainDate,
): Promise<{ submission: number; version: number; failures: string[] }> {
  const remark = (order.remark ?? '').trim();
  withoutNumbers('submission.remark', remark, order.reporter ?? '', order.contact ?? '');
  const made = await instance.db.transaction(scope, (tx) => freeze(tx, scope, order));
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const today = on ?? (await workDay(tx, scope, new Date()));
    const [seen] = await tx.query<StoredSubmission>(
      `select ${SUBMISSION_COLUMNS} from submission
       where county = $1 and region = $2 and form = $3 and period = $4 for update`,
      [scope.county, order.region, order.form, made.period.code],
    );
    const version = Number(seen?.version ?? 0) + 1;
    let submission = Number(seen?.submission ?? 0);
    if (seen !== undefined) {
      await tx.query(
        'update submission set state = $3, version = $4::int where county = $1 and submission = $2::int',
        [scope.county, submission, moved(seen.state, 'prepare'), version],
      );
    } else {
      const [row] = await tx.query<{ submission: number }>(
        `insert into submission (county, submission, region, form, every, period, due_day, state, version)
         select $1, coalesce(max(submission), 0) + 1, $2, $3, $4, $5, $6, 'prepared', 1 from submission where county = $1
         returning submission`,
        [scope.county, order.region, order.form, order.every, made.period.code, made.due],
      );
      submission = Number(row?.submission);
    }
    const digest = digestOf(made.body);
    await tx.query(
      `insert into submission_version (county, submission, version, region, day, body, digest, failures, actor)
       values ($1, $2::int, $3::int, $4, $5, $6, $7, $8, $9)`,
      [
        scope.county,
        submission,
        version,
        order.region,
        made.day,
        made.body,
        digest,
        JSON.stringify(made.failures),
        scope.actor,
      ],
    );
    const one = {
      submission,
      version,
      region: order.region,
      form: order.form,
      period: made.period.code,
      digest,
    };
    await noteAct(tx, scope, one, 'prepare', today, remark);
    return { submission, version, failures: made.failures };
  });
}

interface Made {
  readonly period: Period;
  readonly due: PlainDate;
  readonly day: PlainDate;
  readonly body: string;
  readonly failures: string[];
}

async function freeze(tx: Tx, scope: Scope, order: Order): Promise<Made> {
  requireRegion(await loadRegionTree(tx, scope.county), scope, order.region);
  const period = periodFromCode(order.every, order.period);
  const duty = await dutyOf(tx, scope, order, period);
  const days = await askableDays(tx, scope.county);
  // A week in which no list came in is owed like any other: its figures are those of what is known.
  const known = [chooseDay(days, undefined), await workDay(tx, scope, new Date())].sort()[1] as PlainDate;
  if (period.from > known) {
    throw new Refusal('submission.ahead', `${period.title}还没有开始：现在是 ${known}；没有编制。`);
  }
  const day = chooseDay(days, order.day ?? [period.to, known].sort()[0]);
  if (day < period.from || day > period.to || day > known) {
    throw new Refusal('submission.day', `数字的日期应在${period.title}之内、不晚于 ${known}；请改选。`);
  }
  const form = await findForm(tx, scope, order.form);
  const table = await countedForm(tx, scope, form, order.region, day, {
    ...(order.reporter ? { reporter: order.reporter } : {}),
    ...(order.contact ? { contact: order.contact } : {}),
  });
  const failures = (await footingOf(tx, scope, table)).map((failure) => failure.message);
  return { period, due: dueDay(duty, period), day, body: JSON.stringify(table), failures };
}

/** @throws Refusal where the calendar asks no such thing of the place */
async function dutyOf(tx: Tx, scope: Scope, order: Order, period: Period): Promise<Duty> {
  const { calendar } = await rulesOn(tx, scope, period.to);
  const duty = calendar.find(
    (one) => one.form === order.form && one.every === order.every && owes(one, order.region),
  );
  if (duty !== undefined) return duty;
  throw new Refusal('submission.duty', '报送日历里，这个单位没有这张表的这种报期；请从报送日历里打开。');
}
