// The files both sides of the benchmark read: ten lists of one invented county, and a later day's changes.
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayNumber, fromDayNumber } from '@quanbao/domain/kernel/plain-date';
import { checkDigit } from '@quanbao/domain/kernel/resident-id';

const COUNTY = '430981';
export const BASE_DAY = '2020-08-31';
export const DELTA_DAY = '2020-09-07';
/** People the later deliveries touch. */
const CHANGES = 10_000;
/** Of them, people the county did not know. */
export const NEWCOMERS = 500;

/** A number in [0, 1) that depends on the seed, the person and the question only (mulberry32). */
function chance(seed: number, person: number, question: number): number {
  let t = (seed ^ Math.imul(person + 1, 0x9e3779b1) ^ Math.imul(question + 1, 0x85ebca6b)) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  t = Math.imul(t ^ (t >>> 14), t | 1);
  return ((t ^ (t >>> 16)) >>> 0) / 4294967296;
}

const FIRST_BIRTH = dayNumber('1937-01-01');
const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹';
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂玉兰春生文华建国梅红志海燕辉';

interface Person {
  id: string;
  name: string;
  village: string;
  age: number;
}

const SEED = 7;

/** The county's own villages, as they ship. */
export function villagesOf(root: string): string[] {
  return readFileSync(join(root, 'apps/server/data/regions/430981.csv'), 'utf8')
    .split('\n')
    .map((line) => line.split(','))
    .filter((cells) => cells[2] === 'village')
    .map((cells) => cells[0] as string);
}

export class County {
  readonly villages: string[];
  private readonly seed: number;

  constructor(villages: string[], seed = SEED) {
    this.villages = villages;
    this.seed = seed;
  }

  at(i: number, question: number): number {
    return chance(this.seed, i, question);
  }

  person(i: number): Person {
    // Birthdays repeat after 30,000 people; then the sequence digits keep two apart.
    const birth = fromDayNumber(FIRST_BIRTH + ((i * 7) % 30_000));
    const first17 = `${COUNTY}${birth.replaceAll('-', '')}${String(1 + Math.floor(i / 30_000)).padStart(3, '0')}`;
    const pick = (from: string, q: number): string => from[Math.floor(this.at(i, q) * from.length)] as string;
    return {
      id: first17 + checkDigit(first17),
      name: pick(SURNAMES, 90) + pick(GIVEN, 91) + (this.at(i, 92) < 0.8 ? pick(GIVEN, 93) : ''),
      village: this.villages[Math.floor(this.at(i, 94) ** 1.4 * this.villages.length)] as string,
      age: 2020 - Number(birth.slice(0, 4)),
    };
  }
}

/** 1 % of the numbers arrive as offices type them; the last kind is wrong and must be rejected. */
function typed(county: County, i: number, id: string, list: number): string {
  const dirt = county.at(i, 200 + list);
  if (dirt >= 0.01) return id;
  if (dirt < 0.002) return ` ${id}`;
  if (dirt < 0.004) return `${id}\u3000`;
  if (dirt < 0.006) return id.toLowerCase();
  if (dirt < 0.008) return id.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0));
  return id.slice(0, 17) + (id[17] === '1' ? '2' : '1');
}

interface List {
  readonly source: string;
  readonly header: string;
  /** The rows one person has in the list. */
  readonly rows: (county: County, p: Person, i: number, id: (list: number) => string) => string[];
}

const when = (yes: boolean, row: () => string): string[] => (yes ? [row()] : []);

function schemeState(r: number, age: number): string {
  if (age >= 60) return r < 0.9 ? '正常参保,终止缴费' : '终止参保,终止缴费';
  if (r < 0.86) return '正常参保,参保缴费';
  return r < 0.97 ? '暂停参保,暂停缴费' : '终止参保,终止缴费';
}

const inScheme = (c: County, p: Person, i: number): boolean => p.age >= 16 && c.at(i, 1) < 0.58;

const LISTS: readonly List[] = [
  {
    source: 'household-register',
    header: '身份证号码,姓名,户籍地址,行政区划代码,户籍状态',
    rows: (c, p, i, id) => [
      `${id(0)},${p.name},湖南省沅江市第${1 + (i % 20)}村民小组${1 + (i % 300)}号,${p.village},` +
        `${c.at(i, 2) < 0.985 ? '管理中' : c.at(i, 3) < 0.4 ? '死亡' : '迁出'}`,
    ],
  },
  {
    source: 'residents-scheme',
    header: '身份证号码,姓名,参保状态,缴费状态,参保时间',
    rows: (c, p, i, id) =>
      when(
        inScheme(c, p, i),
        () => `${id(1)},${p.name},${schemeState(c.at(i, 4), p.age)},2012-0${1 + (i % 9)}-01`,
      ),
  },
  {
    source: 'residents-payments',
    header: '身份证号码,缴费年度,金额,日期',
    rows: (c, p, i, id) =>
      when(
        inScheme(c, p, i) && p.age < 60 && c.at(i, 5) < 0.7,
        () => `${id(2)},2020,${100 * (1 + (i % 5))}.00,2020-0${2 + (i % 6)}-15`,
      ),
  },
  {
    source: 'employees-in-province',
    header: '身份证号码,姓名,状态,单位',
    rows: (c, p, i, id) =>
      when(
        p.age >= 18 && c.at(i, 6) < 0.11,
        () => `${id(3)},${p.name},${c.at(i, 7) < 0.8 ? '在职' : '暂停'},第${i % 900}号企业`,
      ),
  },
  {
    source: 'public-sector-in-province',
    header: '身份证号码,姓名,状态,单位',
    rows: (c, p, i, id) =>
      when(p.age >= 22 && c.at(i, 8) < 0.02, () => `${id(4)},${p.name},在职,第${i % 90}号单位`),
  },
  {
    source: 'employees-elsewhere',
    header: '身份证号码,姓名,状态,省份',
    rows: (c, p, i, id) => when(p.age >= 18 && c.at(i, 9) < 0.09, () => `${id(5)},${p.name},正常,广东省`),
  },
  {
    source: 'students',
    header: '身份证号码,姓名,学校',
    rows: (c, p, i, id) =>
      when(p.age >= 16 && p.age < 24 && c.at(i, 10) < 0.6, () => `${id(6)},${p.name},第${i % 40}中学`),
  },
  {
    source: 'military',
    header: '身份证号码,姓名,入伍时间',
    rows: (c, p, i, id) =>
      when(p.age >= 18 && p.age < 30 && c.at(i, 11) < 0.02, () => `${id(7)},${p.name},2018-09-01`),
  },
  {
    source: 'prisoners',
    header: '身份证号码,姓名,刑期起,刑期止',
    rows: (c, p, i, id) =>
      when(p.age >= 18 && c.at(i, 12) < 0.003, () => `${id(8)},${p.name},2017-05-01,2024-04-30`),
  },
  {
    source: 'deaths',
    header: '身份证号码,姓名,死亡日期',
    rows: (c, p, i, id) =>
      when(c.at(i, 13) < (p.age > 70 ? 0.05 : 0.004), () => `${id(9)},${p.name},2019-1${i % 3}-11`),
  },
];

interface Change {
  readonly source: string;
  readonly header: string;
  readonly share: number;
  readonly row: (c: County, p: Person, i: number) => string;
}

/** A large later list: payments of so many people, spread over the county. */
export function paymentsOf(county: County, residents: number, people: number, yuan: number): string {
  const lines = ['身份证号码,缴费年度,金额,日期'];
  for (let k = 0; k < people; k++) {
    const i = Math.floor((k * residents) / people);
    lines.push(`${county.person(i).id},2020,${yuan}.00,2020-09-05`);
  }
  return `${lines.join('\n')}\n`;
}

/** A week's changes: payments, registrations, deaths, jobs, moves. */
const DELTA: readonly Change[] = [
  {
    source: 'residents-payments',
    header: '身份证号码,缴费年度,金额,日期',
    share: 0.4,
    row: (_, p) => `${p.id},2020,200.00,2020-09-05`,
  },
  {
    source: 'residents-scheme',
    header: '身份证号码,姓名,参保状态,缴费状态,参保时间',
    share: 0.25,
    row: (_, p) => `${p.id},${p.name},正常参保,参保缴费,2020-09-03`,
  },
  {
    source: 'deaths',
    header: '身份证号码,姓名,死亡日期',
    share: 0.1,
    row: (_, p) => `${p.id},${p.name},2020-09-02`,
  },
  {
    source: 'employees-in-province',
    header: '身份证号码,姓名,状态,单位',
    share: 0.1,
    row: (_, p, i) => `${p.id},${p.name},在职,第${i % 900}号企业`,
  },
  {
    source: 'household-register',
    header: '身份证号码,姓名,户籍地址,行政区划代码,户籍状态',
    share: 0.15,
    row: (c, p, i) =>
      `${p.id},${p.name},湖南省沅江市新址${i % 300}号,${c.villages[(i * 7) % c.villages.length]},管理中`,
  },
];

/**
 * Writes the lists into `dir` unless they are there already: `base.json` and `delta.json` are manifests, each list is `base/<source>.csv` or `delta/<source>.csv`
 */
export async function writeData(dir: string, residents: number, villages: string[]): Promise<void> {
  if (existsSync(join(dir, 'delta.json'))) return;
  mkdirSync(join(dir, 'base'), { recursive: true });
  mkdirSync(join(dir, 'delta'), { recursive: true });
  const county = new County(villages);
  const outs = LISTS.map((list) => {
    const out = createWriteStream(join(dir, 'base', `${list.source}.csv`));
    out.write(`${list.header}\n`);
    return { list, out, lines: [] as string[] };
  });
  for (let i = 0; i < residents; i++) {
    const p = county.person(i);
    for (const one of outs) {
      for (const row of one.list.rows(county, p, i, (list) => typed(county, i, p.id, list)))
        one.lines.push(row);
      if (one.lines.length >= 20_000) {
        const text = `${one.lines.join('\n')}\n`;
        one.lines = [];
        if (!one.out.write(text)) await once(one.out, 'drain');
      }
    }
  }
  for (const { out, lines } of outs) {
    await new Promise<void>((done) => out.end(lines.length > 0 ? `${lines.join('\n')}\n` : '', () => done()));
  }
  let at = 0;
  for (const change of DELTA) {
    const lines = [change.header];
    for (let k = 0; k < CHANGES * change.share; k++, at++) {
      // Spread over the county by a stride prime to its size; the last 500 registrations are newcomers.
      const newcomer = change.source === 'household-register' && k >= CHANGES * change.share - NEWCOMERS;
      const i = newcomer ? residents + k : Math.floor(((at * 0.6180339887) % 1) * residents);
      lines.push(change.row(county, county.person(i), i));
    }
    writeFileSync(join(dir, 'delta', `${change.source}.csv`), `${lines.join('\n')}\n`);
  }
  const manifest = (part: string, day: string, lists: readonly { source: string }[], mode?: string) =>
    JSON.stringify({
      county: COUNTY,
      deliveries: lists.map(({ source }) => ({
        source,
        asOf: day,
        ...(mode ? { mode } : {}),
        files: [`${part}/${source}.csv`],
      })),
    });
  writeFileSync(join(dir, 'base.json'), manifest('base', BASE_DAY, LISTS));
  writeFileSync(join(dir, 'delta.json'), manifest('delta', DELTA_DAY, DELTA, 'delta'));
}
