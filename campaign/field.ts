import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { addVisitors, handOutBooks, sendVisits, takeBooksBack } from '../apps/server/src/demo/index.ts';
import {
  addCovers,
  addRound,
  drawCheck,
  enterResult,
  listHeadcounts,
  noteDevice,
  signHeadcount,
  viewCheck,
} from '../apps/server/src/features/survey/index.ts';
import { weekday } from './clock.ts';
import { begun, type Campaign, COUNTY, OFFICE, placeScope, timed } from './county.ts';
import { Broken } from './invariants.ts';

const OUT = '2020-08-17';
const WEDNESDAY = 3;
const FOUND = [
  { result: 'same', note: '' },
  { result: 'same', note: '' },
  { result: 'same', note: '' },
  { result: 'same', note: '' },
  { result: 'different', note: '本人说没有签过意愿书，需重新上门' },
  { result: 'same', note: '' },
  { result: 'unverifiable', note: '电话三次无人接听' },
] as const;

/** What villages do: visits by phone, 底册 on paper, figures signed; and the county that sends them and looks again. */
export async function goOut(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const said: string[] = [];
  if (day === OUT) said.push(await timed(campaign, '布置走访', () => begin(campaign, day)));
  if (day === '2020-10-12') {
    await timed(campaign, '底册下发和返回', () => handOutBooks(campaign.instance, COUNTY, campaign.lists));
    said.push('向琼湖街道各村（社区）下发摸底底册（xlsx）');
  }
  if (day >= OUT) said.push(...(await timed(campaign, '手机走访同步', () => phones(campaign, day))));
  if (day === '2020-09-14') said.push(await timed(campaign, '督查抽查', () => draw(campaign)));
  if (day === '2020-09-16') said.push(await timed(campaign, '督查抽查', () => lookAgain(campaign)));
  if (day === '2020-10-26') said.push(await timed(campaign, '核定人数', () => sign(campaign)));
  if (day === '2020-10-31') {
    const { written, contradictions } = await timed(campaign, '底册下发和返回', () =>
      takeBooksBack(campaign.instance, COUNTY, campaign.lists),
    );
    said.push(`收回底册并合并：写入 ${written} 行，与手机走访不一致待决定 ${contradictions} 行`);
  }
  return said;
}

async function begin({ instance, rounds }: Campaign, day: PlainDate): Promise<string> {
  await addVisitors(instance, COUNTY, rounds);
  await addRound(instance, OFFICE, {
    name: '应保未保人员入户摸底',
    basis: 'ledger',
    kinds: ['uninsured'],
    from: day,
    due: '2020-10-31',
    quota: 20,
    revisitDays: 14,
  });
  for (const { village, login } of rounds)
    await addCovers(instance, OFFICE, { villages: [village], accounts: [login], from: day });
  return `布置入户摸底：${rounds.length} 个村（社区）的协办员持手机上门`;
}

async function phones({ instance, rounds, begun: numbers }: Campaign, day: PlainDate): Promise<string[]> {
  const today = rounds
    .map((round) => ({ ...round, visits: round.visits.filter((visit) => visit.day === day) }))
    .filter(({ visits }) => visits.length > 0);
  if (today.length === 0) return [];
  const sent = await sendVisits(instance, COUNTY, today, day, new Date());
  if (weekday(day) === WEDNESDAY) {
    // The answer was lost on its way back: the phone sends everything once more.
    const before = await visitsThere(instance);
    await sendVisits(instance, COUNTY, today, day, new Date());
    const after = await visitsThere(instance);
    if (before !== after) throw new Broken(day, '手机重复发送以后的走访条数', after, before);
  }
  for (const { village, login, device } of today)
    await noteDevice(instance, placeScope(village, login), { device, waiting: 0 });
  numbers.set('走访', (numbers.get('走访') ?? 0) + sent);
  return [`${today.length} 个村（社区）的手机送达走访答复 ${sent} 条`];
}

async function visitsThere(instance: Campaign['instance']): Promise<number> {
  const [row] = await instance.db.transaction(OFFICE, (tx) =>
    tx.query<{ n: number }>('select count(*)::int as n from visit where county = $1', [COUNTY]),
  );
  return Number(row?.n);
}

async function draw({ instance, begun: numbers }: Campaign): Promise<string> {
  if ((numbers.get('走访') ?? 0) === 0) return '督查组进驻，尚无走访可抽';
  const { check, drawn } = await drawCheck(instance, OFFICE, { from: OUT, count: 60, number: 20_200_914 });
  numbers.set('抽查', check);
  return `9 月督查：从走访记录中抽取 ${drawn} 户电话、上门复核`;
}

async function lookAgain(campaign: Campaign): Promise<string> {
  const { instance, begun: numbers } = campaign;
  if (!numbers.has('抽查')) return '督查组核对台账';
  const check = begun(campaign, '抽查');
  const { items } = await viewCheck(instance, OFFICE, check);
  let different = 0;
  for (const [i, { command }] of items.entries()) {
    const found = FOUND[i % FOUND.length] as (typeof FOUND)[number];
    if (found.result === 'different') different++;
    await enterResult(instance, OFFICE, check, { command, ...found });
  }
  return `督查结果：复核 ${items.length} 户，不一致 ${different} 户，交所在镇（场、街道）整改`;
}

async function sign({ instance, rounds }: Campaign): Promise<string> {
  let signed = 0;
  for (const { village, login } of rounds) {
    const own = placeScope(village, login);
    const { asOf, villages } = await listHeadcounts(instance, own, {});
    const here = villages.find((one) => one.village.code === village);
    if (here === undefined) continue;
    const { population, inScope } = here;
    await signHeadcount(instance, own, { village, day: asOf, population, inScope });
    signed++;
  }
  return `${signed} 个村（社区）签字核定户籍人口和应参保人数`;
}
