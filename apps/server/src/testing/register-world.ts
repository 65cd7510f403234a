import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import type { Scope } from '../db/port.ts';
import { indexRegister } from '../features/register/index.ts';
import { type DeliveryReport, receive } from '../features/sources/index.ts';
import type { Engine } from './instance.ts';
import { COUNTY, openWorld, SCOPE, TOWNS, type World } from './journal-world.ts';

export const [TOWN, OTHER_TOWN] = TOWNS;
export const VILLAGES = [`${TOWN}201`, `${TOWN}202`, `${OTHER_TOWN}201`, `${OTHER_TOWN}202`] as const;
export const VILLAGE = VILLAGES[0];

/** Invented people whose names are hard to find: two surnames, several readings, dots, rare characters. */
const NAMES = [
  '王小明',
  '欧阳小明',
  '王明',
  '曾国藩',
  '单田芳',
  '阿依古丽·买买提',
  '𠮷云',
  '吕布',
  '解小平',
  '张村',
  '明小王',
  '李四',
];

export interface Resident {
  readonly id: string;
  readonly name: string;
  readonly village: string;
  readonly household: string;
  readonly phone: string;
  readonly address: string;
}

/** 48 people, 12 a village in turn; six of them under each household number in the same village. */
export const RESIDENTS: readonly Resident[] = Array.from({ length: 48 }, (_, i) => {
  const first17 = `430981${1950 + i}0${1 + (i % 9)}1${i % 9}${100 + i}`;
  const at = i % 4;
  return {
    id: first17 + checkDigit(first17),
    name: NAMES[(i + Math.floor(i / 12)) % NAMES.length] as string,
    village: VILLAGES[at] as string,
    household: `H${at}${Math.floor(i / 24)}`,
    phone: `1380000${1000 + i}`,
    address: `沅江市${['草尾镇大福村', '草尾镇乐园村', '阳罗洲镇宝三村', '阳罗洲镇富民村'][at]}${1 + (i % 13)}组${i}号`,
  };
});

/** A delivery of comma separated rows. */
export function send(
  world: World,
  source: string,
  asOf: string,
  header: string,
  rows: readonly (readonly (string | number)[])[],
  options: { mode?: 'full' | 'delta'; region?: string } = {},
): Promise<DeliveryReport[]> {
  const text = `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;
  return receive(world, SCOPE, [{ source, asOf, files: [world.file(`${source}.csv`, text)], ...options }], {
    acceptWithdrawals: true,
  });
}

export const REGISTER = '身份证号码,姓名,户籍地址,行政区划代码,户号,与户主关系,联系电话,户籍状态';

export function registerRow(one: Resident, village = one.village, status = '正常'): string[] {
  return [one.id, one.name, one.address, village, one.household, '子', one.phone, status];
}

/** The two towns with their register, a scheme, prisoners, students, deaths and answers; indexed. */
export async function openRegister(engine: Engine): Promise<World> {
  const world = await openWorld(engine);
  const people = (from: number, to: number): readonly Resident[] => RESIDENTS.slice(from, to);
  await send(
    world,
    'household-register',
    '2020-08-01',
    REGISTER,
    RESIDENTS.map((one) => registerRow(one)),
  );
  await send(
    world,
    'residents-scheme',
    '2020-08-05',
    '身份证号码,姓名,参保状态,缴费状态',
    people(0, 12).map((one, i) => [one.id, one.name, 1, i % 3 === 0 ? 3 : 1]),
  );
  await send(world, 'prisoners', '2020-08-06', '身份证号码,姓名,刑期起', [
    [RESIDENTS[12]?.id ?? '', RESIDENTS[12]?.name ?? '', '2020-01-01'],
    [RESIDENTS[14]?.id ?? '', RESIDENTS[14]?.name ?? '', '2020-01-01'],
  ]);
  await send(
    world,
    'students',
    '2020-08-07',
    '身份证号码,姓名,学校',
    people(40, 48).map((one) => [one.id, one.name, '沅江一中']),
  );
  await send(world, 'deaths', '2020-08-08', '身份证号码,姓名,死亡日期', [
    [RESIDENTS[1]?.id ?? '', RESIDENTS[1]?.name ?? '', '2020-08-02'],
    [RESIDENTS[20]?.id ?? '', RESIDENTS[20]?.name ?? '', '2020-08-02'],
  ]);
  await send(world, 'disability', '2020-08-09', '身份证号码,姓名,级别', [
    [RESIDENTS[16]?.id ?? '', RESIDENTS[16]?.name ?? '', '一级'],
  ]);
  await send(world, 'survey-workbook', '2020-08-10', '身份证号码,姓名,核实情况,联系电话', [
    [RESIDENTS[20]?.id ?? '', RESIDENTS[20]?.name ?? '', '在世', '13911112222'],
    [RESIDENTS[40]?.id ?? '', RESIDENTS[40]?.name ?? '', '参军', ''],
    [RESIDENTS[24]?.id ?? '', RESIDENTS[24]?.name ?? '', '愿意', ''],
  ]);
  await indexRegister(world, COUNTY);
  return world;
}

export function scopeAt(region: string, actor = 'test'): Scope {
  return { county: COUNTY, region, actor };
}

/** Person numbers by ID number. */
export async function numbersOf(world: World): Promise<Map<string, number>> {
  const rows = await world.db.asOwner((tx) =>
    tx.query<{ person_no: number; id_cipher: Buffer }>('select person_no, id_cipher from person'),
  );
  return new Map(rows.map((row) => [world.cipher.decryptField(row.id_cipher), Number(row.person_no)]));
}
