import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adjudicate } from '../features/register/index.ts';
import { type DeliveryRequest, receive } from '../features/sources/index.ts';
import type { Instance } from '../instance.ts';
import { inventedId } from './command.ts';
import { scopeOf } from './instance.ts';

export const COUNTY = '430981';

/** Two towns, the first with two villages; three people in each village, with names that nobody else has. */
export const PLACES = {
  town: '430981006',
  village: '430981006001',
  neighbour: '430981006002',
  otherTown: '430981114',
  otherVillage: '430981114001',
} as const;

export interface SmallPerson {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly household: string;
  readonly phone: string;
  /** Behind the county's name; a number of a house where it is not given. */
  readonly address?: string;
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  [PLACES.village]: ['柳青禾', '柳大江', '单秋云'],
  [PLACES.neighbour]: ['严立春', '严小满', '仇白露'],
  [PLACES.otherVillage]: ['区寒露', '区霜降', '乐惊蛰'],
};

export const SMALL_COUNTY: readonly SmallPerson[] = Object.entries(NAMES).flatMap(([region, names], v) =>
  names.map((name, i) => ({
    id: inventedId(100 + v * 10 + i),
    name,
    region,
    household: `H${v}${i === 2 ? 2 : 1}`,
    phone: `1380000${String(1000 + v * 10 + i)}`,
  })),
);

export async function fillSmallCounty(
  instance: Instance,
  people: readonly SmallPerson[] = SMALL_COUNTY,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'quanbao-small-'));
  const lists: [string, string, string, string][] = [
    [
      'household-register',
      '2020-08-31',
      '户籍人口.csv',
      `身份证号码,姓名,户籍地址,行政区划代码,户号,与户主关系,联系电话,户籍状态\n${people
        .map(
          (p, i) =>
            `${p.id},${p.name},沅江市${p.address ?? `${i + 1}号`},${p.region},${p.household},${i % 3 === 0 ? '户主' : '家庭成员'},${p.phone},正常`,
        )
        .join('\n')}\n4309811990010100XX,错号人,沅江市9号,${PLACES.otherVillage},H9,户主,,正常\n`,
    ],
    [
      'residents-scheme',
      '2020-08-31',
      '居保参保.csv',
      `身份证号码,姓名,参保状态,缴费状态,参保时间\n${people
        .filter((_, i) => i % 3 === 0)
        .map((p) => `${p.id},${p.name},正常参保,参保缴费,2015-01-01`)
        .join('\n')}\n`,
    ],
    // The second of each village is in prison: for the county alone to know.
    [
      'prisoners',
      '2020-09-10',
      '服刑.csv',
      `身份证号码,姓名,刑期起,刑期止\n${people
        .filter((_, i) => i % 3 === 1)
        .map((p) => `${p.id},${p.name},2019-01-01,2025-01-01`)
        .join('\n')}\n`,
    ],
    // The first of each village is dead and registered: a conflict.
    [
      'deaths',
      '2020-09-20',
      '死亡.csv',
      `身份证号码,姓名,死亡日期\n${people
        .filter((_, i) => i % 3 === 0)
        .map((p) => `${p.id},${p.name},2020-09-01`)
        .join('\n')}\n`,
    ],
  ];
  try {
    const requests: DeliveryRequest[] = [];
    for (const [source, asOf, name, content] of lists) {
      await writeFile(join(dir, name), content);
      requests.push({ source, asOf, files: [{ name, path: join(dir, name) }] });
    }
    for (const request of requests) await receive(instance, scopeOf(COUNTY), [request]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Words of the decision that only who may read of prisons is to meet. */
export const PRISON_WORDS = ['名册核实在押', '在押证明'] as const;

/** Whom the county decides column 14 (服刑) for: the first of two villages, who are in a conflict as well. */
export const DECIDED: readonly SmallPerson[] = SMALL_COUNTY.filter((_, i) => i === 0 || i === 6);

export async function decidePrison(instance: Instance): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'quanbao-small-'));
  const document = join(dir, '在押证明.txt');
  try {
    await writeFile(document, '证明\n');
    const ids = DECIDED.map((p) => p.id);
    await adjudicate(instance, scopeOf(COUNTY), ids, {
      column: 14,
      reason: '名册核实在押',
      from: '2020-12-01',
      document,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
