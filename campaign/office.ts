import { YUANJIANG_FILINGS } from '@quanbao/domain/checklist/filing';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { ANNEX1_YUANJIANG } from '@quanbao/domain/reports/annex1-yuanjiang';
import { CHECKLIST_DONE } from '../apps/server/src/demo/index.ts';
import {
  acceptanceOf,
  advance,
  beginRound,
  countyReach,
  handInSelf,
  recountRound,
  resultFile,
  verifyRound,
} from '../apps/server/src/features/assessment/index.ts';
import {
  actOnItem,
  addFilings,
  addTeamMember,
  annex2Of,
  annex2Table,
  checklistToXlsx,
  deriveList,
  loadShipped,
  passGate,
} from '../apps/server/src/features/checklist/index.ts';
import {
  answerOrder,
  decideOrder,
  listOrders,
  raiseOrder,
  readWarnings,
} from '../apps/server/src/features/supervision/index.ts';
import { annex1Table, issuePlan, makePlan, signPlan } from '../apps/server/src/features/targets/index.ts';
import { begun, type Campaign, OFFICE, placeScope, timed } from './county.ts';
import { Broken } from './invariants.ts';

/** From so many people on it is the county of 附件1; a smaller one has its share of the printed total. */
const FULL = 500_000;
const COUNTY_OF_2020 = 700_000;
const PLAN_PAPER = '沅人社发〔2020〕44号';
const SCHEME = 'yuanjiang-2020-10';
const SELF_DAY = '2020-10-20';
const ACCEPTANCE = '2020-10-31';

/** What the county's office and the towns do beside lists and visits: plans, 附件2, orders, the assessment. */
export async function manage(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const said: string[] = [];
  const step = STEPS[day];
  if (step !== undefined)
    said.push(...(await timed(campaign, '任务、清单和考核', () => step(campaign, day))));
  said.push(...(await timed(campaign, '任务、清单和考核', () => workOff(campaign, day))));
  said.push(...(await timed(campaign, '督办', () => supervise(campaign, day))));
  return said;
}

type Step = (campaign: Campaign, day: PlainDate) => Promise<string[]>;

const STEPS: Readonly<Record<PlainDate, Step>> = {
  '2020-08-01': prepare,
  '2020-08-05': givePlan,
  '2020-08-06': signPlans,
  '2020-08-12': ownList,
  '2020-09-18': afterInspection,
  [SELF_DAY]: assessSelf,
  [ACCEPTANCE]: accept,
};

async function prepare({ instance, begun: numbers }: Campaign): Promise<string[]> {
  const { list } = await loadShipped(instance, OFFICE, { origin: 'yuanjiang' });
  numbers.set('清单', list);
  await addFilings(instance, OFFICE, YUANJIANG_FILINGS);
  for (const [name, role, duty] of [
    ['周明德', 'leader', '政府分管领导，负总责'],
    ['何立新', 'deputy', '市人社局，牵头抓总'],
    ['钱望春', 'deputy', '市税务局，负责征缴'],
  ] as const)
    await addTeamMember(instance, OFFICE, { name, role, duty, from: '2020-08-01' });
  return ['成立专项行动领导小组，任务清单（附件2）建账'];
}

async function givePlan(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const { instance, begun: numbers, gallery, residents } = campaign;
  const { plan } = await makePlan(instance, OFFICE, {
    kind: 'verify',
    title: '2020年核实参保任务',
    document: PLAN_PAPER,
    basis:
      residents >= FULL
        ? { of: 'annex1' }
        : { of: 'total', total: Math.round((ANNEX1_YUANJIANG.total * residents) / COUNTY_OF_2020) },
    villages: true,
  });
  numbers.set('任务', plan);
  await issuePlan(instance, OFFICE, plan, { day, document: PLAN_PAPER });
  const table = await instance.db.transaction(OFFICE, (tx) => annex1Table(tx, OFFICE, plan));
  await gallery.form(day, table, '附件1 需核实参保任务数');
  return [
    `下达核实任务 ${table.total.cells[2]} 人，分解到 ${table.rows.length} 个单位（${PLAN_PAPER}附件1）`,
  ];
}

async function signPlans(campaign: Campaign): Promise<string[]> {
  const plan = begun(campaign, '任务');
  let signed = 0;
  const { rows } = await campaign.instance.db.transaction(OFFICE, (tx) => annex1Table(tx, OFFICE, plan));
  for (const { code } of rows) {
    await signPlan(campaign.instance, placeScope(code, 'town'), plan, { remark: '已分解到村（社区）' });
    signed++;
  }
  return [`${signed} 个单位签收任务`];
}

async function ownList(campaign: Campaign): Promise<string[]> {
  const town = campaign.towns.find(({ villages }) => villages.length > 1);
  if (town === undefined) return [];
  const own = await deriveList(campaign.instance, placeScope(town.code, 'town'), begun(campaign, '清单'), {});
  campaign.begun.set('细案', own.list);
  campaign.begun.set('细案末项', own.items);
  return [`${town.name}制定工作细案，共 ${own.items} 项`];
}

/** Requested and closed on the days of the plan. */
async function workOff(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const { instance, gallery, begun: numbers } = campaign;
  const list = numbers.get('清单');
  if (list === undefined) return [];
  const said: string[] = [];
  for (const [item, asOf, note] of CHECKLIST_DONE) {
    if (asOf !== day) continue;
    await actOnItem(instance, OFFICE, 'county', { list, item }, { act: 'request', note, asOf });
    await actOnItem(instance, OFFICE, 'county', { list, item }, { act: 'close', note: '', asOf });
    said.push(`任务清单第 ${item} 项销账：${note}`);
  }
  const gate = GATES[day];
  if (gate !== undefined) {
    await passGate(instance, OFFICE, list, { phase: gate, remark: '按期完成', asOf: day });
    said.push(`${gate}通过验收`);
  }
  if (day.endsWith('-30') || day === ACCEPTANCE) {
    const paper = await instance.db.transaction(OFFICE, (tx) => annex2Of(tx, OFFICE));
    const { title, columns, rows } = annex2Table(paper.list, paper.items);
    gallery.table(day, '附件2 任务清单', { title, columns, rows });
    gallery.file(day, '附件2', '附件2 任务清单.xlsx', await checklistToXlsx(paper.list, paper.items));
  }
  return said;
}

const GATES: Readonly<Record<PlainDate, string>> = {
  '2020-08-10': '谋划部署阶段',
  '2020-08-31': '入户摸底阶段',
};

const LOOK = new Set([1, 15]);
const ANSWERED = 4;

/** Twice a month warnings become orders; whoever is asked answers some days later, and the county looks at the answer. */
async function supervise(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const { instance } = campaign;
  const said: string[] = [];
  if (LOOK.has(Number(day.slice(8))) && day > '2020-08-10') {
    const { items } = await readWarnings(instance, OFFICE, { asOf: day, back: 7 });
    const worst = items.filter(
      (one) => (one.colour === 'red' || one.colour === 'orange') && one.order === null,
    );
    for (const one of worst.filter(firstOfTown).slice(0, 3)) {
      const { number } = await raiseOrder(instance, OFFICE, {
        region: one.region.code,
        warning: one.rule,
        asOf: day,
        due: addDays(day, 10),
      });
      said.push(`下达${number}：${one.region.name}，${one.words}`);
    }
    if (worst.length === 0) said.push('调度：各镇（场、街道）无红色、橙色预警');
  }
  const reader = { scope: OFFICE, office: '' };
  const { items } = await listOrders(instance, reader, { asOf: day });
  for (const one of items) {
    const town = placeScope(one.region.code, 'town');
    if (one.state === 'open' && addDays(one.raisedDay, ANSWERED) <= day) {
      await answerOrder(
        instance,
        { scope: town, office: '' },
        { order: one.order, remark: '已逐村分析原因，落实包村干部入户，未参保人员逐人登记原因' },
      );
      said.push(`${one.to}答复${one.number}`);
    } else if (one.state === 'answered') {
      const returned = one.order === 1 && !campaign.begun.has('退回');
      if (returned) campaign.begun.set('退回', one.order);
      const remark = returned ? '没有写明完成时限，请补充' : '整改到位';
      await decideOrder(instance, OFFICE, one.order, returned ? 'return' : 'close', remark);
      said.push(`${one.number}${returned ? '退回重办' : '办结'}`);
    }
  }
  return said;
}

function firstOfTown<T extends { readonly region: { readonly code: string } }>(
  one: T,
  at: number,
  all: readonly T[],
): boolean {
  return all.findIndex(({ region }) => region.code === one.region.code) === at;
}

async function afterInspection(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const [, second] = campaign.towns;
  if (second === undefined) return [];
  const { number } = await raiseOrder(campaign.instance, OFFICE, {
    region: second.code,
    due: addDays(day, 10),
    subject: '9月督查发现问题整改',
    asked:
      '督查抽查发现部分走访答复与本人所述不一致。请对本镇走访记录重新核实，补齐意愿书等佐证，并书面答复。',
    indicators: ['coverage-rate', 'reason-proved-rate'],
  });
  return [`督查反馈，下达${number}（${second.name}）`];
}

async function assessSelf(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const { instance, towns, begun: numbers } = campaign;
  const { assessment } = await beginRound(instance, OFFICE, { scheme: SCHEME, day: ACCEPTANCE });
  numbers.set('考核', assessment);
  for (const { code, name } of towns) {
    const scope = placeScope(code, 'town');
    await handInSelf(instance, { scope, office: undefined, whole: false }, assessment, {
      unit: code,
      text: `${name}对照任务清单逐项自查，户籍人员信息已全部摸清，未参保原因逐人登记，佐证材料基本齐全。`,
      lines: [],
    });
  }
  const own = numbers.get('细案');
  const town = towns.find(({ villages }) => villages.length > 1);
  if (own !== undefined && town !== undefined) {
    await actOnItem(
      instance,
      placeScope(town.code, 'town'),
      'town',
      { list: own, item: begun(campaign, '细案末项') },
      { act: 'request', note: '自查评估情况已上报', asOf: day },
    );
  }
  return [`开展自查评估：${towns.length} 个镇（场、街道）上报自评`];
}

async function accept(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const { instance, gallery } = campaign;
  const assessment = begun(campaign, '考核');
  await recountRound(instance, OFFICE, assessment);
  await advance(instance, OFFICE, assessment, { to: 'draft' });
  const { digest } = await advance(instance, OFFICE, assessment, { to: 'frozen' });
  await advance(instance, OFFICE, assessment, { to: 'published', document: '沅人社通报〔2020〕10号' });
  const { same, differences } = await verifyRound(instance, OFFICE, assessment);
  if (!same) throw new Broken(day, '考核按定案数据重新计算', differences.join('；'), '相同');
  const reach = countyReach(OFFICE);
  gallery.file(
    day,
    '10月考核得分和等次',
    '考核结果.xlsx',
    (await resultFile(instance, reach, assessment)).bytes,
  );
  const { passed, failed } = await acceptanceOf(instance, reach, assessment);
  return [
    `验收：合格 ${passed.length} 个、不合格 ${failed.length} 个，结果定案并公布（SM3 ${digest?.slice(0, 16)}…）`,
  ];
}
