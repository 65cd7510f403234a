import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines } from '../../testing/instance.ts';
import {
  COUNTY,
  type Line,
  type ListSpec,
  openWorld,
  PEOPLE,
  SCOPE,
  TOWNS,
  type World,
} from '../../testing/journal-world.ts';
import { personPage } from '../register/index.ts';
import { countedForm } from '../reports/index.ts';
import {
  type DeliveryReport,
  type DeliveryRequest,
  findRefusedRow,
  fixRow,
  receive,
  undoDelivery,
  undoFix,
} from './index.ts';

const AUG = '2020-08-31';
const SEP = '2020-09-30';
const OCT = '2020-10-31';

function people(...who: number[]): Line[] {
  return who.map((each) => ({ who: each, x: 0, y: 0 }));
}

function register(asOf: string, ...who: number[]): ListSpec {
  return { source: 'household-register', asOf, lines: people(...who) };
}

describe.each(engines)('deliveries on %s', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  async function put(
    spec: ListSpec,
    options: { slices?: number; dryRun?: boolean } = {},
  ): Promise<DeliveryReport> {
    const [report] = await receive(world, SCOPE, [world.request(spec, options)], options);
    return report as DeliveryReport;
  }

  async function rows<R = Record<string, unknown>>(sql: string): Promise<R[]> {
    return world.db.transaction(SCOPE, (tx) => tx.query<R>(sql));
  }

  async function count(table: string): Promise<number> {
    const [row] = await rows<{ n: number }>(`select count(*)::int as n from ${table}`);
    return row?.n as number;
  }

  /** How many of the day's population stand in a cell of 附件4. */
  async function annex4(day: string, column: number): Promise<number> {
    const table = await world.db.transaction(SCOPE, (tx) => countedForm(tx, SCOPE, 'annex4', COUNTY, day));
    return table.total.cells[column] as number;
  }

  async function refusal(work: Promise<unknown>): Promise<string> {
    const settled = work.then(
      () => undefined,
      (e: unknown) => e,
    );
    const before = await count('delivery');
    const error = await settled;
    expect(error).toBeInstanceOf(Refusal);
    const { problem } = error as Refusal;
    expect(problem.message).not.toMatch(/\d{17}[\dX]/);
    expect(await count('delivery')).toBe(before);
    expect((await count('stage_row')) + (await count('touched'))).toBe(0);
    return problem.code;
  }

  async function allAgrees(): Promise<void> {
    expect((await checkInstance(world, SCOPE)).filter((result) => !result.ok)).toEqual([]);
  }

  it('ends what towns said with a county-wide full list, never the reverse', async () => {
    await put({ ...register(AUG, 0, 1), region: TOWNS[0] });
    await put({ ...register(AUG, 2), region: TOWNS[1] });
    expect(await annex4(AUG, 3)).toBe(3);
    const county = await put(register(SEP, 1, 3));
    expect(county).toMatchObject({ new: 2, withdrawn: 2 });
    expect([await annex4(AUG, 3), await annex4(SEP, 3)]).toEqual([3, 2]);
    const town = await put({ ...register(OCT, 4), region: TOWNS[0] });
    expect(town).toMatchObject({ new: 1, withdrawn: 0 });
    expect(await annex4(OCT, 3)).toBe(3);
    await allAgrees();
  });

  it('says of nobody that he never paid before the first payments list, and of all whom it leaves out from its day', async () => {
    const neverPaid = () =>
      rows<{ from_day: string }>(`select from_day from finding where kind = 'never-paid' order by 1`).then(
        (all) => all.map((row) => row.from_day),
      );
    await put(register(AUG, 0, 1, 2));
    await put({ source: 'residents-scheme', asOf: AUG, lines: people(0, 1, 2) });
    expect(await neverPaid()).toEqual([]);
    const october = await put({ source: 'residents-payments', asOf: OCT, lines: people(0) });
    expect(await neverPaid()).toEqual([OCT, OCT]);
    const september = await put({ source: 'residents-payments', asOf: SEP, lines: people(1) });
    expect(await neverPaid()).toEqual([SEP, SEP]);
    await allAgrees();
    await undoDelivery(world, SCOPE, september.delivery as number);
    expect(await neverPaid()).toEqual([OCT, OCT]);
    await undoDelivery(world, SCOPE, october.delivery as number);
    expect(await neverPaid()).toEqual([]);
    await allAgrees();
  });

  it('lets two senders and two towns never replace each other', async () => {
    const deaths = { source: 'deaths', mode: 'full' as const };
    await put({ ...register(AUG, 0, 1, 2) });
    await put({ ...deaths, sender: '公安', asOf: AUG, lines: people(0) });
    expect(await put({ ...deaths, sender: '殡葬', asOf: SEP, lines: people(1) })).toMatchObject({
      withdrawn: 0,
    });
    expect(await annex4(SEP, 15)).toBe(2);
    // What 公安 no longer names was wrong all along; what 殡葬 said stays.
    await put({ ...deaths, sender: '公安', asOf: OCT, lines: people(2) });
    expect([await annex4(AUG, 15), await annex4(SEP, 15), await annex4(OCT, 15)]).toEqual([0, 1, 2]);
    await allAgrees();
  });

  it('replaces by a re-issue of the same day, and gives the first back when that is undone', async () => {
    const first = await put(register(AUG, 0, 1, 2));
    await put(register(SEP, 0, 1, 2));
    const second = await put(register(AUG, 0, 3));
    expect(await annex4(AUG, 3)).toBe(2);
    expect(await annex4(SEP, 3)).toBe(3);
    await allAgrees();
    await undoDelivery(world, SCOPE, second.delivery as number);
    expect(await annex4(AUG, 3)).toBe(3);
    await allAgrees();
    expect(await put(register(AUG, 0, 1, 2))).toMatchObject({ unchanged: true, delivery: first.delivery });
  });

  it('never replaces by a delta, nor by a survey workbook however it is sent', async () => {
    await put(register(AUG, 0, 1));
    await put({ ...register(AUG, 2), mode: 'delta' });
    expect(await annex4(AUG, 3)).toBe(3);
    const survey = { source: 'survey-workbook', region: TOWNS[0], asOf: SEP, mode: 'full' as const };
    await put({ ...survey, lines: people(0) });
    const again = await put({ ...survey, lines: people(1) });
    expect(again).toMatchObject({ withdrawn: 0 });
    expect(again.warnings.join()).toContain('从不替代');
    expect(await annex4(SEP, 18)).toBe(2);
    await allAgrees();
  });

  it('says when the content is already in force and changes nothing; A, B, A is accepted', async () => {
    const a = await put(register(AUG, 0, 1));
    const before = await rows('select count(*)::int as people, max(person_no) as last from person');
    const same = await put(register(AUG, 0, 1), { slices: 2 });
    expect(same).toMatchObject({ unchanged: true, delivery: a.delivery, accepted: 2, same: 2, new: 0 });
    expect(await count('delivery')).toBe(1);
    expect(await rows('select count(*)::int as people, max(person_no) as last from person')).toEqual(before);
    const b = await put(register(AUG, 0, 2));
    const third = await put(register(AUG, 0, 1));
    expect(third.unchanged).toBeUndefined();
    expect(third.delivery).not.toBe(a.delivery);
    expect(await annex4(AUG, 3)).toBe(2);
    await undoDelivery(world, SCOPE, third.delivery as number);
    expect((await put(register(AUG, 0, 2))).delivery).toBe(b.delivery);
    await allAgrees();
  });

  it('does not take a list for the same when only its rejected rows differ', async () => {
    await put(register(AUG, 0, 1, 25));
    const other = await put(register(AUG, 0, 1, 25, 26));
    expect(other.unchanged).toBeUndefined();
    expect(other.rejected).toHaveLength(2);
    const table = await world.db.transaction(SCOPE, (tx) => countedForm(tx, SCOPE, 'annex4', COUNTY, AUG));
    expect(JSON.stringify(table)).toContain('另有 2 行未计入');
  });

  it('writes no claim for a monthly list that repeats itself, and can still undo the first', async () => {
    const first = await put(register(AUG, 0, 1));
    const claims = await count('claim');
    expect(await put(register(SEP, 0, 1))).toMatchObject({ same: 2, new: 0, withdrawn: 0 });
    expect(await count('claim')).toBe(claims);
    await undoDelivery(world, SCOPE, first.delivery as number);
    expect(await annex4(SEP, 3)).toBe(2);
    await expect(annex4(AUG, 3)).rejects.toThrow('早于第一份户籍人口名单');
    await allAgrees();
  });

  it('opens a new period for whoever reappears', async () => {
    await put(register(AUG, 0, 1));
    await put({ source: 'students', asOf: AUG, lines: people(0, 1) });
    await put({ source: 'students', asOf: SEP, lines: people(0) });
    await put({ source: 'students', asOf: OCT, lines: people(0, 1) });
    expect([await annex4(AUG, 11), await annex4(SEP, 11), await annex4(OCT, 11)]).toEqual([2, 1, 2]);
    await allAgrees();
  });

  it('undoes in the middle with later lists stacked on top', async () => {
    await put(register(AUG, 0, 1));
    const middle = await put(register(SEP, 0, 2));
    await put({ ...register(SEP, 3), mode: 'delta' });
    await put(register(OCT, 0, 2, 4));
    await undoDelivery(world, SCOPE, middle.delivery as number);
    expect([await annex4(AUG, 3), await annex4(SEP, 3), await annex4(OCT, 3)]).toEqual([2, 3, 3]);
    await allAgrees();
    expect(await refusal(undoDelivery(world, SCOPE, middle.delivery as number))).toBe('undo.done');
    expect(await refusal(undoDelivery(world, SCOPE, 99))).toBe('undo.unknown');
  });

  it('answers nothing once the household register is undone, and checks all the same', async () => {
    const only = await put(register(AUG, 0, 1));
    await put({ source: 'residents-scheme', asOf: AUG, lines: people(0) });
    await undoDelivery(world, SCOPE, only.delivery as number);
    await expect(annex4(AUG, 3)).rejects.toThrow('还没有收到户籍人口名单');
    await allAgrees();
    await put(register(SEP, 0));
    await expect(annex4(AUG, 3)).rejects.toThrow('早于第一份户籍人口名单');
    expect(await annex4(SEP, 4)).toBe(1);
  });

  describe('a fix', () => {
    const RIGHT = (PEOPLE[20] as { id: string }).id;
    const fixThird = async ({ delivery }: { delivery: number | null }, id: string) => {
      const no = await world.db.transaction(SCOPE, (tx) =>
        findRefusedRow(tx, SCOPE, delivery as number, { row: 3 }),
      );
      return fixRow(world, SCOPE, delivery as number, no, id);
    };

    it('holds from its day on for lists of its series with the same wrong value, and can be taken back', async () => {
      await put(register(AUG, 0, 25));
      const second = await put(register(SEP, 0, 25));
      const later = await put(register(OCT, 0, 25));
      const done = await fixThird(second, RIGHT);
      expect(done.deliveries).toEqual([second.delivery, later.delivery]);
      expect([await annex4(AUG, 3), await annex4(SEP, 3), await annex4(OCT, 3)]).toEqual([1, 2, 2]);
      expect(await count('rejected_row')).toBe(1);
      expect(await put(register('2020-11-30', 0, 1, 25))).toMatchObject({ accepted: 3, rejected: [] });
      expect((await put({ ...register('2020-11-30', 25), region: TOWNS[0] })).rejected).toHaveLength(1);
      await allAgrees();
      await undoFix(world, SCOPE, done.fix);
      expect([await annex4(SEP, 3), await annex4('2020-11-30', 3)]).toEqual([1, 2]);
      expect(await count('rejected_row')).toBe(5);
      await allAgrees();
    });

    it('is known again: the same list after it is the same list', async () => {
      const first = await put(register(AUG, 0, 25));
      await fixThird(first, RIGHT);
      expect(await put(register(AUG, 0, 25))).toMatchObject({ unchanged: true, delivery: first.delivery });
    });

    it('gives way to an earlier one when taken back, and does not reach lists before its day', async () => {
      const aug = await put(register(AUG, 0, 25));
      const sep = await put(register(SEP, 0, 25));
      const late = await fixThird(sep, RIGHT);
      const early = await fixThird(aug, (PEOPLE[21] as { id: string }).id);
      expect(early.deliveries).toEqual([aug.delivery]);
      const named = async (day: string): Promise<string[]> =>
        Promise.all(
          [20, 21].map(async (who) => {
            const page = await personPage(world, SCOPE, (PEOPLE[who] as { id: string }).id, {
              asOf: day,
            }).catch(() => undefined);
            return page?.inRegister ? 'in' : 'out';
          }),
        );
      expect([await named(AUG), await named(SEP)]).toEqual([
        ['out', 'in'],
        ['in', 'out'],
      ]);
      await undoFix(world, SCOPE, late.fix);
      expect([await named(AUG), await named(SEP)]).toEqual([
        ['out', 'in'],
        ['out', 'in'],
      ]);
      await allAgrees();
    });

    it('can be taken back when its list is gone, and is not given twice', async () => {
      const aug = await put(register(AUG, 0, 25));
      const first = await fixThird(aug, RIGHT);
      expect(await refusal(fixThird(aug, RIGHT))).toBe('fix.unknown');
      await undoDelivery(world, SCOPE, aug.delivery as number);
      await undoFix(world, SCOPE, first.fix);
      expect((await put(register(AUG, 0, 25))).rejected).toHaveLength(1);
      expect(await refusal(undoFix(world, SCOPE, first.fix))).toBe('fix.unknown');
      await allAgrees();
    });

    it('reaches a replaced list when that comes back, also for the year it alone contains', async () => {
      const payments = { source: 'residents-payments', mode: 'full' as const, asOf: AUG };
      // x 1 pays for 2021, x 0 for 2020.
      const first = await put({
        ...payments,
        lines: [
          { who: 0, x: 0, y: 0 },
          { who: 25, x: 1, y: 0 },
        ],
      });
      const second = await put({
        ...payments,
        lines: [
          { who: 1, x: 0, y: 0 },
          { who: 25, x: 1, y: 0 },
        ],
      });
      await fixThird(second, RIGHT);
      await undoDelivery(world, SCOPE, second.delivery as number);
      expect(await rows(`select years from delivery where delivery = ${first.delivery}`)).toEqual([
        { years: '2020,2021' },
      ]);
      expect(await count('rejected_row')).toBe(0);
      expect(await rows('select slot from claim order by slot')).toEqual([
        { slot: '2020' },
        { slot: '2021' },
      ]);
      await allAgrees();
    });
  });

  it('replaces by a full payments list the years it contains only', async () => {
    await put(register(AUG, 0, 1));
    const pay = { source: 'residents-payments' };
    // x: 0 and 2 pay for 2020, 1 for 2021, 3 for 2019
    await put({
      ...pay,
      asOf: AUG,
      lines: [
        { who: 0, x: 0, y: 0 },
        { who: 0, x: 1, y: 0 },
        { who: 1, x: 3, y: 0 },
      ],
    });
    await put({ ...pay, asOf: AUG, lines: [{ who: 1, x: 0, y: 3 }] });
    const full = await put({ ...pay, asOf: SEP, mode: 'full', lines: [{ who: 1, x: 2, y: 3 }] });
    expect(full.withdrawn).toBe(1);
    const open = await rows(
      'select slot, count(*)::int as n from claim where until is null group by slot order by slot',
    );
    // The register stands under the empty slot.
    expect(open).toEqual([
      { slot: '', n: 2 },
      { slot: '2019', n: 1 },
      { slot: '2020', n: 1 },
      { slot: '2021', n: 1 },
    ]);
    await allAgrees();
  });

  it('counts new, changed, same, withdrawn, unmatched and contradicting', async () => {
    await put(register(AUG, 0, 1, 2));
    const scheme = (asOf: string, lines: Line[]): ListSpec => ({ source: 'residents-scheme', asOf, lines });
    expect(
      await put(
        scheme(AUG, [
          { who: 0, x: 0, y: 0 },
          { who: 0, x: 0, y: 0 },
          { who: 1, x: 0, y: 0 },
          { who: 9, x: 0, y: 0 },
          { who: 25, x: 0, y: 0 },
        ]),
      ),
    ).toMatchObject({
      rows: 5,
      accepted: 3,
      duplicate: 1,
      new: 3,
      changed: 0,
      same: 0,
      withdrawn: 0,
      unmatched: 1,
    });
    const next = await put(
      scheme(SEP, [
        { who: 0, x: 0, y: 0 },
        { who: 1, x: 1, y: 0 },
        { who: 2, x: 0, y: 0 },
      ]),
    );
    expect(next).toMatchObject({
      rows: 3,
      accepted: 3,
      new: 1,
      changed: 1,
      same: 1,
      withdrawn: 1,
      unmatched: 0,
    });
    const deaths = await put({ source: 'deaths', sender: '公安', asOf: SEP, lines: people(0, 3) });
    expect(deaths).toMatchObject({ new: 2, contradicting: 1, unmatched: 1 });
    expect(deaths.rejected).toEqual([]);
  });

  it('leaves nothing behind after a dry run, which foresees what the commit reports', async () => {
    await put(register(AUG, 0, 1));
    const list: ListSpec = { source: 'residents-scheme', asOf: SEP, lines: people(0, 5, 25) };
    const tables = [
      'person',
      'claim',
      'step',
      'finding',
      'count_delta',
      'delivery',
      'delivery_file',
      'rejected_row',
      'audit_event',
      'header_choice',
      'stage_row',
      'touched',
    ];
    const stored = (): string => readdirSync(join(world.dir, 'files'), { recursive: true }).sort().join();
    const before = [await Promise.all(tables.map(count)), stored(), await rows('select horizon from county')];
    const foreseen = await put(list, { dryRun: true });
    expect([
      await Promise.all(tables.map(count)),
      stored(),
      await rows('select horizon from county'),
    ]).toEqual(before);
    expect(foreseen.delivery).toBeNull();
    const done = await put(list);
    expect({ ...foreseen, delivery: done.delivery }).toEqual(done);
  });

  function crowd(n: number): string {
    const ids = Array.from({ length: n }, (_, i) => {
      const first17 = `43098119700101${String(100 + i)}`;
      return first17 + checkDigit(first17);
    });
    return `身份证号码,姓名,户籍地址\n${ids.map((id) => `${id},张三,沅江市`).join('\n')}\n`;
  }

  function asRequest(text: string, rest: Partial<DeliveryRequest> = {}): DeliveryRequest {
    return { source: 'household-register', asOf: AUG, files: [world.file('名单.csv', text)], ...rest };
  }

  it('refuses a large withdrawal unless it is accepted, and warns in the dry run', async () => {
    await receive(world, SCOPE, [asRequest(crowd(120))]);
    // 50 people are not more than 50
    await receive(world, SCOPE, [asRequest(crowd(70), { asOf: SEP })]);
    const less = asRequest(crowd(10), { asOf: OCT });
    expect(await refusal(receive(world, SCOPE, [less]))).toBe('import.withdrawals');
    const [foreseen] = await receive(world, SCOPE, [less], { dryRun: true });
    expect(foreseen).toMatchObject({ withdrawn: 60 });
    expect(foreseen?.warnings.join()).toContain('60 人不再在册');
    const [done] = await receive(world, SCOPE, [less], { acceptWithdrawals: true });
    expect(done).toMatchObject({ withdrawn: 60, warnings: [] });
  });

  it('commits a manifest whole or not at all', async () => {
    const good = world.request(register(AUG, 0, 1));
    const bad = { ...world.request(register(SEP, 0)), files: [world.file('坏.csv', '姓名\n张三\n')] };
    expect(await refusal(receive(world, SCOPE, [good, bad]))).toMatch(/^reading\./);
    await receive(world, SCOPE, [asRequest(crowd(80))]);
    const withdrawing = world.request(register(SEP, 0));
    const scheme = world.request({ source: 'residents-scheme', asOf: SEP, lines: people(0) });
    expect(await refusal(receive(world, SCOPE, [scheme, withdrawing]))).toBe('import.withdrawals');
    expect(await annex4(AUG, 3)).toBe(80);
  });

  it('reports also a list that is replaced by another of the same manifest', async () => {
    const reports = await receive(world, SCOPE, [
      world.request(register(AUG, 0, 1, 2)),
      world.request(register(AUG, 0, 1)),
    ]);
    expect(reports).toMatchObject([
      { accepted: 3, new: 3 },
      { accepted: 2, new: 2 },
    ]);
    expect(await annex4(AUG, 3)).toBe(2);
    await undoDelivery(world, SCOPE, reports[1]?.delivery as number);
    expect(await annex4(AUG, 3)).toBe(3);
    await allAgrees();
  });

  it('refuses what cannot be meant', async () => {
    const list = world.request(register(AUG, 0));
    const cases: [Partial<DeliveryRequest>, string][] = [
      [{ source: 'horoscopes' }, 'import.source-unknown'],
      [{ asOf: '2020-02-30' }, 'import.as-of'],
      [{ asOf: '1999-12-31' }, 'import.as-of'],
      [{ asOf: '9999-12-31' }, 'import.as-of'],
      [{ region: '430981999' }, 'import.region-unknown'],
      [{ region: '450324101' }, 'import.region'],
      [{ files: [{ name: '没有.csv', path: '/nowhere/没有.csv' }] }, 'import.file-missing'],
      [{ files: [{ name: 'tmp', path: '/tmp' }] }, 'import.file-missing'],
      [{ headerChoices: { 证件: '生辰' } }, 'import.column-unknown'],
    ];
    for (const [wrong, code] of cases) {
      expect(await refusal(receive(world, SCOPE, [{ ...list, ...wrong }]))).toBe(code);
    }
    expect(await count('person')).toBe(0);
  });

  it('reads slices as one list, numbers of rejected rows by file', async () => {
    const whole: ListSpec = {
      source: 'residents-payments',
      asOf: AUG,
      lines: [
        { who: 0, x: 0, y: 0 },
        { who: 1, x: 1, y: 0 },
        { who: 25, x: 0, y: 0 },
        { who: 0, x: 0, y: 0 },
        { who: 0, x: 2, y: 2 },
      ],
    };
    const one = await put(whole);
    const claims = await rows('select person_no, slot, row_count, content from claim order by 1, 2');
    await world.reset();
    const sliced = await put(whole, { slices: 3 });
    expect(await rows('select person_no, slot, row_count, content from claim order by 1, 2')).toEqual(claims);
    expect({ ...sliced, rejected: [], headers: 0 }).toEqual({ ...one, rejected: [], headers: 0 });
    expect(sliced.rejected).toMatchObject([{ file: '2.csv', row: 2 }]);
  });

  it('remembers header corrections of a source, only those a clerk gave', async () => {
    const text = `证号甲,姓名,户籍地址,暗号\n${PEOPLE[0]?.id},王建国,沅江市,x\n`;
    expect(await refusal(receive(world, SCOPE, [asRequest(text)]))).toBe('reading.column-missing');
    const corrected = asRequest(text, { headerChoices: { 证号甲: '身份证号码' } });
    await receive(world, SCOPE, [corrected], { dryRun: true });
    expect(await count('header_choice')).toBe(0);
    const [first] = await receive(world, SCOPE, [corrected]);
    expect(first?.headers).toMatchObject([{ headers: { id: '证号甲', name: '姓名' }, unknown: ['暗号'] }]);
    expect(await rows('select source, header, column_key from header_choice')).toEqual([
      { source: 'household-register', header: '证号甲', column_key: 'id' },
    ]);
    const [next] = await receive(world, SCOPE, [asRequest(text, { asOf: SEP })]);
    expect(next).toMatchObject({ same: 1 });
    const students = asRequest(text, { source: 'students', asOf: SEP });
    expect(await refusal(receive(world, SCOPE, [students]))).toBe('reading.column-missing');
    // A later correction does not change how an earlier delivery is read again.
    await receive(world, SCOPE, [
      asRequest(`身份证号码,证号甲,姓名,户籍地址\n${PEOPLE[0]?.id},1,王建国,沅江市\n`, {
        asOf: OCT,
        headerChoices: { 证号甲: '' },
      }),
    ]);
    await allAgrees();
  });

  const onServer = engine === 'postgres' ? it : () => undefined;
  onServer('takes lists of one series at once: each is there whole or refused', async () => {
    await put(register(OCT, 0, 1, 2, 3));
    const lists = [
      register(AUG, 0, 1),
      register(AUG, 1, 2),
      register(SEP, 2, 3),
      register(SEP, 3, 4),
      register(OCT, 5),
    ];
    const settled = await Promise.allSettled(lists.map((list) => put(list)));
    const refused = settled.filter((one) => one.status === 'rejected');
    for (const one of refused) expect((one.reason as Refusal).problem?.code).toBe('import.concurrent');
    expect(settled.length - refused.length).toBeGreaterThan(0);
    expect(await count('delivery')).toBe(1 + settled.length - refused.length);
    expect((await count('stage_row')) + (await count('touched'))).toBe(0);
    await allAgrees();
    const standing = await rows<{ delivery: number }>('select delivery from delivery order by 1');
    await Promise.allSettled(standing.slice(1).map((d) => undoDelivery(world, SCOPE, d.delivery)));
    await allAgrees();
  });
});
