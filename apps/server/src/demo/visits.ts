import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as contract from '@quanbao/contract/field';
import type { BodyOf } from '@quanbao/contract/route';
import { dayNumber } from '@quanbao/domain/kernel/plain-date';
import { addAccounts, doorScope } from '../features/access/index.ts';
import { noteDevice, syncVisits } from '../features/survey/index.ts';
import type { Instance } from '../instance.ts';
import type { VisitedVillage } from './campaign.ts';
import type { County, Village } from './county.ts';
import { type Day, day, iso } from './days.ts';
import { findPeople } from './found.ts';
import type { Person } from './people.ts';
import { commandOf, digestOf, takePictures } from './phone.ts';
import { signature } from './pictures.ts';
import { Random } from './random.ts';
import type { Heard, OnDay, ToldAnswer } from './truth.ts';

type Command = BodyOf<typeof contract.fieldSync>['commands'][number];

/** A visit as it will be sent: the person by number, the day instead of a moment. */
interface PlannedVisit extends Omit<Command, 'person' | 'madeAt' | 'command' | 'attempts'> {
  readonly id: string;
  readonly day: string;
  readonly attempts?: readonly { readonly daysBefore: number; readonly way: string }[];
}

export interface PlannedRound {
  readonly village: string;
  readonly login: string;
  readonly name: string;
  readonly device: string;
  readonly visits: PlannedVisit[];
}

export interface VisitFile {
  /** The day of the newest list: what was visited is sent then. */
  readonly until: string;
  readonly rounds: PlannedRound[];
}

const FILE = 'visits.json';
const FIRST = day('2020-10-12');
const LAST = day('2020-10-30');
/** Of a campaign: phones go out in August; whoever has moved meanwhile is met where the last lists have him. */
const CAMPAIGN = { first: day('2020-08-17'), moved: day('2020-10-27'), every: 3 };
/** The lists of October are what a visit may meet; it is sent on their day. */
const UNTIL = day('2020-10-31');
/**
 * One village of so many is on its way, the first one among them: there the demo's own account works. In a county of
 * hamlets more of them, so that something is seen.
 */
const EVERY = { least: 3, most: 12, people: 35 };
/** Of the people there whom nobody insures; of those whom a list calls dead. */
const VISITED = 0.4;
const SEEN_ALIVE = 0.3;

interface Said {
  readonly answer: string;
  readonly share: number;
  /** 附件3 column of the fact it names; 0 for none. */
  readonly column: number;
  readonly willing?: 'yes' | 'no';
  readonly way?: 'call';
  readonly more: (random: Random, on: Day) => Partial<PlannedVisit>;
}

const PLACES = ['广东省东莞市', '广东省深圳市', '浙江省义乌市', '长沙市', '福建省晋江市'];
const SCHEMES = ['职工养老保险', '未参加任何养老保险', '城乡居民养老保险'];
const RECORD = '入户说明待遇和缴费档次，本人认为待遇低，暂不参保，已告知随时可以办理。';

/** What is met at doors, by share. */
const SAID: readonly Said[] = [
  { answer: 'willing', share: 0.3, column: 0, willing: 'yes', more: () => ({}) },
  { answer: 'refuses', share: 0.2, column: 0, willing: 'no', more: () => ({ proofs: ['statement'] }) },
  {
    answer: 'refuses',
    share: 0.06,
    column: 0,
    willing: 'no',
    more: () => ({ proofs: ['record'], remark: RECORD }),
  },
  // Without a proof: the item stays 待核实, the village is told what is missing.
  { answer: 'refuses', share: 0.06, column: 0, willing: 'no', more: () => ({}) },
  {
    answer: 'migrant',
    share: 0.14,
    column: 0,
    way: 'call',
    more: (random, on) => ({
      reason: { place: random.pick(PLACES), scheme: random.pick(SCHEMES), checked: iso(on) },
    }),
  },
  {
    answer: 'migrant',
    share: 0.05,
    column: 0,
    way: 'call',
    more: (random) => ({ reason: { place: random.pick(PLACES) } }),
  },
  {
    answer: 'unreachable',
    share: 0.07,
    column: 0,
    way: 'call',
    more: (random) => ({
      attempts: [
        { daysBefore: random.int(2, 4), way: '电话' },
        { daysBefore: 0, way: '电话' },
      ],
    }),
  },
  {
    answer: 'separated',
    share: 0.05,
    column: 0,
    more: () => ({ attempts: [{ daysBefore: 0, way: '上门' }] }),
  },
  { answer: 'claims-registered', share: 0.03, column: 0, more: () => ({}) },
  { answer: 'dead', share: 0.02, column: 16, more: () => ({ proofs: ['document'] }) },
  { answer: 'dead', share: 0.01, column: 16, more: () => ({}) },
  { answer: 'abroad', share: 0.01, column: 15, more: () => ({}) },
];
const ALIVE: Said = {
  answer: 'alive',
  share: 1,
  column: 0,
  more: () => ({ reason: { text: '本人在家，名单有误' } }),
};

/** Visits of some villages in October, decided with the lives: lists and truth know of them from the beginning. */
export class Visits {
  readonly #random: Random;
  readonly #seed: number;
  readonly #rounds = new Map<string, PlannedRound>();

  readonly #campaign: boolean;

  constructor(county: County, seed: number, campaign: boolean) {
    this.#campaign = campaign;
    // Chance of its own: the lists are the same with visits and without.
    this.#random = new Random(seed ^ 0x71517);
    this.#seed = seed;
    const villages = county.towns.flatMap((town) => town.villages);
    const size = villages.reduce((sum, village) => sum + village.people, 0) / villages.length;
    const every = campaign
      ? CAMPAIGN.every
      : Math.min(EVERY.most, Math.max(EVERY.least, Math.round(size / EVERY.people)));
    for (const [i, village] of villages.entries()) {
      if (i % every === 0) this.#rounds.set(village.code, this.#round(village, i === 0));
    }
  }

  #round({ code, name, town }: Village, first: boolean): PlannedRound {
    return {
      village: code,
      login: first ? 'village' : `cun${code.slice(6)}`,
      name: `${town.name}${name}协办员`,
      device: `demo-${code.slice(6)}-${this.#seed % 1000}`,
      visits: [],
    };
  }

  /**
   * Whether somebody is visited, and what he says.
   * @param village code of the village in which he stands at the end
   */
  plan(
    person: Person,
    heard: Heard,
    end: OnDay & { readonly area: number },
    village: string,
  ): ToldAnswer | undefined {
    const round = this.#rounds.get(village);
    if (round === undefined) return undefined;
    const random = this.#random;
    const open = end.column === 7 && !end.registered;
    const dead = end.column === 16 && heard.deaths.length > 0;
    if (!random.chance(open ? VISITED : dead ? SEEN_ALIVE : 0)) return undefined;
    const said = open ? this.#choose() : ALIVE;
    // What was answered before stays before: of two answers the later one speaks.
    const earliest = Math.max(
      this.#first(person, heard, end.area),
      ...heard.answers.map((answer) => answer.visit + 1),
      ...(dead ? heard.deaths.map((death) => death.day) : []),
    );
    if (earliest > LAST) return undefined;
    const visit = random.int(earliest, LAST);
    round.visits.push({
      id: person.id,
      day: iso(visit),
      way: said.way ?? 'visit',
      answer: said.answer,
      ...said.more(random, visit),
    });
    return {
      visit,
      asOf: UNTIL,
      column: said.column,
      willing: said.willing,
      area: undefined,
      grouped: false,
      town: person.village.town.area,
    };
  }

  /** The first town's villages wait for the 底册 that go out in October. */
  #first(person: Person, heard: Heard, area: number): Day {
    if (!this.#campaign || person.village.town.index === 0) return FIRST;
    const elsewhere = heard.answers.some((one) => one.area !== undefined && one.area !== area);
    const stays = heard.areas[0] === area && heard.areas[1] === area && !elsewhere;
    return stays ? CAMPAIGN.first : CAMPAIGN.moved;
  }

  #choose(): Said {
    let x = this.#random.next();
    for (const said of SAID) {
      if (x < said.share) return said;
      x -= said.share;
    }
    return SAID[0] as Said;
  }

  write(dir: string): void {
    const rounds = [...this.#rounds.values()].filter((round) => round.visits.length > 0);
    const file: VisitFile = { until: iso(UNTIL), rounds };
    writeFileSync(join(dir, FILE), JSON.stringify(file));
  }
}

/** As many as a phone sends at once. */
const BATCH = 100;
/** Of each phone so many answers come with a picture of what was signed. */
const SIGNED = 6;
const DAY = 86_400_000;

/** The visits that lie beside the demo's lists. */
export async function readVisits(dir: string): Promise<VisitFile | undefined> {
  if (!existsSync(join(dir, FILE))) return undefined;
  return JSON.parse(await readFile(join(dir, FILE), 'utf8')) as VisitFile;
}

/** Who visits: the demo's own account in the first village, in each other one of its own. */
export async function addVisitors(
  instance: Instance,
  county: string,
  rounds: readonly PlannedRound[],
): Promise<void> {
  const others = rounds.filter((round) => round.login !== 'village');
  if (others.length === 0) return;
  await addAccounts(
    instance,
    doorScope(county, 'demo'),
    others.map(({ login, name, village }) => ({ login, name, role: 'village', region: village })),
    { approved: true },
  );
}

/**
 * Sends the visits that lie beside the demo's lists, as the phones of their villages would.
 * @param now the clock by which they are sent: a demo county lives in the days of its lists
 * @returns how many arrived, and where
 */
export async function makeVisits(
  instance: Instance,
  county: string,
  dir: string,
  now: Date,
): Promise<{ arrived: number; visited: VisitedVillage[] }> {
  const file = await readVisits(dir);
  if (file === undefined) return { arrived: 0, visited: [] };
  const { until, rounds } = file;
  await addVisitors(instance, county, rounds);
  const arrived = await sendVisits(instance, county, rounds, until, now, SIGNED);
  await findPeople(instance, county, rounds, now);
  for (const [i, { village, login, device }] of rounds.entries()) {
    const scope = { county, region: village, actor: login, duty: 'read' as const };
    // One phone still holds answers that nobody has received.
    await noteDevice(instance, scope, { device, waiting: i === 1 ? 3 : 0 });
  }
  return { arrived, visited: rounds.map(({ village, login }) => ({ village, login })) };
}

/**
 * @param until the day that is `now`
 * @param signed how many of a phone come with a picture of what was signed
 * @returns how many were sent
 */
export async function sendVisits(
  instance: Instance,
  county: string,
  rounds: readonly PlannedRound[],
  until: string,
  now: Date,
  signed = 0,
): Promise<number> {
  const persons = await personsOf(instance, county, rounds);
  const moment = (on: string, hour: number): string =>
    new Date(now.getTime() - (dayNumber(until) - dayNumber(on)) * DAY - hour * 60_000).toISOString();
  let arrived = 0;
  for (const [r, round] of rounds.entries()) {
    const scope = { county, region: round.village, actor: round.login, duty: 'read' as const };
    const pictures: Buffer[] = [];
    const commands = round.visits
      .toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
      .flatMap((visit, n): Command[] => {
        const person = persons.get(visit.id);
        if (person === undefined) return [];
        const { id, day: on, attempts, ...rest } = visit;
        const paper = rest.proofs?.some((proof) => proof === 'statement' || proof === 'document');
        const picture = paper && pictures.length < signed ? signature(r * BATCH + n) : undefined;
        if (picture !== undefined) pictures.push(picture);
        return [
          {
            ...rest,
            ...(picture === undefined ? {} : { media: [digestOf(picture)] }),
            command: commandOf(round.device, id),
            person,
            madeAt: moment(on, n % 7),
            ...(attempts === undefined
              ? {}
              : {
                  // As they are read: a demo county lives in the days of its lists.
                  attempts: attempts.map(({ daysBefore, way }) => ({
                    at: `${iso(day(on) - daysBefore)}T1${n % 7}:30:00+08:00`,
                    way,
                  })),
                }),
          },
        ];
      });
    for (let at = 0; at < commands.length; at += BATCH) {
      const sync = { device: round.device, now: now.toISOString(), commands: commands.slice(at, at + BATCH) };
      const { results } = await syncVisits(instance, scope, sync, now);
      const refused = results.find((one) => one.status === 'refused');
      if (refused !== undefined) throw new Error(`a visit of the demo was refused: ${refused.message}`);
      arrived += results.length;
    }
    await takePictures(instance, scope, pictures);
  }
  return arrived;
}

async function personsOf(
  instance: Instance,
  county: string,
  rounds: readonly PlannedRound[],
): Promise<Map<string, number>> {
  const ids = rounds.flatMap(({ visits }) => visits.map(({ id }) => id));
  const hashes = new Map(ids.map((id) => [instance.cipher.blindIndex(id), id]));
  const rows = await instance.db.transaction({ county, region: county, actor: 'county-office' }, (tx) =>
    tx.query<{ hash: string; person: number }>(
      'select id_hash::text as hash, person_no as person from person where county = $1 and id_hash = any($2::uuid[])',
      [county, [...hashes.keys()]],
    ),
  );
  return new Map(rows.map((row) => [hashes.get(row.hash) as string, Number(row.person)]));
}
