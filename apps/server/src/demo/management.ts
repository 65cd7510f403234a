import { Readable } from 'node:stream';
import { YUANJIANG_FILINGS } from '@quanbao/domain/checklist/filing';
import { indicatorValue } from '@quanbao/domain/indicators/indicators';
import type { Scope } from '../db/port.ts';
import {
  actOnItem,
  addFilings,
  addTeamMember,
  deriveList,
  loadShipped,
  passGate,
  sendFiling,
} from '../features/checklist/index.ts';
import { keepFile } from '../features/originals/index.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import {
  addDecision,
  addMeeting,
  answerOrder,
  decideOrder,
  makeTask,
  moveProblem,
  noteWarning,
  raiseOrder,
  raiseProblem,
  readWarnings,
  setDecision,
  tellEscalations,
  tellWarnings,
} from '../features/supervision/index.ts';
import { draftPaper, issuePaper } from '../features/supervision/papers/index.ts';
import { issuePlan, makePlan, measure, signPlan } from '../features/targets/index.ts';
import type { Instance } from '../instance.ts';
import { assessOctober } from './october.ts';
import { sendReports } from './submissions.ts';

const PLAN_DAY = '2020-08-31';
const PLAN_PAPER = '沅人社发〔2020〕44号';
/** When towns are told that they are behind. */
const WARNED = ['2020-09-27', '2020-10-25'] as const;
/** Evenings on which somebody's order had run late. */
const LATE_DAYS = ['2020-10-22', '2020-10-25', '2020-10-31'] as const;
/** What stands for the paper that went to the city. */
const LEDGER = '演示材料：扩面和征缴任务台账、实施方案。\n';

/** What has been written off by its day; the other tasks of 附件2 are late or still open. */
export const CHECKLIST_DONE: readonly (readonly [item: number, day: string, note: string])[] = [
  [1, '2020-08-07', '专项行动方案已印发'],
  [2, '2020-08-09', '推进会议已召开，会议纪要已印发'],
  [3, '2020-08-10', '省厅比对数据已发税务局和各镇（场、街道）'],
  [4, '2020-08-30', '台账和方案已报益阳备案'],
  [5, '2020-08-10', '各部门名单已按目录定期交换'],
  [6, '2020-08-16', '第一周周报告已上报'],
  [8, '2020-09-28', '专项督查已开展，整改通报已印发'],
];

/**
 * August to October as the county's office manages it: plans issued and signed, 附件2 worked off, bulletins, reports of
 * the towns, meetings, warnings and orders to whoever is behind, who is told when they run late, the October assessment with its acceptance. Figures are the register's
 * own: nothing here is counted twice.
 */
export async function makeManagement(instance: Instance, county: string): Promise<void> {
  const town = await townOfDemo(instance, county);
  const office: Scope = { county, region: county, actor: 'county' };
  const ofTown: Scope = { county, region: town, actor: 'town' };
  await givePlans(instance, office, ofTown);
  const list = await workOff(instance, office, ofTown);
  for (const [kind, day] of [
    ['monthly', '2020-08-31'],
    ['monthly', '2020-09-30'],
    ['quarterly', '2020-09-30'],
    ['weekly', '2020-10-25'],
  ] as const) {
    const { paper } = await draftPaper(instance, office, { kind, day });
    await issuePaper(instance, office, paper, { dated: day });
  }
  await sendReports(instance, office, town);
  await meet(instance, office, ofTown, list);
  await orderTheLast(instance, office, town);
  await warn(instance, office, ofTown);
  await assessOctober(instance, office, town);
}

/** The town that has an account in the demo (access/demo-accounts): the first that has villages. */
async function townOfDemo(instance: Instance, county: string): Promise<string> {
  const scope: Scope = { county, region: county, actor: 'county' };
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, county);
    const towns = tree.children(county, PLAN_DAY).map(({ code }) => code);
    return towns.find((code) => tree.children(code, PLAN_DAY).length > 1) ?? (towns[0] as string);
  });
}

/** When every town's first survey has come: whoever has said yes by then is the plan's. */
const WILLING_DAY = '2020-09-30';

/**
 * 附件1 is printed for a county ten times as large: the demo's 核实任务 counts whom its own province list names, its
 * 扩面任务 who has answered that he is willing.
 */
async function givePlans(instance: Instance, office: Scope, ofTown: Scope): Promise<void> {
  const { plan } = await makePlan(instance, office, {
    kind: 'verify',
    title: '2020年核实参保任务',
    document: PLAN_PAPER,
    basis: { of: 'count' },
    villages: true,
  });
  await issuePlan(instance, office, plan, { day: '2020-08-05', document: PLAN_PAPER });
  await signPlan(instance, ofTown, plan, { remark: '已分解到村（社区）' });
  const willing = await makePlan(instance, office, {
    kind: 'expand',
    title: '2020年扩面任务',
    document: '',
    basis: { of: 'count', asOf: WILLING_DAY },
    villages: true,
    from: WILLING_DAY,
    due: '2020-10-31',
  });
  await issuePlan(instance, office, willing.plan, { day: WILLING_DAY });
  await signPlan(instance, ofTown, willing.plan, { remark: '摸底愿意参保的人数属实' });
}

/** @returns the number of 附件2's list */
async function workOff(instance: Instance, office: Scope, ofTown: Scope): Promise<number> {
  const { list } = await loadShipped(instance, office, { origin: 'yuanjiang' });
  await loadShipped(instance, office, { origin: 'quanzhou' });
  const { filing } = await addFilings(instance, office, YUANJIANG_FILINGS);
  const ledger = await keepFile(instance, office, Readable.from([Buffer.from(LEDGER)]));
  await sendFiling(
    instance,
    office,
    filing,
    { asOf: '2020-08-30', receipt: '益阳市人社局 2020年8月31日收悉' },
    { name: '扩面和征缴任务台账、实施方案.txt', digest: ledger.digest },
  );
  for (const [item, asOf, note] of CHECKLIST_DONE) {
    await actOnItem(instance, office, 'county', { list, item }, { act: 'request', note, asOf });
    await actOnItem(instance, office, 'county', { list, item }, { act: 'close', note: '', asOf });
  }
  await passGate(instance, office, list, { phase: '谋划部署阶段', remark: '按期完成', asOf: '2020-08-10' });
  await passGate(instance, office, list, {
    phase: '入户摸底阶段',
    remark: '台账、方案已备案',
    asOf: '2020-08-31',
  });
  const own = await deriveList(instance, ofTown, list, {});
  await actOnItem(
    instance,
    ofTown,
    'town',
    { list: own.list, item: own.items },
    { act: 'request', note: '自查评估情况已上报', asOf: '2020-10-20' },
  );
  for (const [scope, name, role, duty] of [
    [office, '周明德', 'leader', '政府分管领导，负总责'],
    [office, '何立新', 'deputy', '市人社局，牵头抓总'],
    [ofTown, '钱望春', 'leader', '负责本街道全覆盖任务'],
  ] as const) {
    await addTeamMember(instance, scope, { name, role, duty, from: '2020-08-01' });
  }
  return list;
}

/** 专题研究 and a dispatch meeting: one decision done, one on 附件2's list and asked to be written off, one open. */
async function meet(instance: Instance, office: Scope, ofTown: Scope, list: number): Promise<void> {
  const study = await addMeeting(instance, office, {
    kind: 'study',
    title: '全覆盖专项行动专题研究会',
    day: '2020-08-06',
    agenda: '研究专项行动方案、专班组成和经费保障',
    attended: '市政府分管领导，人社、财政、税务、民政、残联负责人',
  });
  const { decision: first } = await addDecision(instance, office, study.meeting, {
    text: '市公安局每月提供死亡、注销户口人员名单，与参保数据比对。',
    unit: '市公安局',
    region: office.county,
    due: '2020-08-31',
  });
  await setDecision(
    instance,
    { scope: office, office: '' },
    { meeting: study.meeting, decision: first },
    {
      state: 'done',
      result: '已建立按月交换机制，8月名单已接收',
    },
  );
  const { meeting } = await addMeeting(instance, office, {
    kind: 'dispatch',
    title: '十月第三次调度会',
    day: '2020-10-19',
    agenda: '通报第42周进展，调度进度滞后的单位',
    attended: '各镇（场、街道）分管负责人',
  });
  const decide = (text: string, unit: string, region: string, due: string): Promise<{ decision: number }> =>
    addDecision(instance, office, meeting, { text, unit, region, due });
  const { decision: visits } = await decide(
    '对人户分离、联系不上的未参保人员逐户补记联系时间和方式。',
    '人社所',
    ofTown.region,
    '2020-10-30',
  );
  await makeTask(instance, office, { meeting, decision: visits }, { list });
  await setDecision(
    instance,
    { scope: ofTown, office: '' },
    { meeting, decision: visits },
    {
      state: 'done',
      result: '已逐户补记，材料在村里留存备查',
    },
  );
  const { decision: collecting } = await decide(
    '开展年度缴费集中扫尾，逐村公布未缴费名单并上门提醒。',
    '市税务局',
    office.county,
    '2020-11-15',
  );
  await makeTask(instance, office, { meeting, decision: collecting }, { list });
  await decide('总结全覆盖行动经验，形成书面材料。', '市人社局', office.county, '2020-11-20');
  for (const [subject, detail] of [
    ['外省参加职工养老保险的情况无法核实', '请市局协调省厅开放全国参保查询接口，减少重复动员。'],
    ['重度残疾人代缴名单更新滞后', '请市残联按月下发新增和注销名单。'],
  ] as const) {
    const { problem } = await raiseProblem(instance, ofTown, { subject, detail, due: '2020-11-10' });
    await moveProblem(instance, office, problem, 'send');
    if (problem === 1) await moveProblem(instance, office, problem, 'answer', '省厅已受理，先按函询办理。');
  }
}

interface Ordered {
  readonly raised: string;
  readonly asOf: string;
  readonly due: string;
  readonly answered?: string;
  readonly closed?: string;
}
/** One answered late and done with, one past its day and still unanswered, one that has time. */
const ORDERS: readonly Ordered[] = [
  {
    raised: '2020-10-12',
    asOf: '2020-10-11',
    due: '2020-10-20',
    answered: '2020-10-23',
    closed: '2020-10-26',
  },
  { raised: '2020-10-14', asOf: '2020-10-11', due: '2020-10-21' },
  { raised: '2020-10-26', asOf: '2020-10-25', due: '2020-11-15' },
];

/** 督办单 to the towns with the lowest coverage; whoever is late is told, and then the county's leaders. */
async function orderTheLast(instance: Instance, office: Scope, town: string): Promise<void> {
  const { places } = await instance.db.transaction(office, (tx) => measure(tx, office, office.county));
  const last = places
    .map(({ code, count }) => ({ code, rate: indicatorValue('coverage-rate', count) }))
    .filter((one): one is { code: string; rate: number } => one.rate !== null && one.code !== town)
    .toSorted((a, b) => a.rate - b.rate || (a.code < b.code ? -1 : 1));
  for (const [i, { raised, asOf, due, answered, closed }] of ORDERS.entries()) {
    const code = last[i]?.code;
    if (code === undefined) break;
    const raise = {
      ...{ region: code, due, asOf },
      subject: '加快推进城乡居保全覆盖',
      asked: '覆盖率排名靠后，请逐村分析未参保原因，组织力量入户，按期完成任务并书面答复。',
      indicators: ['coverage-rate', 'not-registered'],
    };
    const { order } = await raiseOrder(instance, office, raise, raised);
    if (answered === undefined || closed === undefined) continue;
    const scope: Scope = { county: office.county, region: code, actor: 'town' };
    await answerOrder(
      instance,
      { scope, office: '' },
      { order, remark: '已逐村分析，落实包村干部入户，未参保人员逐人登记原因' },
      undefined,
      answered,
    );
    await decideOrder(instance, office, order, 'close', '整改到位，答复迟了三天', closed);
  }
  for (const day of LATE_DAYS) await tellEscalations(instance, office.county, day);
}

/** Towns behind are told of it on two Sundays; the one with an account has signed for the first. */
async function warn(instance: Instance, office: Scope, ofTown: Scope): Promise<void> {
  for (const asOf of WARNED) {
    const { items } = await readWarnings(instance, office, { asOf, back: 0 });
    const lit = items.filter(({ colour }) => colour !== null);
    await tellWarnings(
      instance,
      office,
      lit.map(({ region, rule }) => ({ region: region.code, rule })),
      asOf,
    );
    if (asOf !== WARNED[0]) continue;
    for (const { region, rule } of lit) {
      if (region.code === ofTown.region)
        await noteWarning(instance, ofTown, { region: region.code, rule, day: asOf });
    }
  }
}
