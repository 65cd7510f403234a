import { periodFromCode } from '@quanbao/domain/supervision/calendar';
import type { Scope } from '../db/port.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import { decideSubmission, prepareSubmission, submitSubmission } from '../features/supervision/index.ts';
import type { Instance } from '../instance.ts';

/** Weeks that are over and approved; the Monday after each is when a town owes 附件5. */
const BEFORE = [
  { period: '2020-W39', due: '2020-09-28' },
  { period: '2020-W40', due: '2020-10-05' },
  { period: '2020-W41', due: '2020-10-12' },
] as const;
const WEEKS = [
  { period: '2020-W42', due: '2020-10-19' },
  { period: '2020-W43', due: '2020-10-26' },
] as const;
const LATE = '2020-10-22';
const DONE = '2020-10-20';
const MONTH = '2020-10';
const MONTH_DAY = '2020-10-31';

interface Sent {
  readonly form: 'annex4' | 'annex5';
  readonly every: 'week' | 'month';
  readonly period: string;
}

/**
 * 一周一调度: every town's 附件5 of five weeks. Those before the last are whole — in one of them a town was late, and the
 * county's is approved, so that all of it is locked; of the last one town owes it still and one has it back with a remark. The town with an account has its
 * villages' 附件4 of October as well, approved and locked.
 */
export async function sendReports(instance: Instance, office: Scope, town: string): Promise<void> {
  const { county } = office;
  const { towns, villages } = await instance.db.transaction(office, async (tx) => {
    const tree = await loadRegionTree(tx, county);
    const below = (code: string) => tree.children(code, MONTH_DAY).map((one) => one.code);
    return { towns: below(county), villages: below(town) };
  });
  const send = async (of: Sent, region: string, actor: string, on: string): Promise<number> => {
    const scope: Scope = { county, region, actor };
    const order = { ...of, region, ...dayIn(of) };
    const { submission } = await prepareSubmission(instance, scope, order, on);
    await submitSubmission(instance, scope, submission, '', on);
    return submission;
  };
  const [whole, running] = WEEKS;
  const first: Sent = { form: 'annex5', every: 'week', period: whole.period };
  for (const code of towns) {
    const late = code === town;
    const no = await send(first, code, 'town', late ? LATE : whole.due);
    await decideSubmission(instance, office, no, 'approve', late ? '迟报，下不为例' : '', late ? LATE : DONE);
  }
  const own = await send(first, county, 'county', LATE);
  await decideSubmission(instance, office, own, 'approve', '市人社局已收', LATE);
  for (const { period, due } of BEFORE) {
    for (const code of [...towns, county]) {
      const no = await send({ ...first, period }, code, code === county ? 'county' : 'town', due);
      await decideSubmission(instance, office, no, 'approve', '', due);
    }
  }

  const others = towns.filter((code) => code !== town);
  for (const code of towns) {
    // The last has not sent it yet.
    if (code === others.at(-1)) continue;
    const of: Sent = { ...first, period: running.period };
    const no = await send(of, code, 'town', running.due);
    if (code === others[0]) {
      await decideSubmission(
        instance,
        office,
        no,
        'return',
        '未缴费人数与上周相差较大，请核对缴费名单后重报。',
        '2020-10-27',
      );
    } else if (code !== others[1]) await decideSubmission(instance, office, no, 'approve', '', '2020-10-27');
  }

  const month: Sent = { form: 'annex4', every: 'month', period: MONTH };
  const above: Scope = { county, region: town, actor: 'town' };
  for (const code of villages) {
    const no = await send(month, code, 'village', MONTH_DAY);
    await decideSubmission(instance, above, no, 'approve', '', MONTH_DAY);
  }
  const sum = await send(month, town, 'town', MONTH_DAY);
  await decideSubmission(instance, office, sum, 'approve', '', MONTH_DAY);
}

/** A week is told as of its Sunday, the month as of its last day. */
function dayIn({ every, period }: Sent): { day: string } {
  return { day: periodFromCode(every, period).to };
}
