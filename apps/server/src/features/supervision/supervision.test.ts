import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORMS } from '@quanbao/domain/reports/forms';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clockwork } from '../../http/service.ts';
import { checkInstance } from '../../maintenance/check.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES, SMALL_COUNTY } from '../../testing/small-county.ts';
import { receive } from '../sources/index.ts';
import { answerOrder, decideOrder, raiseOrder } from './orders/act.ts';
import { tellEscalations } from './orders/escalate.ts';
import { decideSubmission, submitSubmission } from './submissions/move.ts';
import { prepareSubmission } from './submissions/prepare.ts';

const WEEK = '2020-W38';
const LAST = '2020-09-20';
const PDF = Buffer.from('%PDF-1.4\n整改报告\n%%EOF\n');

/** Two towns with three villages of three people; its newest list is of 20 September 2020, the last day of a week. */
describe.each(engines)('supervision on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  let village: Client;
  let leader: Client;
  let tax: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    // Two towns are all there are: the county's form waits for them, not for fourteen.
    await instance.db.asOwner((tx) =>
      tx.query(
        `delete from region where length(code) >= 9 and left(code, 9) not in ('${PLACES.town}', '${PLACES.otherTown}')`,
      ),
    );
    await fillSmallCounty(instance);
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    town = await service.as('town');
    village = await service.as('village');
    leader = await service.as('leader');
    tax = await service.as('tax');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const prepare = (client: Client, region: string, more: object = {}) =>
    client.send('POST', '/api/submissions', { form: 'annex5', every: 'week', region, period: WEEK, ...more });
  const submit = (client: Client, no: number) =>
    client.send('POST', `/api/submissions/${no}/submit`, { remark: '' });
  const decide = (client: Client, no: number, act: string, remark = '') =>
    client.send('POST', `/api/submissions/${no}/decide`, { act, remark });
  const view = async (client: Client, no: number, query = '') =>
    (await client.get(`/api/submissions/${no}${query}`)).body;

  let ofTown: number;
  let ofCounty: number;

  it('takes a form up level by level: returned with a remark, corrected, approved, locked', async () => {
    const first = (await prepare(town, PLACES.town, { reporter: '甲', day: '2020-09-19' })).body;
    expect(first).toMatchObject({ version: 1, failures: [] });
    ofTown = first.submission;
    expect((await prepare(town, PLACES.otherTown)).body.code).toBe('report.scope');
    expect((await prepare(town, PLACES.town, { every: 'month', period: '2020-09' })).body.code).toBe(
      'submission.duty',
    );
    expect((await prepare(town, PLACES.town, { period: '2020-W60' })).body.code).toBe('calendar.period');
    expect((await prepare(town, PLACES.town, { period: '2020-W50' })).body.code).toBe('submission.ahead');
    expect((await prepare(town, PLACES.town, { day: '2020-09-10' })).body.code).toBe('submission.day');
    expect((await decide(county, ofTown, 'approve')).body.code).toBe('submission.state');
    expect((await submit(town, ofTown)).body).toEqual({ state: 'submitted' });
    expect((await prepare(town, PLACES.town)).body.code).toBe('submission.state');
    // Its own it does not decide; the county says why it goes back.
    expect((await decide(town, ofTown, 'approve')).body.code).toBe('submission.above');
    expect((await decide(county, ofTown, 'return')).body.code).toBe('person.reason');
    expect((await decide(county, ofTown, 'return', '日期应为周日')).body).toEqual({ state: 'returned' });
    expect((await prepare(town, PLACES.town, { reporter: '甲' })).body).toMatchObject({ version: 2 });
    expect((await submit(town, ofTown)).body).toEqual({ state: 'submitted' });

    ofCounty = (await prepare(county, COUNTY)).body.submission;
    const early = (await submit(county, ofCounty)).body;
    expect(early.code).toBe('submission.children');
    expect(early.detail).toMatch(/2 个单位.*已报送.*没有编制/);
    expect((await decide(county, ofTown, 'approve')).body).toEqual({ state: 'approved' });
    const other = (await prepare(county, PLACES.otherTown)).body.submission;
    await submit(county, other);
    expect((await submit(county, ofCounty)).body.detail).toMatch(/1 个单位/);
    await decide(county, other, 'approve');
    expect((await submit(county, ofCounty)).body).toEqual({ state: 'submitted' });
    expect((await decide(county, ofTown, 'reopen', '核错一人')).body.code).toBe('submission.locked');
    expect((await decide(county, ofCounty, 'approve', '市里已收')).body).toEqual({ state: 'approved' });
    const seen = await view(town, ofTown);
    expect(seen).toMatchObject({
      state: 'approved',
      version: 2,
      day: LAST,
      standing: 'in-time',
      intact: true,
    });
    expect(seen.events.map((e: { act: string; remark: string }) => [e.act, e.remark])).toEqual([
      ['prepare', ''],
      ['submit', ''],
      ['return', '日期应为周日'],
      ['prepare', ''],
      ['submit', ''],
      ['approve', ''],
    ]);
    expect(seen.table.layout.meta[1].text).toContain('甲');
    expect((await view(county, ofTown)).acts).toEqual(['reopen']);
    expect(seen.acts).toEqual([]);
    expect((await view(town, ofCounty)).code).toBe('submission.unknown');
    expect((await village.get(`/api/submissions/${ofTown}`)).body.code).toBe('submission.unknown');
    expect((await view(leader, ofCounty)).acts).toEqual([]);
    expect((await submit(leader, ofCounty)).status).toBe(403);
  });

  it('keeps what was submitted, and shows later knowledge beside it cell by cell', async () => {
    const before = await view(town, ofTown);
    expect(before.differences).toEqual([]);
    const kept = SMALL_COUNTY.filter((p, i) => i % 3 === 0 || p.name === '单秋云');
    const dir = await mkdtemp(join(tmpdir(), 'quanbao-later-'));
    const path = join(dir, '居保参保.csv');
    await writeFile(
      path,
      `身份证号码,姓名,参保状态,缴费状态,参保时间\n${kept.map((p) => `${p.id},${p.name},正常参保,参保缴费,2015-01-01`).join('\n')}\n`,
    );
    const files = [{ name: '居保参保.csv', path }];
    const [received] = await receive(instance, scopeOf(COUNTY), [
      { source: 'residents-scheme', asOf: '2020-09-15', files },
    ]);
    await rm(dir, { recursive: true, force: true });
    const after = await view(town, ofTown);
    expect(after.table.total.values).toEqual(before.table.total.values);
    expect(after).toMatchObject({ digest: before.digest, intact: true });
    const registered = FORMS.annex5.columns[3]?.title;
    const cells = after.differences.filter((d: { title: string }) => d.title === registered);
    expect(
      cells.map((d: { name: string; was: string; now: string }) => Number(d.now) - Number(d.was)),
    ).toEqual([1, 1]);
    expect(cells[1].name).toBe('合计');
    const live = (await town.get(`/api/forms/annex5?asOf=${LAST}`)).body;
    expect(cells[1].now).toBe(live.total.texts[3]);
    // What an office sent is for the county to name; a town is shown the difference all the same.
    expect((await view(county, ofTown)).causes).toMatchObject([
      { delivery: received?.delivery, asOf: '2020-09-15' },
    ]);
    const moved = (client: Client) => client.get('/api/calendar').then(({ body }) => body.lines[0].places);
    expect((await moved(county)).map((p: { cells: { moved: boolean }[] }) => p.cells[0]?.moved)).toEqual([
      true,
      false,
    ]);
    // The file is of what was submitted, not of what is known now.
    const file = await town.get(`/api/submissions/${ofTown}/xlsx`);
    const { sheets } = await readXlsx(file.body);
    const printed = (sheets[0]?.rows ?? []).map((row) => row.map((cell) => String(cell ?? '')));
    const total = printed.find((row) => row[0] === '合计') as string[];
    expect(total[3]).toBe(before.table.total.texts[3]);
    expect(total[3]).not.toBe(cells[1].now);

    // Opened with a reason, prepared again: another version, and both stay readable.
    await decide(county, ofCounty, 'reopen', '草尾少报一人');
    expect((await decide(county, ofTown, 'reopen')).body.code).toBe('person.reason');
    expect((await decide(county, ofTown, 'reopen', '少报一人')).body).toEqual({ state: 'returned' });
    expect((await prepare(town, PLACES.town)).body).toMatchObject({ version: 3 });
    expect((await view(town, ofTown)).differences).toEqual([]);
    expect((await view(town, ofTown, '?version=2')).table.total.texts[3]).toBe(before.table.total.texts[3]);
    expect((await view(town, ofTown, '?version=2')).differences.length).toBeGreaterThan(0);
    // Joined in 2015, whoever came with the later list was registered in the week before, too.
    const earlier = (await prepare(town, PLACES.town, { period: '2020-W37' })).body.submission;
    const compared = (await town.get(`/api/submissions/${ofTown}/compare?against=${earlier}&version=2`)).body;
    expect(
      compared.differences.find((d: { column: number; name: string }) => d.column === 4 && d.name === '合计'),
    ).toMatchObject({
      was: cells[1].now,
      now: before.table.total.texts[3],
    });
  });

  it('refuses a table that does not foot, and finds one that was altered', async () => {
    const no = (await prepare(county, PLACES.otherTown, { period: '2020-W37' })).body.submission;
    await instance.db.asOwner((tx) =>
      tx.query(
        `update submission_version set body = jsonb_set(body::jsonb, '{total,cells,3}', '99')::text where submission = $1`,
        [no],
      ),
    );
    expect((await submit(county, no)).body).toMatchObject({ code: 'submission.footing' });
    expect(await view(county, no)).toMatchObject({ intact: false, state: 'prepared' });
    expect((await prepare(county, PLACES.otherTown, { period: '2020-W37' })).body.version).toBe(2);
    expect((await submit(county, no)).body).toEqual({ state: 'submitted' });
    const { digest } = await view(county, no);
    const [row] = await instance.db.asOwner((tx) =>
      tx.query<{ body: string }>(
        'select body from submission_version where submission = $1 and version = 2',
        [no],
      ),
    );
    expect(
      createHash('sha256')
        .update(row?.body as string)
        .digest('hex'),
    ).toBe(digest);
  });

  it('shows the calendar as it stood on the day, wherever it is counted', async () => {
    const by = scopeOf(COUNTY, PLACES.town, 'town');
    const form = { form: 'annex5', every: 'week', period: '2020-W36', region: PLACES.town } as const;
    const above = scopeOf(COUNTY, COUNTY, 'county');
    const { submission: no } = await prepareSubmission(instance, by, form, '2020-09-06');
    await submitSubmission(instance, by, no, '', '2020-09-07');
    await decideSubmission(instance, above, no, 'return', '请核对', '2020-09-09');
    await prepareSubmission(instance, by, form, '2020-09-10');
    await submitSubmission(instance, by, no, '', '2020-09-11');
    await decideSubmission(instance, above, no, 'approve', '', '2020-09-12');
    const stood = async (day: string) => {
      const { lines } = (await county.get(`/api/calendar?asOf=${day}`)).body;
      const weekly = lines.find((l: { duty: { code: string } }) => l.duty.code === 'annex5-week-town');
      const at = weekly.periods.findIndex((p: { code: string }) => p.code === '2020-W36');
      const own = (places: { code: string; cells: { standing: string }[] }[]) =>
        places.find(({ code }) => code === PLACES.town)?.cells ?? [];
      const late = lines.flatMap((l: { places: [] }) => own(l.places)).filter(isLate).length;
      const { duties } = (await county.get(`/api/cockpit?asOf=${day}`)).body;
      expect(
        duties.find((one: { place: { code: string } }) => one.place.code === PLACES.town).lateForms,
      ).toBe(late);
      const { submission, state, standing } = own(weekly.places)[at] as never as Record<string, unknown>;
      return [submission, state, standing];
    };
    const isLate = ({ standing }: { standing: string }): boolean => standing === 'late';
    expect(await stood('2020-09-05')).toEqual([null, null, 'ahead']);
    expect(await stood('2020-09-06')).toEqual([no, 'prepared', 'ahead']);
    expect(await stood('2020-09-07')).toEqual([no, 'submitted', 'in-time']);
    expect(await stood('2020-09-09')).toEqual([no, 'returned', 'late']);
    expect(await stood('2020-09-10')).toEqual([no, 'prepared', 'late']);
    expect(await stood('2020-09-11')).toEqual([no, 'submitted', 'in-time']);
    expect(await stood('2020-09-12')).toEqual([no, 'approved', 'in-time']);
  });

  it('shows who owes what, who is late, and keeps to a calendar of the county', async () => {
    const { lines } = (await county.get('/api/calendar?asOf=2020-09-25')).body;
    const weekly = lines.find((l: { duty: { code: string } }) => l.duty.code === 'annex5-week-town');
    expect(weekly.places.map((p: { code: string }) => p.code)).toEqual([PLACES.town, PLACES.otherTown]);
    expect(weekly.periods.slice(0, 3).map((p: { code: string; due: string }) => [p.code, p.due])).toEqual([
      ['2020-W39', '2020-09-28'],
      [WEEK, '2020-09-21'],
      ['2020-W37', '2020-09-14'],
    ]);
    const [ahead, sent, back] = weekly.places[1].cells;
    expect([ahead.standing, sent.standing, back.standing, back.daysLate]).toEqual([
      'ahead',
      'in-time',
      'done-late',
      6,
    ]);
    // Prepared again and not sent up: it is late as if nothing had been sent.
    expect(weekly.places[0].cells[1]).toMatchObject({ state: 'prepared', standing: 'late', daysLate: 4 });
    const own = (await village.get('/api/calendar')).body.lines;
    expect(own.map((l: { duty: { code: string } }) => l.duty.code)).toEqual(['annex4-month-village']);
    const rules = (await town.get('/api/supervision/rules')).body;
    expect(rules.calendar.from).toBeNull();
    const calendar = rules.calendar.body.map((d: { code: string; dueDays: number }) =>
      d.code === 'annex5-week-town' ? { ...d, dueDays: 3 } : d,
    );
    const put = (client: Client, body: object) => client.send('PUT', '/api/supervision/rules', body);
    const order = { from: '2020-10-01', document: '县调度通知', calendar };
    expect((await put(town, order)).status).toBe(403);
    expect((await put(county, { ...order, calendar: [{ ...calendar[0], form: 'nothing' }] })).body.code).toBe(
      'calendar.form',
    );
    expect((await put(county, order)).body).toEqual({ done: true });
    expect((await town.get('/api/supervision/rules')).body.calendar.from).toBeNull();
    expect((await town.get('/api/supervision/rules?asOf=2020-10-05')).body.calendar.from).toBe('2020-10-01');
  });

  const plan = (due: string) =>
    instance.db.asOwner(async (tx) => {
      await tx.query(
        `insert into target_plan (county, plan, kind, title, unit, indicator, from_day, due_day, milestones, document, actor)
         values ('${COUNTY}', 1, 'verify', '核实任务', 'heads', 'verified', '2020-08-01', $1,
           '[{"day": "2020-08-31", "percent": 50}, {"day": "2020-10-31", "percent": 100}]', '附件1', 'county')`,
        [due],
      );
      await tx.query(
        `insert into target_version (county, plan, version, total, reason, actor, issued_day, issued_by)
         values ('${COUNTY}', 1, 1, 6, '', 'county', '2020-08-01', 'county')`,
      );
      await tx.query(
        `insert into target_share (county, plan, version, region, amount, how, printed, position) values
           ('${COUNTY}', 1, 1, '${PLACES.town}', 4, 'given', '', 1), ('${COUNTY}', 1, 1, '${PLACES.otherTown}', 2, 'given', '', 2)`,
      );
    });

  it('warns whoever is behind the plan, from figures of any day, and notes who was told', async () => {
    expect(
      (await county.get('/api/warnings')).body.items.every((i: { colour: null }) => i.colour === null),
    ).toBe(true);
    await plan('2020-10-31');
    const { items, asOf } = (await county.get('/api/warnings?back=6')).body;
    expect(asOf).toBe(LAST);
    const mine = items.find(
      (i: { region: { code: string }; rule: string }) =>
        i.region.code === PLACES.town && i.rule === 'verify-behind',
    );
    // Half by 31 August, all by 31 October: 50 + 50 × 20/61 = 66.39 % on 20 September. Of the town's four, three.
    expect(mine.against).toBe('75.00%');
    expect(mine).toMatchObject({ colour: 'red', since: '2020-09-14', older: true, told: null, order: null });
    const figures = (await town.get('/api/figures')).body.items;
    const rate = figures.find((f: { code: string }) => f.code === 'verify-task-rate');
    expect(mine.value).toBe(`${(rate.value * 100).toFixed(2)}%`);
    expect(mine.gap).toBeCloseTo(75 - rate.value * 100, 1);
    expect(mine.reference).toBe(`verify-task-rate@${PLACES.town}@${LAST}`);
    const tell = (client: Client, rule = 'verify-behind') =>
      client.send('POST', '/api/warnings/tell', { items: [{ region: PLACES.town, rule }] });
    expect((await tell(town)).status).toBe(403);
    expect((await tell(county, 'coverage-falling')).body.code).toBe('warning.none');
    expect((await tell(county)).body).toEqual({ told: 1 });
    expect((await tell(county)).body).toEqual({ told: 0 });
    expect((await town.get('/api/warnings/notices')).body).toMatchObject({
      open: 1,
      items: [{ colour: 'red' }],
    });
    const note = { region: PLACES.town, rule: 'verify-behind', day: LAST };
    expect((await tax.send('POST', '/api/warnings/note', note)).body.code).toBe('warning.unknown');
    expect((await town.send('POST', '/api/warnings/note', note)).body).toEqual({ done: true });
    const history = (
      await county.get(`/api/warnings/history?region=${PLACES.town}&rule=verify-behind&days=30`)
    ).body;
    expect(history.days[0].day).toBe('2020-08-31');
    expect(history.runs).toEqual([{ colour: 'red', from: '2020-08-31', to: LAST }]);
    expect(history.told).toMatchObject([{ day: LAST, by: 'county', noted: { by: 'town' } }]);
    // The town it is told to reads the same.
    const seen = await town.get(`/api/warnings/history?region=${PLACES.town}&rule=verify-behind&days=30`);
    expect(seen.body.runs).toEqual(history.runs);
    // A town sees its villages; what another town is worth it is not told.
    const own = (await town.get('/api/warnings')).body;
    expect(own.items.every((i: { region: { code: string } }) => i.region.code.startsWith(PLACES.town))).toBe(
      true,
    );
    expect((await town.get(`/api/warnings?region=${PLACES.otherTown}`)).body.code).toBe('report.scope');
  });

  it('raises an order by a warning; answered with evidence, returned and closed by whoever raised it', async () => {
    const raise = (client: Client, body: object) => client.send('POST', '/api/orders', body);
    const order = { region: PLACES.town, warning: 'verify-behind', due: '2020-09-25' };
    expect((await raise(town, order)).status).toBe(403);
    expect((await raise(county, { ...order, due: '2020-09-01' })).body.code).toBe('order.due');
    expect((await raise(county, { region: COUNTY, due: '2020-09-25' })).body.code).toBe('order.to');
    const { order: no, number } = (await raise(county, order)).body;
    expect(number).toBe(`〔2020〕督办第${no}号`);
    const seen = (await town.get(`/api/orders/${no}`)).body;
    expect(seen).toMatchObject({ order: { state: 'open' }, acts: ['answer'] });
    expect(seen.figures).toEqual([
      {
        text: expect.stringContaining('按时间进度应为 75.00%'),
        reference: `verify-task-rate@${PLACES.town}@${LAST}`,
      },
    ]);
    expect(seen.asked).toContain('2020-09-25');
    const warned = (await county.get('/api/warnings?back=0')).body.items;
    expect(warned.find((i: { order: number | null }) => i.order !== null)).toMatchObject({ order: no });
    expect((await village.get(`/api/orders/${no}`)).body.code).toBe('order.unknown');
    expect((await tax.get(`/api/orders/${no}`)).body.code).toBe('order.unknown');
    const close = (act: string, remark: string) =>
      county.send('POST', `/api/orders/${no}/decide`, { act, remark });
    expect((await close('close', '')).body.code).toBe('order.state');
    const late = (await county.get('/api/orders?asOf=2020-09-30&state=late')).body;
    expect(late.items).toMatchObject([{ order: no, daysLate: 5, escalation: '报分管县领导' }]);
    const answer = { order: no, remark: '已逐户核实' };
    const sent = await town.upload(
      '/api/orders/answers/documents',
      [{ name: '整改报告.pdf', content: PDF }],
      {
        answer: JSON.stringify(answer),
      },
    );
    expect(sent.body).toEqual({ state: 'answered' });
    expect((await close('return', '')).body.code).toBe('order.remark');
    expect((await close('return', '缺名单')).body).toEqual({ state: 'returned' });
    expect((await town.send('POST', '/api/orders/answers', answer)).body).toEqual({ state: 'answered' });
    await expect(
      decideOrder(instance, scopeOf(COUNTY, COUNTY, 'another'), no, 'close', '代办'),
    ).rejects.toThrow('只能由其');
    expect((await close('close', '属实')).body).toEqual({ state: 'closed' });
    expect((await town.send('POST', '/api/orders/answers', answer)).body.code).toBe('order.state');
    const { steps } = (await town.get(`/api/orders/${no}`)).body;
    expect(steps.map((s: { act: string }) => s.act)).toEqual([
      'raise',
      'answer',
      'return',
      'answer',
      'close',
    ]);
    expect((await town.get(`/api/orders/${no}/steps/2/document`)).body).toEqual(PDF);
    expect((await village.get(`/api/orders/${no}/steps/2/document`)).status).toBe(404);
    expect((await town.get(`/api/orders/${no}/steps/3/document`)).status).toBe(404);
    // Whoever raised this one has no account any more.
    const gone = await raiseOrder(instance, scopeOf(COUNTY, COUNTY, 'retired'), {
      region: PLACES.town,
      due: '2020-09-30',
      subject: '走访进度',
      asked: '加快走访',
      indicators: ['coverage-rate'],
    });
    await town.send('POST', '/api/orders/answers', { order: gone.order, remark: '已加快' });
    const other = (remark: string) =>
      county.send('POST', `/api/orders/${gone.order}/decide`, { act: 'close', remark });
    expect((await other('')).body.code).toBe('order.reason');
    expect((await other('下达人已调离')).body).toEqual({ state: 'closed' });
  });

  it('shows an order as it stood on the day, wherever it is counted', async () => {
    const by = scopeOf(COUNTY, COUNTY, 'county');
    const order = { region: PLACES.otherTown, due: '2020-09-05', subject: '旧单', asked: '按期办理' };
    const { order: no } = await raiseOrder(instance, by, order, '2020-09-01');
    await answerOrder(
      instance,
      { scope: by, office: '' },
      { order: no, remark: '已办' },
      undefined,
      '2020-09-08',
    );
    await decideOrder(instance, by, no, 'close', '属实', '2020-09-10');
    const stood = async (day: string) => {
      const view = (await county.get(`/api/orders/${no}?asOf=${day}`)).body;
      const { items } = (await county.get(`/api/orders?region=${PLACES.otherTown}&asOf=${day}`)).body;
      expect(items.find((one: { order: number }) => one.order === no)).toEqual(view.order);
      const { state, daysLate } = view.order;
      return [state, daysLate, view.steps.length, view.later, view.acts.length];
    };
    expect(await stood('2020-09-04')).toEqual(['open', 0, 1, 2, 0]);
    expect(await stood('2020-09-07')).toEqual(['open', 2, 1, 2, 0]);
    expect(await stood('2020-09-08')).toEqual(['answered', 0, 2, 1, 0]);
    expect(await stood('2020-09-10')).toEqual(['closed', 0, 3, 0, 0]);
    const { orders } = (await county.get(`/api/analysis?region=${PLACES.otherTown}`)).body;
    expect(orders).toEqual({ raised: 1, closed: 1, late: 0 });
  });

  it('links the order that stood on the day to its warning, and offers none twice', async () => {
    const by = scopeOf(COUNTY, COUNTY, 'county');
    const raise = { region: PLACES.otherTown, due: '2020-09-25', warning: 'verify-behind' };
    const { order: no } = await raiseOrder(instance, by, { ...raise, asOf: '2020-09-16' }, '2020-09-16');
    const reader = { scope: by, office: '' };
    await answerOrder(instance, reader, { order: no, remark: '已办' }, undefined, '2020-09-17');
    await decideOrder(instance, by, no, 'close', '属实', '2020-09-18');
    const on = async (query: string) =>
      (await county.get(`/api/warnings?back=0${query}`)).body.items.find(
        (i: { region: { code: string }; rule: string }) =>
          i.region.code === PLACES.otherTown && i.rule === 'verify-behind',
      );
    const linked = async (day: string) => (await on(`&asOf=${day}`)).order;
    expect(await linked('2020-09-15')).toBeNull();
    expect([await linked('2020-09-16'), await linked('2020-09-17')]).toEqual([no, no]);
    expect(await linked('2020-09-18')).toBeNull();
    const later = await raiseOrder(instance, by, raise);
    expect((await on('')).order).toBe(later.order);
    // It is not there on the day before, and is not asked for again either.
    expect(await on('&asOf=2020-09-15')).toMatchObject({ colour: 'red', order: null, asksBy: null });
  });

  it('asks an office, which meets its own orders alone', async () => {
    const order = {
      region: COUNTY,
      office: '税务',
      due: '2020-09-30',
      subject: '缴费名单',
      asked: '按周报送',
    };
    const { order: no } = (await county.send('POST', '/api/orders', order)).body;
    await county.send('POST', '/api/orders', { ...order, office: '公安' });
    expect((await tax.get('/api/orders')).body.items.map((o: { order: number }) => o.order)).toEqual([no]);
    expect((await town.get('/api/orders')).body.items.every((o: { office: string }) => o.office === '')).toBe(
      true,
    );
    expect((await tax.send('POST', '/api/orders/answers', { order: no, remark: '本周起报送' })).body).toEqual(
      {
        state: 'answered',
      },
    );
    expect(
      (await tax.send('POST', '/api/orders/answers', { order: no + 1, remark: '本周起报送' })).body.code,
    ).toBe('order.unknown');
    expect((await tax.get('/api/warnings')).status).toBe(200);
    expect((await tax.get('/api/calendar')).status).toBe(200);
    const problem = { subject: '名单', detail: '请市里协调', due: '2030-01-01' };
    expect((await tax.send('POST', '/api/problems', { ...problem, region: PLACES.town })).body.code).toBe(
      'problem.place',
    );
  });

  it('keeps meetings with decisions that places answer for, and problems for the city', async () => {
    const meeting = {
      kind: 'study',
      title: '全覆盖专题会',
      day: '2020-09-10',
      agenda: '调度',
      attended: '各镇',
    };
    expect((await county.get('/api/meetings')).body.studyHeld).toBe(false);
    const { meeting: no } = (await county.send('POST', '/api/meetings', meeting)).body;
    const decision = { text: '本镇九月底前核实完毕', unit: '某镇', region: PLACES.town, due: '2020-09-15' };
    const add = (body: object) => county.send('POST', `/api/meetings/${no}/decisions`, body);
    expect((await add({ ...decision, due: '2020-09-01' })).body.code).toBe('decision.due');
    expect((await add(decision)).body).toEqual({ decision: 1 });
    await add({ ...decision, region: PLACES.otherTown });
    const seen = (await town.get('/api/meetings')).body;
    expect(seen).toMatchObject({ items: [], studyHeld: true });
    expect(seen.decisions).toMatchObject([
      { late: true, state: 'open', source: '2020-09-10 年度专题研究《全覆盖专题会》议定' },
    ]);
    const set = (client: Client, n: number, state: string, result: string) =>
      client.send('POST', `/api/meetings/${no}/decisions/${n}`, { state, result });
    expect((await set(town, 2, 'done', '完成')).body.code).toBe('decision.unknown');
    expect((await set(town, 1, 'done', '')).body.code).toBe('decision.result');
    // An office answers for itself, never for a place or another office.
    expect((await set(tax, 1, 'done', '完成')).body.code).toBe('decision.own');
    for (const unit of ['县民政局', '县税务局']) await add({ ...decision, region: COUNTY, unit });
    expect((await set(tax, 3, 'done', '完成')).body.code).toBe('decision.own');
    expect((await set(tax, 4, 'done', '完成')).body).toEqual({ done: true });
    await instance.db.asOwner((tx) => tx.query('delete from meeting_decision where decision > 2'));
    expect((await set(town, 1, 'done', '已核实完毕')).body).toEqual({ done: true });
    expect((await county.get('/api/meetings')).body.decisions.map((d: { state: string }) => d.state)).toEqual(
      ['open', 'done'],
    );

    // The other decision becomes an item of the county's list: from then on its state is the item's.
    const url = `/api/meetings/${no}/decisions/2`;
    const { list } = (await county.send('POST', '/api/checklists', { origin: 'own', title: '会议督办清单' }))
      .body;
    expect((await town.send('POST', `${url}/task`, { list })).status).toBe(403);
    expect((await county.send('POST', `${url}/task`, { list: 99 })).body.code).toBe('checklist.unknown');
    expect((await county.send('POST', `/api/meetings/${no}/decisions/1/task`, { list })).body.code).toBe(
      'decision.done',
    );
    const made = await county.send('POST', `${url}/task`, { list });
    expect(made.body).toEqual({ list, item: 1 });
    expect((await county.send('POST', `${url}/task`, { list })).body.code).toBe('decision.task');
    const { items } = (await county.get(`/api/checklists/${list}`)).body;
    const place = (await county.get('/api/meetings')).body.decisions[0].region.name;
    expect(items).toMatchObject([
      {
        section: '会议议定事项',
        measure: '本镇九月底前核实完毕',
        units: `${place}、某镇`,
        deadline: '2020-09-15前',
        remark: '2020-09-10 年度专题研究《全覆盖专题会》议定',
        period: { state: 'open', due: '2020-09-15', late: true },
      },
    ]);
    const second = async () =>
      (await county.get('/api/meetings')).body.decisions.find(
        (one: { decision: number }) => one.decision === 2,
      );
    expect(await second()).toMatchObject({
      state: 'open',
      late: true,
      task: { list, title: '会议督办清单', item: 1, state: 'open', late: true },
    });
    // What came of it asks for the write-off; the county gives it back, then closes it, in the list.
    const review = (act: string, note: string) =>
      county.send('POST', `/api/checklists/${list}/items/1/acts`, { act, note });
    expect((await set(county, 2, 'open', '')).body.code).toBe('decision.task');
    expect((await set(county, 2, 'done', '两村核实完毕')).body).toEqual({ done: true });
    expect(await second()).toMatchObject({ task: { state: 'requested' }, result: '两村核实完毕' });
    expect((await set(county, 2, 'done', '再报一次')).body.code).toBe('checklist.state');
    await review('return', '缺一个村');
    expect(await second()).toMatchObject({
      state: 'open',
      task: { state: 'returned' },
      result: '缺一个村',
    });
    await set(county, 2, 'done', '全部核实完毕');
    await review('close', '');
    expect(await second()).toMatchObject({ state: 'done', late: false, task: { state: 'closed' } });

    // A task that asks for a file is answered with one by the place that was asked.
    expect((await add(decision)).body).toEqual({ decision: 3 });
    await county.send('POST', `/api/meetings/${no}/decisions/3/task`, { list, evidence: '核实名单' });
    const third = async () =>
      (await town.get('/api/meetings')).body.decisions.find(
        (one: { decision: number }) => one.decision === 3,
      );
    expect(await third()).toMatchObject({ task: { state: 'open', evidence: '核实名单' } });
    expect((await set(town, 3, 'done', '全部核实')).body.code).toBe('checklist.evidence');
    const withFile = (n: number) =>
      town.upload(
        `/api/meetings/${no}/decisions/${n}/documents`,
        [{ name: '名单.txt', content: '核实名单' }],
        { result: JSON.stringify({ state: 'done', result: '全部核实' }) },
      );
    expect((await withFile(1)).body.code).toBe('decision.document');
    expect((await withFile(3)).body).toEqual({ done: true });
    expect(await third()).toMatchObject({ task: { state: 'requested' }, result: '全部核实' });
    const life = (await county.get(`/api/checklists/${list}/items/2`)).body;
    expect(life.events.at(-1)).toMatchObject({ act: 'request', document: '名单.txt' });

    const problem = { subject: '外省参保查不到', detail: '请市里协调', due: '2020-09-25' };
    const { problem: p } = (await town.send('POST', '/api/problems', problem)).body;
    const move = (client: Client, act: string, text?: string) =>
      client.send('POST', `/api/problems/${p}`, { act, ...(text === undefined ? {} : { text }) });
    expect((await move(town, 'send')).status).toBe(403);
    expect((await move(county, 'answer', '已协调')).body.code).toBe('problem.state');
    expect((await move(county, 'send')).body).toEqual({ state: 'sent' });
    expect((await town.get('/api/problems?asOf=2020-09-28')).body.items).toMatchObject([
      { state: 'sent', late: true },
    ]);
    expect((await move(county, 'answer')).body.code).toBe('problem.answer');
    await move(county, 'answer', '省厅已开放接口');
    const on = async (day: string) => (await county.get(`/api/problems?asOf=${day}`)).body.items;
    // Raised and sent on days before: those know neither the answer nor, before the sending, its day; no act is offered there.
    await instance.db.asOwner((tx) =>
      tx.query(
        `update city_problem set raised_day = '2020-09-10', sent_day = '2020-09-12', answered_day = '2020-09-15' where problem = $1`,
        [p],
      ),
    );
    expect(await on('2020-09-11')).toMatchObject([
      { state: 'raised', sentDay: null, answer: '', answeredDay: null, acts: [] },
    ]);
    expect(await on('2020-09-14')).toMatchObject([
      { state: 'sent', sentDay: '2020-09-12', answer: '', answeredDay: null, acts: [] },
    ]);
    expect(await on('2020-09-15')).toMatchObject([{ state: 'answered', acts: ['answer', 'close'] }]);
    // A second answer leaves the day of the first, and what closes it stands behind it.
    await move(county, 'answer', '省厅已开放接口，10月起用');
    expect((await move(county, 'close', '已告知各镇')).body).toEqual({ state: 'closed' });
    expect(await on(LAST)).toMatchObject([
      {
        state: 'closed',
        answer: '省厅已开放接口，10月起用；了结：已告知各镇',
        sentDay: '2020-09-12',
        answeredDay: '2020-09-15',
        late: false,
        acts: [],
      },
    ]);
    expect((await town.get('/api/problems?asOf=2020-09-15')).body.items[0].acts).toEqual([]);
    expect(
      (await county.send('POST', '/api/problems', { ...problem, detail: SMALL_COUNTY[0]?.id })).body.code,
    ).toBe('problem.text');
  });

  it('analyses a quarter of a town from the figures that everything else is made of', async () => {
    const { lines, composition, warnings, orders } = (await county.get(`/api/analysis?region=${PLACES.town}`))
      .body;
    const coverage = lines.find((l: { indicator: string }) => l.indicator === 'coverage-rate');
    const figures = (await county.get(`/api/figures?region=${PLACES.town}&asOf=${LAST}`)).body.items;
    expect(coverage.value).toBe(figures.find((f: { code: string }) => f.code === 'coverage-rate').value);
    expect(coverage).toMatchObject({ of: 2, before: null, change: null });
    expect([1, 2]).toContain(coverage.rank);
    expect(composition.reduce((sum: number, part: { people: number }) => sum + part.people, 0)).toBe(6);
    expect(warnings[0]).toMatchObject({ colour: 'red', words: expect.stringContaining('核实任务完成率') });
    expect(orders).toEqual({ raised: 2, closed: 2, late: 0 });
    // A county that is no demo lives today: what is ordered after its newest list is of the quarter all the same.
    const later = {
      region: PLACES.town,
      due: '2020-09-28',
      subject: '加快核实',
      asked: '请逐户核实并答复。',
    };
    const { order } = await raiseOrder(instance, scopeOf(COUNTY), later, '2020-09-25');
    const quarterly = async () =>
      (await county.get(`/api/analysis?region=${PLACES.town}&quarter=2020-Q3`)).body.orders;
    expect(await quarterly()).toEqual({ raised: 2, closed: 2, late: 0 });
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{}'`));
    expect(await quarterly()).toEqual({ raised: 3, closed: 2, late: 1 });
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    // Asked about a day before it was raised, an order is shown as of the raising, and says so.
    expect((await county.get(`/api/orders/${order}?asOf=2020-09-01`)).body.asOf).toBe('2020-09-25');
    expect((await county.get(`/api/orders/${order}?asOf=2020-09-26`)).body.asOf).toBe('2020-09-26');
    // Compared with its neighbours it is not on its own account.
    const own = (await town.get('/api/analysis')).body;
    expect(own.lines.every((l: { rank: null }) => l.rank === null)).toBe(true);
    expect(own.warnings).toEqual(warnings);
    expect((await county.get('/api/analysis?quarter=2019-Q1')).body.code).toBe('analysis.quarter');
  });

  it('warns and analyses a place that did not stand before', async () => {
    const stands = (from: string) =>
      instance.db.asOwner((tx) =>
        tx.query('update region set valid_from = $1 where code = $2', [from, PLACES.village]),
      );
    const [before] = await instance.db.asOwner((tx) =>
      tx.query<{ day: string }>('select valid_from as day from region where code = $1', [PLACES.village]),
    );
    await stands('2020-09-18');
    try {
      expect((await village.get('/api/warnings?back=13')).status).toBe(200);
      expect((await village.get('/api/analysis')).body.before).toBeNull();
    } finally {
      await stands(before?.day as string);
    }
  });

  it('takes a week in which no list came in like any other, and none that has not begun', async () => {
    // A county that is no demo lives today: its newest list is of the week before.
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{}'`));
    const made = (await prepare(town, PLACES.town, { period: '2020-W39' })).body;
    expect(made).toMatchObject({ version: 1, failures: [] });
    expect(await view(town, made.submission)).toMatchObject({ day: '2020-09-27' });
    expect((await submit(town, made.submission)).body).toEqual({ state: 'submitted' });
    expect((await prepare(town, PLACES.town, { period: '2099-W39' })).body.code).toBe('submission.ahead');
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    expect((await prepare(town, PLACES.town, { period: '2020-W40' })).body.code).toBe('submission.ahead');
  });

  it('leaves everything sound but for the table that was altered', async () => {
    const wrong = (await checkInstance(instance, scopeOf(COUNTY))).filter((check) => !check.ok);
    expect(wrong).toEqual([
      { check: 'frozen', ok: false, message: expect.stringMatching(/^1 份定稿.*号报送第 1 版。$/) },
    ]);
  });

  it('tells whoever an escalation goes to, each level once, and lights the cockpit red with what to do', async () => {
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    const by = scopeOf(COUNTY, COUNTY, 'county');
    const order = { region: PLACES.town, due: '2020-09-10', subject: '走访进度', asked: '加快走访' };
    await tellEscalations(instance, COUNTY, '2020-09-10');
    const { order: no } = await raiseOrder(instance, by, order, '2020-09-05');
    const ofTax = { ...order, region: COUNTY, office: '税务', due: '2020-09-12' };
    const { order: taxNo } = await raiseOrder(instance, by, ofTax, '2020-09-05');
    const { order: policeNo } = await raiseOrder(instance, by, { ...ofTax, office: '公安' }, '2020-09-05');
    const tell = async (day: string) => (await tellEscalations(instance, COUNTY, day)).told;
    expect([await tell('2020-09-10'), await tell('2020-09-11'), await tell('2020-09-11')]).toEqual([0, 1, 0]);
    // A day on which nothing ran: what was reached then is told under its own day.
    expect(await tell('2020-09-14')).toBe(3);
    expect(await tell('2020-09-14')).toBe(0);
    const told = async (client: Client) =>
      (await client.get('/api/warnings/notices')).body.items
        .filter((one: { order: number | null }) => one.order !== null)
        .map((one: { order: number; day: string; colour: string; region: { code: string } }) => [
          one.order,
          one.day,
          one.colour,
          one.region.code,
        ]);
    const ofTown = [no, '2020-09-11', 'orange', PLACES.town];
    expect(await told(town)).toEqual([ofTown]);
    expect(await told(county)).toEqual(
      expect.arrayContaining([
        ofTown,
        [no, '2020-09-14', 'red', COUNTY],
        [taxNo, '2020-09-13', 'orange', COUNTY],
        [policeNo, '2020-09-13', 'orange', COUNTY],
      ]),
    );
    expect(await told(leader)).toEqual(await told(county));
    // An office is told of its own.
    expect(await told(tax)).toEqual([[taxNo, '2020-09-13', 'orange', COUNTY]]);
    const { items } = (await town.get('/api/warnings/notices')).body;
    const own = items.find((one: { order: number }) => one.order === no);
    expect(own.words).toBe(
      `〔2020〕督办第${no}号《走访进度》限 2020-09-10，逾期 1 天待答复：提醒承办单位主要负责人`,
    );
    const note = { region: PLACES.town, rule: own.rule, day: '2020-09-11' };
    expect((await tax.send('POST', '/api/warnings/note', note)).body.code).toBe('warning.unknown');
    expect((await town.send('POST', '/api/warnings/note', note)).body).toEqual({ done: true });

    const lit = async (day: string, client = county) =>
      (await client.get(`/api/cockpit?asOf=${day}`)).body.lights
        .filter((one: { kind: string }) => one.kind === 'orders')
        .map((one: { light: string; words: string; todo: string; act: { path: string } }) => [
          one.light,
          one.words.split('：')[0],
          one.todo,
          one.act.path,
        ]);
    const townName = own.region.name;
    expect(await lit('2020-09-10')).toEqual([]);
    expect(await lit('2020-09-12')).toEqual([['orange', townName, '督促答复', `/orders/${no}`]]);
    expect(await lit('2020-09-14')).toEqual([
      ['red', townName, '约谈承办单位负责人，限期答复', `/orders/${no}`],
      ['orange', '公安', '督促答复', `/orders/${policeNo}`],
      ['orange', '税务', '督促答复', `/orders/${taxNo}`],
    ]);
    // The town that is asked sees it among its own, too.
    expect(await lit('2020-09-14', town)).toEqual([
      ['red', townName, '约谈承办单位负责人，限期答复', `/orders/${no}`],
    ]);
    // Before whoever is behind a plan: of those an office is shown no people, so that it is sent to the plan.
    const board = async (client: Client) =>
      (await client.get('/api/cockpit?asOf=2020-09-14')).body.lights.filter(
        (one: { kind: string }) => one.kind === 'plan',
      );
    const paths = async (client: Client) =>
      new Set((await board(client)).map((one: { act: { path: string } }) => one.act.path.split('/')[1]));
    expect([await paths(county), await paths(tax)]).toEqual([new Set(['people']), new Set(['targets'])]);
    expect((await county.get('/api/cockpit?asOf=2020-09-14')).body.lights[0].kind).toBe('orders');
    const red = (await county.get('/api/cockpit?asOf=2020-09-14')).body.lights.find(
      (one: { kind: string }) => one.kind === 'orders',
    );
    expect(red.words).toContain('最长 4 天，升级：报分管县领导');
    // The clock tells without anybody asking; what is answered in time is told to nobody.
    await answerOrder(
      instance,
      { scope: by, office: '' },
      { order: no, remark: '已办' },
      undefined,
      '2020-09-16',
    );
    expect(await lit('2020-09-16')).not.toContainEqual(expect.arrayContaining([townName]));
    await clockwork(instance, COUNTY);
    const now = await told(county);
    expect(now).toContainEqual([taxNo, '2020-09-20', 'red', COUNTY]);
    expect(now.filter(([one]: [number]) => one === no)).toHaveLength(2);
    for (const one of [taxNo, policeNo]) {
      await answerOrder(instance, { scope: by, office: '' }, { order: one, remark: '已办' });
      await decideOrder(instance, by, one, 'close', '属实');
    }
  });
});
