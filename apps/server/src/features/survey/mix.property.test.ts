import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { SURVEY_CHOICES } from '@quanbao/domain/survey/answers';
import { BOOK_COLUMNS } from '@quanbao/domain/survey/book';
import fc from 'fast-check';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { inventedId } from '../../testing/command.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { COUNTY, fillSmallCounty, PLACES, type SmallPerson } from '../../testing/small-county.ts';
import { countedForm } from '../reports/index.ts';
import { receive, undoDelivery } from '../sources/index.ts';
import { bookFile, bookToXlsx, issueBooks, mergeBooks, returnBooks, syncVisits } from './index.ts';
import { undoVisit } from './visits.ts';

const SCOPE = scopeOf(COUNTY);
const VILLAGE = { ...SCOPE, region: PLACES.village, actor: 'village', duty: 'read' as const };
const PEOPLE: readonly SmallPerson[] = Array.from({ length: 12 }, (_, i) => ({
  id: inventedId(600 + i),
  name: `${'赵钱孙李周吴郑王冯陈褚卫'[i]}小${i}`,
  region: i < 8 ? PLACES.village : PLACES.otherVillage,
  household: `H${i}`,
  phone: `1370000${String(1000 + i)}`,
}));
const DAYS = ['2020-08-31', '2020-09-12', '2020-09-30', '2020-10-20'];
const LISTS: readonly (readonly [source: string, header: string, rest: string])[] = [
  ['residents-scheme', '身份证号码,姓名,参保状态,缴费状态,参保时间', '正常参保,参保缴费,2020-09-01'],
  ['residents-payments', '身份证号码,姓名,缴费年度,金额,日期', '2020,200,2020-09-02'],
  ['deaths', '身份证号码,姓名,死亡时间', '2020-09-03'],
  ['students', '身份证号码,姓名,学校', '沅江市一中'],
];
const WORDS = ['愿意参保', '不愿意参保', '外出务工', '联系不上', '已死亡', ''];

type Step =
  | { readonly kind: 'list'; readonly list: number; readonly day: number; readonly who: readonly number[] }
  | { readonly kind: 'visit'; readonly who: number; readonly choice: number; readonly signed: boolean }
  | { readonly kind: 'book'; readonly who: readonly number[]; readonly word: number; readonly late: boolean }
  | { readonly kind: 'undo-delivery' | 'undo-visit'; readonly which: number };

const whoever = fc.uniqueArray(fc.nat(PEOPLE.length - 1), { minLength: 1, maxLength: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('list' as const),
    list: fc.nat(LISTS.length - 1),
    day: fc.nat(DAYS.length - 1),
    who: whoever,
  }),
  fc.record({
    kind: fc.constant('visit' as const),
    who: fc.nat(7),
    choice: fc.nat(SURVEY_CHOICES.length - 1),
    signed: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('book' as const),
    who: whoever,
    word: fc.nat(WORDS.length - 1),
    late: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('undo-delivery' as const, 'undo-visit' as const), which: fc.nat(20) }),
);

/** One county that lives through steps; a step that the product refuses has changed nothing. */
class Life {
  readonly #instance: TestInstance;
  readonly #dir: string;
  #n = 0;

  constructor(instance: TestInstance, dir: string) {
    this.#instance = instance;
    this.#dir = dir;
  }

  async take(one: Step): Promise<boolean> {
    try {
      await this.#do(one);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  async #do(one: Step): Promise<void> {
    switch (one.kind) {
      case 'list':
        return this.#list(one.list, one.day, one.who);
      case 'visit':
        return this.#visit(one.who, one.choice, one.signed);
      case 'book':
        return this.#book(one.who, one.word, one.late);
      case 'undo-delivery': {
        const rows = await this.#ask<{ n: number }>(
          'select delivery as n from delivery where undone_at is null order by delivery',
        );
        // The lists everything stands on stay.
        const later = rows.slice(3);
        const picked = later[one.which % Math.max(1, later.length)];
        if (picked !== undefined) await undoDelivery(this.#instance, SCOPE, Number(picked.n));
        return;
      }
      case 'undo-visit': {
        const rows = await this.#ask<{ command: string }>(
          'select command::text as command from visit where undone_at is null order by received_at, command',
        );
        const picked = rows[one.which % Math.max(1, rows.length)];
        if (picked !== undefined) await undoVisit(this.#instance, SCOPE, picked.command);
      }
    }
  }

  async #list(list: number, day: number, who: readonly number[]): Promise<void> {
    const [source, header, rest] = LISTS[list] as (typeof LISTS)[number];
    const lines = who.map((i) => `${PEOPLE[i]?.id},${PEOPLE[i]?.name},${rest}`);
    const file = await this.#file(`${source}.csv`, Buffer.from(`${header}\n${lines.join('\n')}\n`));
    await receive(
      this.#instance,
      SCOPE,
      [{ source, asOf: DAYS[day] as string, files: [file], mode: 'delta' }],
      { acceptWithdrawals: true },
    );
  }

  async #visit(who: number, choice: number, signed: boolean): Promise<void> {
    const [person] = await this.#ask<{ n: number }>('select person_no as n from person where name = $1', [
      PEOPLE[who]?.name,
    ]);
    const now = new Date().toISOString();
    await syncVisits(this.#instance, VILLAGE, {
      device: 'd',
      now,
      commands: [
        {
          command: randomUUID(),
          person: Number(person?.n),
          madeAt: now,
          way: 'visit',
          answer: SURVEY_CHOICES[choice]?.choice as string,
          ...(signed ? { proofs: ['statement'] } : {}),
        },
      ],
    });
  }

  /** Handed out, filled in for some, answered by a phone meanwhile or not, returned and merged. */
  async #book(who: readonly number[], word: number, late: boolean): Promise<void> {
    const [issued] = await issueBooks(this.#instance, SCOPE, { region: PLACES.village });
    const { head, rows } = await bookFile(this.#instance, SCOPE, issued?.issue as number);
    const chunks: Buffer[] = [];
    for await (const chunk of bookToXlsx(head, rows)) chunks.push(chunk);
    const { sheets } = await readXlsx(Buffer.concat(chunks));
    const [sheet, lists] = sheets.map((one) => one.rows.map((row) => row.map((cell) => String(cell ?? ''))));
    const column = (key: string): number => BOOK_COLUMNS.findIndex((one) => one.key === key);
    for (const row of sheet ?? []) {
      if (who.some((i) => PEOPLE[i]?.id === row[column('id')])) row[column('answer')] = WORDS[word] as string;
    }
    if (late) await this.#visit(who[0] === undefined ? 0 : who[0] % 8, 0, false);
    const file = await this.#file(
      `底册${this.#n}.xlsx`,
      Buffer.from(
        await writeXlsx({
          sheets: [
            { name: '底册', rows: sheet as string[][] },
            { name: '编码表', hidden: true, rows: lists as string[][] },
          ],
        }),
      ),
    );
    await returnBooks(this.#instance, SCOPE, [file]);
    await mergeBooks(this.#instance, SCOPE);
  }

  async #file(name: string, bytes: Buffer): Promise<{ name: string; path: string }> {
    const path = join(this.#dir, `${++this.#n}-${name}`);
    await writeFile(path, bytes);
    return { name, path };
  }

  async #ask<T>(sql: string, params: unknown[] = []): Promise<T[]> {
    return this.#instance.db.transaction(SCOPE, (tx) => tx.query<T>(sql, params));
  }

  /** Open 应保未保 of a region on a day: in the ledger, and in 附件5 column 7. */
  async open(region: string, day: string): Promise<[ledger: number, form: number]> {
    return this.#instance.db.transaction(SCOPE, async (tx) => {
      const [items] = await tx.query<{ n: number }>(
        `select count(*)::int as n from ledger_item where county = $1 and kind = 'uninsured' and region >= $2 and region < $3
           and state <> 'closed' and from_day <= $4 and to_day > $4`,
        [COUNTY, region, `${region}~`, day],
      );
      const { total } = await countedForm(tx, SCOPE, 'annex5', region, day);
      return [Number(items?.n), Number(total.cells[7])];
    });
  }
}

describe.each(engines)('any mix of lists, visits, returned 底册 and undos on %s', (engine) => {
  it('leaves ledger, counts and forms agreeing, and the check proves it', { timeout: 300_000 }, async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 10 }), async (steps) => {
        const dir = await mkdtemp(join(tmpdir(), 'quanbao-mix-'));
        const instance = await openTestInstance(engine, { county: COUNTY });
        try {
          await fillSmallCounty(instance, PEOPLE);
          await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
          const life = new Life(instance, dir);
          for (const one of steps) if (await life.take(one)) taken++;
          for (const region of [COUNTY, PLACES.town, PLACES.village, PLACES.otherVillage]) {
            for (const day of DAYS) {
              const [ledger, form] = await life.open(region, day);
              expect(ledger, `${region} ${day}`).toBe(form);
            }
          }
          const wrong = (await checkInstance(instance, SCOPE)).filter(({ ok }) => !ok);
          expect(wrong.filter(({ check }) => check !== 'search')).toEqual([]);
        } finally {
          await instance.close();
          await rm(dir, { recursive: true, force: true });
        }
      }),
      { numRuns: 3, seed: Number(process.env.QUANBAO_PROPERTY_SEED ?? 20_201_101) },
    );
    expect(taken).toBeGreaterThan(12);
  });
});
