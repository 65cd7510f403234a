import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { receiveLaterList } from '../apps/server/src/demo/index.ts';
import { indexRegister } from '../apps/server/src/features/register/index.ts';
import { countedForms } from '../apps/server/src/features/reports/index.ts';
import {
  type DeliveryReport,
  type DeliveryRequest,
  findRefusedRow,
  fixRow,
  listRejected,
  receive,
  undoDelivery,
  undoFix,
} from '../apps/server/src/features/sources/index.ts';
import { FIRST_DAY } from './clock.ts';
import { begun, type Campaign, COUNTY, OFFICE, timed } from './county.ts';
import { Broken } from './invariants.ts';

const LAST_LISTS = '2020-10-31';
/** How many days after its own day an office's list is there; the others come a day after. */
const LATE: Readonly<Record<string, number>> = {
  'household-register': 3,
  'residents-scheme': 2,
  'employees-in-province': 2,
  'public-sector-in-province': 3,
  'employees-elsewhere': 3,
  'insurance-compare': 5,
  deaths: 4,
  prisoners: 4,
  military: 4,
  'survey-workbook': 0,
  'province-list': 0,
};
/** Days until a list that was wrong is issued again. */
const REISSUED = 3;

/** On which day each list comes in: the first ones together, the last ones for the acceptance. */
export function arrivalsOf(deliveries: readonly DeliveryRequest[]): Map<PlainDate, DeliveryRequest[]> {
  const days = new Map<PlainDate, DeliveryRequest[]>();
  const before = new Set<string>();
  for (const delivery of deliveries) {
    const { source, asOf, sender = '', region = '', mode } = delivery;
    const weekly = source === 'residents-scheme' && mode === 'delta';
    const key = [source, asOf, sender, region, mode].join();
    const late = (weekly ? 0 : (LATE[source] ?? 1)) + (before.has(key) ? REISSUED : 0);
    before.add(key);
    const comes = asOf <= FIRST_DAY ? FIRST_DAY : addDays(asOf, late);
    const day = comes > LAST_LISTS ? LAST_LISTS : comes;
    days.set(day, [...(days.get(day) ?? []), delivery]);
  }
  return days;
}

function titleOf(source: string): string {
  return findSource(source)?.title ?? source;
}

function words(request: DeliveryRequest, report: DeliveryReport): string {
  const refused = report.rejected.length > 0 ? `，拒收 ${report.rejected.length} 行并退回更正` : '';
  const gone = report.withdrawn > 0 ? `，不再在册 ${report.withdrawn}` : '';
  const whole = request.mode === 'delta' ? '增量' : '';
  return `收${titleOf(request.source)}${whole}（${request.sender ?? findSource(request.source)?.office ?? ''}，截至 ${request.asOf}）${report.rows} 行：接收 ${report.accepted}${gone}${refused}`;
}

export async function receiveLists(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const arrived = campaign.arrivals.get(day) ?? [];
  const said: string[] = [];
  const take = async (requests: readonly DeliveryRequest[]): Promise<void> => {
    const reports = await receive(campaign.instance, OFFICE, requests, { acceptWithdrawals: true });
    reports.forEach((report, i) => {
      said.push(words(requests[i] as DeliveryRequest, report));
      if (report.delivery !== null && report.rejected.length > 0)
        campaign.begun.set('有拒收的报送', report.delivery);
    });
  };
  if (arrived.length > 0) {
    await timed(campaign, day === FIRST_DAY ? '首日接收全部名单' : '接收名单', async () => {
      if (day === FIRST_DAY) await take(arrived);
      else for (const one of arrived) await take([one]);
    });
  }
  const mishap = MISHAPS[day];
  if (mishap !== undefined)
    said.push(...(await timed(campaign, '误报、撤销和更正', () => mishap(campaign, day))));
  if (day === LAST_LISTS) {
    const people = await receiveLaterList(campaign.instance, COUNTY, campaign.lists);
    if (people > 0) said.push(`收县人民医院补报死亡人员 ${people} 人，与走访不一致的列入矛盾`);
  }
  if (said.length > 0) await timed(campaign, '编检索', () => indexRegister(campaign.instance, COUNTY));
  return said;
}

type Mishap = (campaign: Campaign, day: PlainDate) => Promise<string[]>;

/** What goes wrong with lists, and how it is taken back. None of it may leave a trace in the figures. */
const MISHAPS: Readonly<Record<PlainDate, Mishap>> = {
  '2020-08-18': sentTwice,
  '2020-08-20': noList,
  '2020-08-25': fixed,
  '2020-08-26': unfixed,
  '2020-09-08': wrongDay,
  '2020-09-09': wronglyReceived,
  '2020-09-10': takenBack,
  '2020-10-06': halfOfIt,
};

function arrivedOf(campaign: Campaign, source: string, asOf: PlainDate): DeliveryRequest | undefined {
  return [...campaign.arrivals.values()].flat().findLast((one) => one.source === source && one.asOf === asOf);
}

/** Figures of three days, as one digest. */
async function figures({ instance }: Campaign, day: PlainDate): Promise<string> {
  return instance.db.transaction(OFFICE, async (tx) => {
    const hash = createHash('sha256');
    for (const on of [FIRST_DAY, '2020-08-31', day]) {
      if (on > day) continue;
      for (const { rows, total } of await countedForms(tx, OFFICE, ['annex4', 'annex5'], COUNTY, on))
        hash.update(JSON.stringify([rows, total]));
    }
    return hash.digest('hex');
  });
}

async function withoutTrace(
  campaign: Campaign,
  day: PlainDate,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  const before = await figures(campaign, day);
  await work();
  const after = await figures(campaign, day);
  if (before !== after) throw new Broken(day, `${what}以后报表数字与之前`, after, before);
}

/** @returns the code of the refusal, or undefined where it was received */
async function refusalOf(campaign: Campaign, request: DeliveryRequest): Promise<string | DeliveryReport> {
  try {
    const [report] = await receive(campaign.instance, OFFICE, [request]);
    return report as DeliveryReport;
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
}

async function sentTwice(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const again = arrivedOf(campaign, 'residents-payments', '2020-08-15');
  if (again === undefined) return [];
  await withoutTrace(campaign, day, '重复报送', async () => {
    const [report] = await receive(campaign.instance, OFFICE, [again]);
    if (report?.unchanged !== true) throw new Broken(day, '同一份名单再次报送', '写入了', '不应写入');
  });
  return ['税务局重复报送同一份缴费明细，系统认出内容相同，未重复入库'];
}

async function noList(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const name = '关于召开调度会的通知.csv';
  const path = join(campaign.lists, name);
  writeFileSync(path, '关于召开全覆盖行动调度会的通知\n各镇（场、街道）：\n定于本周五下午召开调度会。\n');
  const code = await refusalOf(campaign, { source: 'military', asOf: day, files: [{ name, path }] });
  if (typeof code !== 'string') throw new Broken(day, '不是名单的文件', '被接收', '应拒收');
  return ['退役军人事务局误发会议通知，系统认出不是名单，整份拒收，没有改动数据'];
}

async function fixed(campaign: Campaign): Promise<string[]> {
  const { instance, begun: numbers, rounds } = campaign;
  const delivery = numbers.get('有拒收的报送');
  const id = rounds.flatMap(({ visits }) => visits)[0]?.id;
  if (delivery === undefined || id === undefined) return [];
  const rows = await instance.db.transaction(OFFICE, (tx) => listRejected(tx, OFFICE, delivery));
  for (const { row, file, sheet } of rows) {
    const no = await instance.db.transaction(OFFICE, (tx) =>
      findRefusedRow(tx, OFFICE, delivery, { row, file, sheet }),
    );
    try {
      const { fix } = await fixRow(instance, OFFICE, delivery, no, id);
      numbers.set('更正', fix);
      return [`按证件更正第 ${delivery} 号报送第 ${row} 行的号码`];
    } catch (error) {
      // A row whose number is empty cannot be put right by its number.
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return [];
}

async function unfixed(campaign: Campaign): Promise<string[]> {
  const fix = campaign.begun.get('更正');
  if (fix === undefined) return [];
  await undoFix(campaign.instance, OFFICE, fix);
  return [`核对户籍后发现昨日更正的不是本人，撤销第 ${fix} 号更正`];
}

async function wrongDay(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const list = arrivedOf(campaign, 'employees-elsewhere', '2020-08-31');
  if (list === undefined) return [];
  let number: number | null = null;
  await withoutTrace(campaign, day, '撤销误报', async () => {
    const [report] = await receive(campaign.instance, OFFICE, [{ ...list, asOf: '2020-08-15' }], {
      acceptWithdrawals: true,
    });
    number = report?.delivery ?? null;
    if (number !== null) await undoDelivery(campaign.instance, OFFICE, number);
  });
  return [`${titleOf(list.source)}截止日期填错（2020-08-15），当天撤销第 ${number} 号报送，各表数字恢复原样`];
}

/** No list that comes in while the wrong one stands speaks of this day. */
const UNDISTURBED = '2020-09-08';

async function wronglyReceived(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const list = arrivedOf(campaign, 'employees-in-province', '2020-08-31');
  if (list === undefined) return [];
  campaign.kept.figures = await figures(campaign, UNDISTURBED);
  const name = '误报_教育局教师名册.csv';
  const path = join(campaign.lists, name);
  copyFileSync(list.files[0]?.path as string, path);
  const [report] = await receive(
    campaign.instance,
    OFFICE,
    [{ source: 'public-sector-in-province', asOf: UNDISTURBED, files: [{ name, path }] }],
    { acceptWithdrawals: true },
  );
  if (report?.delivery == null) throw new Broken(day, '误报的名单', '没有编号', '应有编号');
  campaign.begun.set('误收', report.delivery);
  return [`企业职保名单误作机关事保接收（第 ${report.delivery} 号，${report.accepted} 行）`];
}

async function takenBack(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const number = begun(campaign, '误收');
  await undoDelivery(campaign.instance, OFFICE, number);
  const after = await figures(campaign, UNDISTURBED);
  if (after !== campaign.kept.figures)
    throw new Broken(day, '撤销昨日误收的名单以后报表数字与之前', after, campaign.kept.figures);
  return [`核对附件4时发现机关事保人数突增，查到第 ${number} 号报送有误，予以撤销`];
}

async function halfOfIt(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const list = arrivedOf(campaign, 'employees-in-province', '2020-09-30');
  const file = list?.files[0];
  if (list === undefined || file === undefined || !file.name.endsWith('.csv')) return [];
  const name = `部分_${file.name}`;
  const path = join(campaign.lists, name);
  const lines = readFileSync(file.path, 'utf8').split('\n');
  writeFileSync(path, lines.slice(0, Math.ceil(lines.length / 2)).join('\n'));
  await withoutTrace(campaign, day, '只报了一半的名单', async () => {
    const answer = await refusalOf(campaign, { ...list, asOf: '2020-10-01', files: [{ name, path }] });
    // A small county's half lies below the guard: taken back like any other.
    if (typeof answer !== 'string' && answer.delivery !== null)
      await undoDelivery(campaign.instance, OFFICE, answer.delivery);
  });
  return ['省内企业职保名单只发来一半，退出人数过多，系统要求确认，经办人员退回重报'];
}
