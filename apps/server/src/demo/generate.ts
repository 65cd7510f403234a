import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANNEX1_YUANJIANG } from '@quanbao/domain/reports/annex1-yuanjiang';
import { annex1Rows, FORMS } from '@quanbao/domain/reports/forms';
import { readDivisions } from '../features/regions/index.ts';
import { toXlsx } from '../features/reports/index.ts';
import { laidOut, type Village } from './county.ts';
import type { Day } from './days.ts';
import { LaterList } from './later-list.ts';
import { Fates, MONTHS, type Presence } from './lives.ts';
import { type Format, Offices } from './offices.ts';
import { Papers } from './papers.ts';
import { type Person, Population } from './people.ts';
import { Random } from './random.ts';
import { AddressRules } from './rules.ts';
import { type Heard, type ToldAnswer, Truth, type TruthFile } from './truth.ts';
import { Visits } from './visits.ts';

interface DemoOptions {
  readonly county: string;
  readonly residents: number;
  readonly seed: number;
  readonly dir: string;
  readonly format: Format;
  /**
   * Written for three months that are lived day by day: registrations week by week, visits from August, a third of the
   * villages with a phone.
   */
  readonly campaign?: boolean;
  readonly onProgress?: (text: string) => void;
}

export interface DemoFiles {
  readonly manifest: string;
  readonly truth: string;
  readonly deliveries: number;
  readonly files: number;
  readonly people: number;
}

const NEWCOMERS = 0.006;
const OUTSIDERS = 0.003;
const LOW_INCOME = 0.025;
const LAST_LIST = MONTHS.at(-1) as Day;

/** Writes the offices' files of an invented county, the manifest to receive them with, and the truth file. */
export async function generate(options: DemoOptions): Promise<DemoFiles> {
  const { residents, seed, dir } = options;
  const rows = await readDivisions(options.county);
  const county = laidOut(options.county, rows, residents, seed);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const random = new Random(seed);
  const truth = new Truth(county);
  const offices = new Offices(dir, county, options.format, random, truth, options.campaign ?? false);
  const population = new Population(county, random);
  const fates = new Fates(county, random);
  const visits = new Visits(county, seed, options.campaign ?? false);
  const papers = new Papers(county, seed);
  const later = new LaterList();
  const rules = new AddressRules();
  const met: { heard: Heard; answer: ToldAnswer }[] = [];
  let people = 0;
  const live = (person: Person, presence: Presence): void => {
    const heard = offices.tell(person, fates.life(person, presence));
    truth.add(heard);
    if (!options.campaign) rules.consider(heard);
    const end = truth.standsOn(heard, LAST_LIST);
    if (end !== undefined) {
      const village = county.areas[end.area]?.code ?? '';
      const answer = visits.plan(person, heard, end, village);
      if (answer !== undefined) later.consider({ id: person.id, name: person.name, village, heard, answer });
      // Where both speak, what stands on paper waits for somebody to decide.
      const written = papers.plan(person, heard, end, village, answer);
      const told = answer ?? written;
      if (told !== undefined) met.push({ heard, answer: told });
    }
    people++;
    if (people % 100_000 === 0) options.onProgress?.(`  已写 ${people} 人`);
  };
  const strangers = (village: Village): void => {
    if (random.chance(village.people * OUTSIDERS)) live(population.outsider(village), 'neither');
  };
  for (const town of county.towns) {
    for (const village of town.villages) {
      for (const household of population.village(village)) {
        for (const person of household) live(person, 'both');
        if (random.chance(LOW_INCOME)) offices.tellLowIncome(household);
        if (random.chance(NEWCOMERS * household.length)) live(population.newcomer(household), 'second');
      }
      strangers(village);
    }
  }
  const written = offices.end();
  const manifest = join(dir, 'manifest.json');
  const deliveries = written.map(({ entry }) => entry);
  writeFileSync(manifest, `${JSON.stringify({ county: county.code, deliveries }, null, 1)}\n`);
  visits.write(dir);
  papers.write(dir);
  later.write(dir);
  rules.write(dir);
  const forms = { ...truth.forms(), groups: truth.groups() };
  for (const { heard, answer } of met) {
    truth.add(heard, -1);
    heard.answers.push(answer);
    later.tell(heard);
    truth.add(heard);
  }
  rules.tell((heard, rule) => {
    truth.add(heard, -1);
    heard.ruled = rule;
    truth.add(heard);
  });
  const { annex4, annex5 } = truth.forms();
  const truthFile: TruthFile = {
    county: county.code,
    seed,
    residents,
    ...forms,
    visited: { annex4, annex5, groups: truth.groups() },
    deliveries: written.map(({ entry, counts }) => ({ source: entry.source, asOf: entry.asOf, ...counts })),
  };
  const truthPath = join(dir, 'truth.json');
  writeFileSync(truthPath, JSON.stringify(truthFile));
  if (county.code === ANNEX1_YUANJIANG.county.code) await writeTargets(dir);
  return {
    manifest,
    truth: truthPath,
    deliveries: deliveries.length,
    files: deliveries.reduce((sum, entry) => sum + entry.files.length, 0),
    people,
  };
}

/** 附件1 as the county issued it: its own figures, whatever the size of the invented county. */
async function writeTargets(dir: string): Promise<void> {
  const { county, units } = ANNEX1_YUANJIANG;
  const { rows, total } = annex1Rows(units);
  const table = {
    form: FORMS.annex1,
    region: county,
    county,
    asOf: '2020-08-31',
    unit: county.name,
    rows,
    total,
  };
  writeFileSync(join(dir, '附件1 需核实参保任务数.xlsx'), await toXlsx(table));
}
