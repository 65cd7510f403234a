import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BOOK_COLUMNS } from '@quanbao/domain/survey/book';
import { writeXlsx } from 'hucre/xlsx';
import type { Scope } from '../db/port.ts';
import { bookFile, issueBooks, mergeBooks, returnBooks } from '../features/survey/index.ts';
import type { Instance } from '../instance.ts';
import type { County, Town } from './county.ts';
import { type Day, day, iso } from './days.ts';
import type { Person } from './people.ts';
import { Random } from './random.ts';
import type { Heard, OnDay, ToldAnswer } from './truth.ts';

interface PlannedRow {
  readonly id: string;
  /** By column key, what the village wrote; an edited number too. */
  readonly cells: Readonly<Record<string, string>>;
  /** It contradicts what a phone has heard meanwhile. */
  readonly against?: true;
}

interface PlannedBook {
  readonly village: string;
  /** Saved by another program, columns in another order with others between. */
  readonly moved: boolean;
  readonly rows: PlannedRow[];
}

/** Lies beside the lists, as `books.json`. */
export interface BookPlan {
  readonly town: string;
  readonly books: readonly PlannedBook[];
}

const FILE = 'books.json';
const FIRST = day('2020-10-12');
const LAST = day('2020-10-30');
const UNTIL = day('2020-10-31');
/**
 * So many villages of the first town have returned theirs, or where they are hamlets as many as have so many people; of
 * those who may be asked there, this share was.
 */
const RETURNED = { villages: 4, people: 1_200 };
const ASKED = 0.5;

interface Written {
  readonly column: number;
  readonly willing?: 'yes' | 'no';
  readonly cells: (random: Random, on: Day) => Record<string, string>;
}

/** What stands in the rows, in turns. */
const WRITTEN: readonly (Written | 'word' | 'edited' | 'town')[] = [
  { column: 0, willing: 'yes', cells: () => ({ answer: '愿意参保', willing: '是' }) },
  'word',
  { column: 0, willing: 'no', cells: () => ({ answer: '不愿意参保', proof: '本人签名的意愿书' }) },
  'edited',
  {
    column: 0,
    cells: (random, on) => ({
      answer: '外出务工',
      workPlace: random.pick(['广东省中山市', '浙江省台州市', '长沙市']),
      workScheme: '未参加任何养老保险',
      checked: iso(on),
    }),
  },
  'town',
  { column: 0, willing: 'no', cells: () => ({ answer: '不愿意参保' }) },
  { column: 0, cells: () => ({ answer: '人户分离', attempts: '1', contactWay: '电话' }) },
  { column: 16, cells: () => ({ answer: '已死亡', proof: '死亡证明' }) },
];

/** 底册 of some villages as they come back at the end of October, decided with the lives like the visits of phones. */
export class Papers {
  readonly #random: Random;
  readonly #town: Town;
  readonly #books = new Map<string, PlannedBook>();
  #turn = 0;
  #asked = 0;
  /** A village of another town, which no row of these may name. */
  readonly #foreign: string;

  constructor(county: County, seed: number) {
    this.#random = new Random(seed ^ 0xb00c);
    this.#town = county.towns[0] as Town;
    this.#foreign = county.towns[1]?.villages[0]?.code ?? '';
    let reached = 0;
    for (const [i, { code, people }] of this.#town.villages.entries()) {
      if (i >= RETURNED.villages && reached >= RETURNED.people) break;
      this.#books.set(code, { village: code, moved: i % 2 === 1, rows: [] });
      reached += people;
    }
  }

  /**
   * What comes to stand in a row about somebody; undefined where no row changes what is known of him.
   * @param visit what a phone has heard from him
   */
  plan(
    person: Person,
    heard: Heard,
    end: OnDay,
    village: string,
    visit: ToldAnswer | undefined,
  ): ToldAnswer | undefined {
    const book = this.#books.get(village);
    // What was answered before stays before: of two answers the later one speaks.
    const earliest = Math.max(FIRST, ...heard.answers.map((answer) => answer.visit + 1));
    if (book === undefined || end.column !== 7 || end.registered || earliest > LAST) return undefined;
    const random = this.#random;
    const on = random.int(earliest, LAST);
    const put = (cells: Record<string, string>, more: { against?: true } = {}): void => {
      book.rows.push({
        ...more,
        id: person.id,
        cells: { contactDay: iso(on), contactWay: '入户', worker: '村会计', ...cells },
      });
    };
    if (visit !== undefined) {
      // Every other one says the opposite on paper. Only where the 底册 went out with no wish do both surely change it.
      const unasked = heard.answers.every(({ willing }) => willing === undefined);
      if (visit.willing !== undefined && unasked && this.#asked++ % 2 === 0)
        put({ answer: visit.willing === 'yes' ? '不愿意参保' : '愿意参保' }, { against: true });
      return undefined;
    }
    if (!random.chance(ASKED)) return undefined;
    const written = WRITTEN[this.#turn++ % WRITTEN.length] as (typeof WRITTEN)[number];
    if (written === 'word') put({ answer: '在外面没回来' });
    else if (written === 'edited') put({ answer: '愿意参保', id: `${person.id.slice(0, 16)}00` });
    else if (written === 'town') put({ answer: '愿意参保', villageCode: this.#foreign });
    else {
      put(written.cells(random, on));
      return {
        visit: on,
        asOf: UNTIL,
        column: written.column,
        willing: written.willing,
        area: undefined,
        grouped: false,
        town: person.village.town.area,
      };
    }
    return undefined;
  }

  write(dir: string): void {
    const books = [...this.#books.values()].filter(({ rows }) => rows.length > 0);
    const plan: BookPlan = { town: this.#town.code, books };
    writeFileSync(join(dir, FILE), JSON.stringify(plan));
  }
}

async function planOf(dir: string): Promise<BookPlan | undefined> {
  const path = join(dir, FILE);
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as BookPlan) : undefined;
}

/** Hands 底册 out to the first town, before any phone is on its way. */
export async function handOutBooks(instance: Instance, county: string, dir: string): Promise<void> {
  const plan = await planOf(dir);
  if (plan === undefined) return;
  await issueBooks(instance, { county, region: county, actor: 'county' }, { region: plan.town });
}

/**
 * The town returns what its villages have filled in, and merges it with what the phones have said meanwhile: what
 * contradicts is left for somebody to decide.
 */
export async function takeBooksBack(
  instance: Instance,
  county: string,
  dir: string,
): Promise<{ written: number; contradictions: number }> {
  const plan = await planOf(dir);
  if (plan === undefined) return { written: 0, contradictions: 0 };
  const town: Scope = { county, region: plan.town, actor: 'town', duty: 'read' };
  const issued = await instance.db.transaction(town, (tx) =>
    tx.query<{ issue: number; region: string }>(
      'select issue, region from workbook_issue where county = $1',
      [county],
    ),
  );
  const work = await mkdtemp(join(instance.dir, 'work-'));
  try {
    const files = [];
    for (const book of plan.books) {
      const issue = issued.find(({ region }) => region === book.village)?.issue;
      if (issue === undefined) continue;
      const { name, bytes } = await filledIn(instance, town, issue, book);
      const path = join(work, name);
      await writeFile(path, bytes);
      files.push({ name, path });
    }
    const { refused } = await returnBooks(instance, town, files);
    if (refused[0] !== undefined) throw new Error(`a 底册 of the demo was refused: ${refused[0].message}`);
    const { outcomes } = await mergeBooks(instance, town);
    return { written: outcomes.apply, contradictions: outcomes.contradiction };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function filledIn(
  instance: Instance,
  town: Scope,
  issue: number,
  { moved, rows }: PlannedBook,
): Promise<{ name: string; bytes: Uint8Array }> {
  const { name, head, rows: lines } = await bookFile(instance, town, issue);
  const keys = BOOK_COLUMNS.map(({ key }) => key);
  const idAt = keys.indexOf('id');
  const planned = new Map(rows.map((row) => [row.id, row.cells]));
  const filled = lines.map((line) => {
    const cells = planned.get(line[idAt] ?? '');
    return keys.map((key, i) => cells?.[key] ?? line[i] ?? '');
  });
  // Columns back to front, each with an empty one of the town's own beside it.
  const arranged = (line: readonly string[]): string[] =>
    moved ? line.toReversed().flatMap((cell) => [cell, '']) : [...line];
  const bytes = await writeXlsx({
    sheets: [
      {
        name: '底册',
        rows: [
          [head.title],
          [`底册编号：${head.stamp}`],
          arranged(BOOK_COLUMNS.map(({ title }) => title)),
          ...filled.map(arranged),
        ],
      },
    ],
  });
  return { name: name.replace('.xlsx', moved ? '（WPS另存）.xlsx' : '-已填.xlsx'), bytes };
}
