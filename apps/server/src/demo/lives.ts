import type { County, Village } from './county.ts';
import { ageDay, type Day, day } from './days.ts';
import { type Person, START } from './people.ts';
import type { Random } from './random.ts';

/** Days of the monthly lists. */
export const MONTHS: readonly Day[] = ['2020-07-31', '2020-08-31', '2020-09-30', '2020-10-31'].map(day);
/** Days of the lists that come every other month: register, insurance compare, students, abroad. */
export const QUARTERS: readonly Day[] = [MONTHS[0] as Day, MONTHS[2] as Day];
/** A full list of payments, then what came in since. */
export const PAYMENT_DAYS: readonly Day[] = [
  '2020-07-31',
  '2020-08-15',
  '2020-08-31',
  '2020-09-15',
  '2020-09-30',
  '2020-10-15',
  '2020-10-31',
].map(day);
const END = MONTHS[3] as Day;

export type RegisterStatus = 'living' | 'dead' | 'moved' | 'cancelled';
export type SchemeState = '' | 'paying' | 'paused' | 'drawing' | 'drawing-paused' | 'ended' | 'odd';
export type JobState = '' | 'current' | 'lapsed' | 'ended';
const JOB_KINDS = ['employee', 'public', 'elsewhere'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** Where a register places somebody: some rows name only the town, a few not even that. */
export interface Place {
  readonly village: Village;
  readonly known: 'village' | 'town' | 'county';
}

export interface Job {
  readonly kind: JobKind;
  readonly joined: Day;
  readonly retired: boolean;
  /** By month. */
  readonly states: JobState[];
}

export interface Compared {
  readonly kind: JobKind | 'residents-elsewhere' | 'residents-here';
  readonly state: JobState;
  readonly joined: Day;
}

export interface Payment {
  readonly year: 2019 | 2020;
  readonly yuan: number;
  readonly date: Day | undefined;
  /** Position in PAYMENT_DAYS of the list that brings it. */
  readonly list: number;
  readonly fund: '个人' | '政府代缴';
  readonly late: boolean;
}

/** What a village worker writes down, by the 附件3 column it names; 0 names none. */
export interface Answer {
  readonly word: string;
  readonly column: number;
  readonly willing: 'yes' | 'no' | undefined;
  readonly wave: 0 | 1;
  readonly visitedBefore: number;
  readonly village: Village;
}

export interface Life {
  register: (Place | undefined)[];
  status: RegisterStatus[];
  scheme: SchemeState[];
  schemeJoined: Day;
  payments: Payment[];
  jobs: Job[];
  /** Named by the list that was withdrawn and re-issued. */
  wronglyEmployed: boolean;
  compared: readonly (readonly Compared[])[];
  obligated: boolean[];
  student: { stage: string; graduates: Day; terms: boolean[] } | undefined;
  military: { joined: Day; left: Day | undefined; months: boolean[] } | undefined;
  prison: { from: Day; to: Day; months: boolean[] } | undefined;
  abroad: { date: Day; list: 0 | 1 } | undefined;
  deaths: { sender: 0 | 1 | 2; date: Day; list: number }[];
  provinceBatch: 0 | 1 | 2;
  answers: Answer[];
  lowIncome: boolean;
  extremePoverty: boolean;
  disability: 0 | 1 | 2 | 3 | 4;
  povertyRegistered: boolean;
  landTaken: boolean;
  dishonest: boolean;
}

const NEVER: readonly (readonly Compared[])[] = [[], []];

function blank(person: Person): Life {
  const place: Place = { village: person.village, known: 'village' };
  return {
    register: [place, place],
    status: ['living', 'living'],
    scheme: ['', '', '', ''],
    schemeJoined: START,
    payments: [],
    jobs: [],
    wronglyEmployed: false,
    compared: NEVER,
    obligated: [],
    student: undefined,
    military: undefined,
    prison: undefined,
    abroad: undefined,
    deaths: [],
    provinceBatch: 0,
    answers: [],
    lowIncome: false,
    extremePoverty: false,
    disability: 0,
    povertyRegistered: false,
    landTaken: false,
    dishonest: false,
  };
}

/** 卫健, 公安, 民政 */
const SENDERS: readonly (0 | 1 | 2)[] = [0, 1, 2];

type Way =
  | 'none'
  | 'registered'
  | 'joins'
  | 'employee'
  | 'public'
  | 'elsewhere'
  | 'lapsed'
  | 'obligated'
  | 'student'
  | 'military'
  | 'prison'
  | 'abroad'
  | 'residents-elsewhere';

/** What most people of an age do; the rest of every line is `none`. */
const WAYS: readonly { upTo: number; shares: readonly (readonly [Way, number])[] }[] = [
  { upTo: 14, shares: [] },
  { upTo: 15, shares: [['student', 0.6]] },
  {
    upTo: 22,
    shares: [
      ['student', 0.58],
      ['registered', 0.1],
      ['joins', 0.08],
      ['elsewhere', 0.08],
      ['employee', 0.04],
      ['military', 0.02],
      ['obligated', 0.01],
    ],
  },
  {
    upTo: 59,
    shares: [
      ['registered', 0.42],
      ['joins', 0.135],
      ['employee', 0.13],
      ['elsewhere', 0.1],
      ['public', 0.04],
      ['lapsed', 0.025],
      ['residents-elsewhere', 0.012],
      ['obligated', 0.012],
      ['prison', 0.005],
      ['abroad', 0.005],
      ['military', 0.002],
    ],
  },
  {
    upTo: 200,
    shares: [
      ['registered', 0.72],
      ['joins', 0.06],
      ['employee', 0.1],
      ['public', 0.04],
      ['elsewhere', 0.01],
      ['abroad', 0.004],
    ],
  },
];

function wayOf(random: Random, age: number): Way {
  const { shares } = WAYS.find((line) => age <= line.upTo) as (typeof WAYS)[number];
  let x = random.next();
  for (const [way, share] of shares) {
    if (x < share) return way;
    x -= share;
  }
  return 'none';
}

export type Presence = 'both' | 'second' | 'neither';

/** Decides a whole life at once; the lists and the truth both follow from it. */
export class Fates {
  readonly #random: Random;
  readonly #villages: readonly Village[];

  constructor(county: County, random: Random) {
    this.#random = random;
    this.#villages = county.towns.flatMap((town) => town.villages);
  }

  life(person: Person, presence: Presence): Life {
    const random = this.#random;
    const life = blank(person);
    const way =
      presence === 'neither'
        ? random.pick<Way>(['employee', 'registered', 'elsewhere', 'student'])
        : wayOf(random, person.age);
    this.#live(person, life, way);
    this.#household(person, life, presence);
    this.#tags(person, life, way);
    const hiddenDeath = this.#die(person, life);
    if (person.age >= 15) this.#visit(person, life, way, hiddenDeath);
    this.#verifyTargets(person, life, way);
    return life;
  }

  #live(person: Person, life: Life, way: Way): void {
    const random = this.#random;
    switch (way) {
      case 'registered':
      case 'joins':
        this.#join(person, life, way === 'joins');
        break;
      case 'employee':
      case 'public':
      case 'elsewhere':
        this.#work(person, life, way);
        break;
      case 'lapsed':
        this.#lapse(person, life);
        break;
      case 'obligated': {
        const until = random.chance(0.8) ? 4 : random.int(1, 3);
        const from = random.chance(0.9) ? 0 : 1;
        life.obligated = MONTHS.map((_, m) => m >= from && m < until);
        break;
      }
      case 'student':
        this.#study(person, life);
        break;
      case 'military': {
        const recruit = random.chance(0.15);
        const joined = recruit
          ? day('2020-09-01') + random.int(0, 20)
          : day('2016-09-01') + random.int(0, 3) * 365;
        const leaves = !recruit && random.chance(0.2);
        life.military = {
          joined,
          left: leaves ? day('2020-09-01') + random.int(0, 40) : undefined,
          months: MONTHS.map((m) => m >= joined),
        };
        break;
      }
      case 'prison': {
        const from = random.chance(0.85)
          ? day('2017-03-01') + random.int(0, 1200)
          : day('2020-08-03') + random.int(0, 50);
        const to = from + random.int(200, 2500);
        life.prison = {
          from,
          to: to > START ? to : START + random.int(3, 80),
          months: MONTHS.map((m) => m >= from),
        };
        break;
      }
      case 'abroad':
        life.abroad = random.chance(0.75)
          ? { date: day('2008-01-05') + random.int(0, 4400), list: 0 }
          : { date: day('2020-06-01') + random.int(0, 110), list: 1 };
        break;
      case 'residents-elsewhere':
        life.compared = this.#comparedAlways([
          {
            kind: 'residents-elsewhere',
            state: random.chance(0.8) ? 'current' : 'lapsed',
            joined: this.#past(),
          },
        ]);
        break;
      case 'none':
        life.wronglyEmployed = person.age >= 18 && random.chance(0.02);
        break;
    }
  }

  #past(): Day {
    return day('1996-02-01') + this.#random.int(0, 8800);
  }

  #comparedAlways(facts: readonly Compared[]): readonly (readonly Compared[])[] {
    const x = this.#random.next();
    if (x < 0.9) return [facts, facts];
    return x < 0.95 ? [facts, []] : [[], facts];
  }

  #join(person: Person, life: Life, inPlay: boolean): void {
    const random = this.#random;
    const old = person.age >= 60;
    const joined = inPlay
      ? day('2020-08-02') + Math.floor(Math.sqrt(random.next()) * 88)
      : day('2010-01-05') + random.int(0, 3700);
    life.schemeJoined = joined;
    const turns60 = ageDay(person.birth, 60);
    let usual: SchemeState = old ? 'drawing' : 'paying';
    if (!old && !inPlay && random.chance(0.09)) usual = 'paused';
    if (old && random.chance(0.015)) usual = 'drawing-paused';
    life.scheme = MONTHS.map((m) => {
      if (m < joined) return '';
      return usual === 'paying' && turns60 + 20 <= m ? 'drawing' : usual;
    });
    const x = random.next();
    if (x < 0.006) this.#change(life, 'ended');
    else if (x < 0.014 && !old) this.#change(life, usual === 'paused' ? 'paying' : 'paused');
    else if (x < 0.015) life.scheme = life.scheme.map((s) => (s === '' ? '' : 'odd'));
    else if (x < 0.019) life.scheme = life.scheme.map((s) => (s === '' ? '' : 'ended'));
    else if (x < 0.03 && !old) {
      // Registered at home and working under the employees' scheme: 重复参保.
      this.#work(person, life, random.chance(0.6) ? 'employee' : 'elsewhere');
    }
    if (!old) this.#pay(person, life, inPlay ? joined : undefined);
  }

  #change(life: Life, to: SchemeState): void {
    const from = this.#random.int(1, 3);
    life.scheme = life.scheme.map((s, m) => (s !== '' && m >= from ? to : s));
  }

  #pay(person: Person, life: Life, joined: Day | undefined): void {
    const random = this.#random;
    const yuan = random.pick([100, 100, 100, 200, 300, 300, 500, 1000, 3000]);
    if (joined === undefined && random.chance(0.2)) {
      life.payments.push({
        year: 2019,
        yuan,
        date: day('2019-03-01') + random.int(0, 280),
        list: 0,
        fund: '个人',
        late: false,
      });
    }
    const x = random.next();
    let date: Day | undefined;
    if (joined !== undefined) date = random.chance(0.8) ? joined + random.int(0, 20) : undefined;
    else if (x < 0.42) date = day('2020-01-06') + random.int(0, 205);
    else if (x < 0.9) date = day('2020-08-01') + random.int(0, 91);
    if (date !== undefined && date <= END && person.age >= 16) this.#paid(life, 2020, yuan, date);
    const late = random.chance(0.01) && joined === undefined;
    if (late) {
      const list = random.int(1, 6);
      const when = (PAYMENT_DAYS[list] as Day) - random.int(1, 10);
      life.payments.push({ year: 2019, yuan: 100, date: when, list, fund: '个人', late: true });
    }
  }

  #paid(life: Life, year: 2019 | 2020, yuan: number, date: Day, fund: Payment['fund'] = '个人'): void {
    const random = this.#random;
    let list = PAYMENT_DAYS.findIndex((asOf) => date <= asOf);
    if (list > 0 && list < PAYMENT_DAYS.length - 1 && random.chance(0.05)) list++;
    const undated = random.chance(0.02);
    life.payments.push({ year, yuan, date: undated ? undefined : date, list, fund, late: false });
    const x = random.next();
    if (list < PAYMENT_DAYS.length - 1 && x < 0.006) {
      const back = list + 1 + random.int(0, PAYMENT_DAYS.length - 2 - list);
      const when = (PAYMENT_DAYS[back] as Day) - random.int(0, 12);
      life.payments.push({
        year,
        yuan: x < 0.004 ? -yuan : -yuan / 2,
        date: Math.max(when, date + 1),
        list: back,
        fund,
        late: false,
      });
    }
  }

  #work(person: Person, life: Life, kind: JobKind): void {
    const random = this.#random;
    const fresh = person.age < 58 && random.chance(0.04);
    const joined = fresh ? day('2020-08-01') + random.int(0, 80) : this.#past();
    const from = MONTHS.findIndex((m) => joined <= m);
    const states = MONTHS.map((_, m): JobState => (m >= from ? 'current' : ''));
    const x = random.next();
    const turn = random.int(1, 3);
    const after: JobState | undefined = x < 0.02 ? 'lapsed' : x < 0.03 ? 'ended' : x < 0.04 ? '' : undefined;
    if (after !== undefined) for (let m = turn; m < 4; m++) if (states[m] !== '') states[m] = after;
    const job: Job = { kind, joined, retired: person.age >= 60, states };
    const listed = random.next();
    if (listed < 0.88) life.jobs.push(job);
    // What no list of the own office shows, the national compare may.
    if (listed >= 0.88 || listed < 0.15) {
      const facts: Compared[] = [{ kind, state: 'current', joined: Math.min(joined, START - 1) }];
      if (random.chance(0.15))
        facts.push({
          kind: 'residents-elsewhere',
          state: random.chance(0.5) ? 'current' : 'ended',
          joined: this.#past(),
        });
      if (kind !== 'elsewhere' && random.chance(0.06))
        facts.push({ kind: 'elsewhere', state: 'lapsed', joined: this.#past() });
      life.compared = this.#comparedAlways(facts);
    }
  }

  #lapse(person: Person, life: Life): void {
    const random = this.#random;
    const kind = random.pick(JOB_KINDS);
    const joined = this.#past();
    if (random.chance(0.6)) {
      const until = random.chance(0.9) ? 4 : random.int(1, 3);
      life.jobs.push({
        kind,
        joined,
        retired: false,
        states: MONTHS.map((_, m) => (m < until ? 'lapsed' : '')),
      });
    } else life.compared = this.#comparedAlways([{ kind, state: 'lapsed', joined }]);
    // Left the factory, joined at home: registered beats lapsed.
    if (random.chance(0.25)) this.#join(person, life, random.chance(0.4));
  }

  #study(person: Person, life: Life): void {
    const random = this.#random;
    const { age } = person;
    const stage = age <= 15 ? '初中' : age <= 18 ? '高中' : random.chance(0.7) ? '本科' : '专科';
    const x = random.next();
    if (x < 0.12) {
      // Begins in autumn.
      life.student = { stage, graduates: day(`${random.int(2023, 2024)}-06-01`), terms: [false, true] };
    } else if (x < 0.2) {
      life.student = {
        stage,
        graduates: day(random.chance(0.5) ? '2020-07-01' : '2020-06-01'),
        terms: [true, false],
      };
    } else {
      life.student = {
        stage,
        graduates: day(`${random.int(2021, 2023)}-06-01`),
        terms: [true, random.chance(0.97)],
      };
    }
    if (random.chance(0.04) && age >= 16) this.#join(person, life, random.chance(0.5));
  }

  #household(person: Person, life: Life, presence: Presence): void {
    const random = this.#random;
    const home: Place = { village: person.village, known: 'village' };
    const vague = random.next();
    const known = vague < 0.004 ? 'town' : vague < 0.0045 ? 'county' : 'village';
    const first: Place = { ...home, known };
    const x = random.next();
    let second: Place | undefined = first;
    if (x < 0.006) second = { village: random.pick(this.#villages), known: 'village' };
    else if (x < 0.009) second = undefined;
    else if (vague < 0.002) second = home;
    life.register = [presence === 'both' ? first : undefined, presence === 'neither' ? undefined : second];
    const y = random.next();
    if (y < 0.004) life.status = ['moved', random.chance(0.8) ? 'moved' : 'living'];
    else if (y < 0.007) life.status = ['living', 'moved'];
    else if (y < 0.009) life.status = ['cancelled', 'cancelled'];
  }

  #tags(person: Person, life: Life, way: Way): void {
    const random = this.#random;
    life.extremePoverty = person.age >= 16 && random.chance(0.004);
    life.disability = random.chance(0.024) ? (random.int(1, 4) as Life['disability']) : 0;
    life.povertyRegistered = person.household !== '' && random.chance(0.05);
    life.landTaken = person.age >= 16 && random.chance(person.village.urban ? 0.03 : 0.006);
    life.dishonest = person.age >= 22 && random.chance(0.004);
    const helped = life.extremePoverty || life.disability === 1 || life.disability === 2;
    if (helped && (way === 'registered' || way === 'joins') && person.age >= 16 && person.age < 60) {
      life.payments.push({
        year: 2020,
        yuan: 100,
        date: day('2020-09-20'),
        list: 4,
        fund: '政府代缴',
        late: false,
      });
    }
  }

  /** @returns whether he is dead and no office has said so */
  #die(person: Person, life: Life): boolean {
    const random = this.#random;
    if (!random.chance(person.age >= 60 ? 0.017 : 0.002)) return false;
    const long = random.chance(0.4);
    const date = long ? day('2014-02-01') + random.int(0, 2200) : day('2020-05-10') + random.int(0, 165);
    if (date <= person.birth) return false;
    for (const sender of SENDERS) {
      if (!random.chance([0.5, 0.4, 0.5][sender] as number)) continue;
      // Cremation is a few days later, and an office may be some weeks late.
      const told = date + (sender === 2 ? random.int(1, 4) : 0);
      const list = MONTHS.findIndex((m) => told <= m - (sender === 1 ? 10 : 0));
      if (list >= 0) life.deaths.push({ sender, date: told, list });
    }
    if (random.chance(0.35))
      life.status = [long ? 'dead' : 'living', date < (MONTHS[2] as Day) ? 'dead' : 'living'];
    // The scheme stops paying some time after.
    const stops = MONTHS.findIndex((m) => m > date + 25);
    if (stops > 0 && random.chance(0.7))
      life.scheme = life.scheme.map((s, m) => (s !== '' && m >= stops ? 'ended' : s));
    return life.deaths.length === 0 && !life.status.includes('dead');
  }

  #verifyTargets(person: Person, life: Life, way: Way): void {
    const random = this.#random;
    if (person.age < 16 || life.register[0] === undefined) return;
    const unclear = way !== 'registered' && way !== 'employee' && way !== 'public';
    if (random.chance(unclear ? 0.55 : 0.04)) life.provinceBatch = random.chance(0.7) ? 1 : 2;
  }

  #visit(person: Person, life: Life, way: Way, hiddenDeath: boolean): void {
    const random = this.#random;
    const asked = way === 'none' || way === 'joins' ? 0.82 : hiddenDeath ? 0.7 : 0.06;
    if (!random.chance(asked)) return;
    const wave = random.chance(0.6) ? 0 : 1;
    const village = random.chance(0.985) ? person.village : random.pick(this.#villages);
    const say = (word: string, column: number, willing?: 'yes' | 'no', when: 0 | 1 = wave): void => {
      const visitedBefore = random.chance(0.96) ? random.int(0, 9) : -random.int(1, 20);
      life.answers.push({ word, column, willing, wave: when, visitedBefore, village });
    };
    const twice = wave === 0 && random.chance(0.12);
    if (hiddenDeath) {
      say(random.pick(DEAD), 16);
      return;
    }
    if (way === 'joins') {
      if (twice) say(random.pick(LOST), 0);
      say(
        random.pick(twice || wave === 0 ? YES : CLAIMS),
        0,
        wave === 0 || twice ? 'yes' : undefined,
        twice ? 1 : wave,
      );
      return;
    }
    if (way !== 'none') {
      // Beside what the offices say: mostly the same, sometimes a contradiction.
      const x = random.next();
      if (x < 0.3) {
        say(random.pick(CLAIMS), 0);
        return;
      }
      if (x < 0.5) {
        say(random.pick(NO), 0, 'no');
        return;
      }
      const [words, column] = random.pick(FACTS);
      say(random.pick(words), column);
      return;
    }
    const x = random.next();
    if (x < 0.34) {
      say(random.pick(NO), 0, 'no');
      if (twice) say(random.pick(YES), 0, 'yes', 1);
      return;
    }
    if (x < 0.62) {
      say(random.pick(YES), 0, 'yes');
      return;
    }
    if (x < 0.72) {
      say(random.pick(LOST), 0);
      return;
    }
    const [words, column] = random.pick(FACTS);
    say(random.pick(words), column);
    if (twice) say(random.pick(YES), 0, 'yes', 1);
  }
}

const DEAD = ['死亡未销户', '死亡（失踪）', ' 死亡', '死亡(失踪)'];
const YES = ['愿意', '愿意参保', '有参保意愿'];
const NO = ['无参保意愿', '自愿放弃', '不愿意参保'];
const CLAIMS = ['我区参加居保', '已录入居保', '已录入未审核'];
const LOST = ['联系不上', '人户分离', '外出务工'];
const FACTS: readonly (readonly [readonly string[], number])[] = [
  [['参加省职保', '参职保（含退休）', '参职保(含退休)', '参加 省职保'], 8],
  [['参加机关保'], 9],
  [['参加省外职保', '省外职保'], 10],
  [['参加省外职保'], 10],
  [['法定人员'], 11],
  [['在校学生', '16岁以上在校生', '16岁以上在校学生'], 12],
  [['参军', '现役军人'], 13],
  [['服刑', '服刑人员'], 14],
  [['出国（境）', '出国'], 15],
  [['空挂户', '户口不在本地', '异地居保', '外省居保'], 17],
  [['数据错误', '其他', '空挂户'], 17],
];
