import { SHIPPED_SCHEMES } from '@quanbao/domain/assessment/shipped';
import { parseReference } from '@quanbao/domain/indicators/reference';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backup } from '../../maintenance/backup.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES } from '../../testing/small-county.ts';
import { indexRegister } from '../register/index.ts';
import { verifyRound } from './advance.ts';
import { tryScheme } from './result.ts';

const SCHEME = 'yuanjiang-2020-10';
const TOWN = PLACES.town;
const OTHER = PLACES.otherTown;
// biome-ignore lint/suspicious/noExplicitAny: answers of routes
type Body = any;

/** Two towns: six people in three villages of the first two, three in the other; the second of each is in prison. */
describe.each(engines)('assessment on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  let tax: Client;
  let leader: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    await indexRegister(instance, COUNTY);
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    town = await service.as('town');
    tax = await service.as('tax');
    leader = await service.as('leader');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const act = async (client: Client, url: string, body: object = {}): Promise<Body> => {
    const answer = await client.send('POST', url, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const codeOf = async (client: Client, url: string, body: object = {}): Promise<string> =>
    (await client.send('POST', url, body)).body.code;
  const begin = async (scheme = SCHEME, more: object = {}): Promise<string> =>
    `/api/assessments/${(await act(county, '/api/assessments', { scheme, ...more })).assessment}`;
  const lineOf = (view: Body, code: string): Body => view.lines.find((one: Body) => one.line === code);
  const unit = async (client: Client, url: string, code: string): Promise<Body> =>
    (await client.get(`${url}/units/${encodeURIComponent(code)}`)).body;

  it('keeps the versions of a scheme, and refuses one that cannot be used', async () => {
    const own = {
      ...structuredClone(SHIPPED_SCHEMES[0]!),
      code: 'own-2020',
      title: '本县方案',
      document: '沅政发〔2020〕9号',
    };
    const url = '/api/assessment/schemes';
    expect((await town.send('POST', url, own)).status).toBe(403);
    const wrong = structuredClone(own);
    Object.assign(wrong.lines[0]!, { full: 30 });
    const refused = await county.send('POST', url, wrong);
    expect(refused.body).toMatchObject({ code: 'assessment.scheme' });
    expect(refused.body.detail).toContain('合计 110 分，方案满分 100 分');
    expect(await act(county, url, own)).toEqual({ version: 1 });
    expect(await act(county, url, { ...own, title: '本县方案（修订）' })).toEqual({ version: 2 });
    const { items } = (await town.get(url)).body;
    expect(items.map((one: Body) => [one.code, one.version])).toEqual([
      ['own-2020', 2],
      ...SHIPPED_SCHEMES.map(({ code }) => [code, 0]),
    ]);
    expect((await county.get(`${url}/own-2020`)).body.content).toEqual({ ...own, title: '本县方案（修订）' });
    expect(await codeOf(county, '/api/assessments', { scheme: 'none' })).toBe('assessment.scheme-unknown');
    expect(await codeOf(county, '/api/assessments', { scheme: 'quanzhou-towns' })).toBe('assessment.day');
  });

  it('scores a day by the version that had begun by then, shipped ones too', async () => {
    const shipped = structuredClone(SHIPPED_SCHEMES[0]!);
    const next = { ...shipped, title: '来年方案', from: '2020-09-15', document: '沅政发〔2020〕12号' };
    await act(county, '/api/assessment/schemes', next);
    expect((await county.get(`/api/assessment/schemes/${SCHEME}`)).body.head.version).toBe(1);
    const titles = async (day: string): Promise<string[]> => [
      (await tryScheme(instance, scopeOf(COUNTY), SCHEME, day)).title,
      (await county.get(await begin(SCHEME, { day }))).body.round.title,
    ];
    expect(await titles('2020-09-14')).toEqual([shipped.title, shipped.title]);
    expect(await titles('2020-09-15')).toEqual(['来年方案', '来年方案']);
    // What is saved last goes from its day on, also where that is an earlier one.
    await act(county, '/api/assessment/schemes', { ...next, title: shipped.title, from: shipped.from });
    expect(await titles('2020-09-15')).toEqual([shipped.title, shipped.title]);
    const early = tryScheme(instance, scopeOf(COUNTY), 'quanzhou-towns', '2020-09-15');
    await expect(early).rejects.toMatchObject({
      problem: { code: 'assessment.day', message: expect.stringContaining('2021-01-01') },
    });
  });

  it('scores what the indicators say, line by line to the people, and leaves out what nobody can judge', async () => {
    const url = await begin();
    const view = await unit(county, url, TOWN);
    const people = (await county.get(`/api/figures?region=${TOWN}&asOf=${view.round.day}`)).body.items;
    const figure = people.find((one: Body) => one.code === 'coverage-rate');
    const coverage = lineOf(view, 'coverage-rate');
    expect(coverage.value).toBe(figure.value);
    expect(coverage.counts.map((one: Body) => one.value)).toEqual([
      figure.numerator.value,
      figure.denominator.value,
    ]);
    expect(parseReference(coverage.reference)).toEqual({
      what: 'value',
      indicator: 'coverage-rate',
      region: TOWN,
      day: view.round.day,
    });
    for (const { code, value } of coverage.counts) {
      const found = await county.get(`/api/people?indicator=${code}&region=${TOWN}&asOf=${view.round.day}`);
      expect(found.body.total).toBe(value);
    }
    expect(lineOf(view, 'verify-task-rate')).toMatchObject({ state: 'no-base', points: 0 });
    expect(lineOf(view, 'late-reports')).toMatchObject({ state: 'missing', points: 0 });
    const { total, judged, leftOut } = view.standing;
    expect(view.lines.reduce((sum: number, one: Body) => sum + one.points, 0)).toBeCloseTo(total, 6);
    expect(judged + leftOut).toBe(100);
    expect(leftOut).toBeGreaterThanOrEqual(45);
  });

  it('says of money that it is pending, for towns and for offices', async () => {
    const shipped = SHIPPED_SCHEMES.slice(1).map((one) => ({ ...structuredClone(one), from: '2020-01-01' }));
    for (const scheme of shipped) await act(county, '/api/assessment/schemes', scheme);
    const towns = await begin('quanzhou-towns');
    expect(lineOf(await unit(county, towns, TOWN), 'collection-rate')).toMatchObject({
      state: 'pending',
      points: 0,
      formula: '待接入，不计分，满分 40 分单列',
    });
    const offices = await begin('quanzhou-employees');
    const all = (await county.get(offices)).body;
    expect(all.items).toHaveLength(3);
    expect(all.items[0]).toMatchObject({
      total: 0,
      judged: 0,
      leftOut: 100,
      percent: null,
      rank: null,
      grade: null,
    });
    const name = '县税务局';
    await act(county, `${offices}/facts`, {
      unit: name,
      line: 'duties-done',
      amount: 0.9,
      remark: '清单台账',
    });
    expect((await county.get(offices)).body.items[0]).toMatchObject({
      unit: name,
      percent: 90,
      judged: 20,
      leftOut: 80,
      rank: 1,
      gradeTitle: '良好',
    });
    // An office meets its own lines and nobody else's.
    expect((await tax.get(offices)).body.items.map((one: Body) => one.unit)).toEqual([name]);
    expect(lineOf(await unit(tax, offices, name), 'duties-done').points).toBe(18);
    expect((await unit(tax, offices, '县财政局')).code).toBe('assessment.unit');
    await act(tax, `${offices}/self`, { unit: name, text: '已完成牵头事项。', lines: [] });
    expect((await unit(tax, towns, TOWN)).code).toBe('assessment.unit');
  });

  it('goes from computing to a published result that verifies, and shows when it was tampered with', async () => {
    // Whoever has not handed in is late when the day is over, whatever day is assessed; without a day of its own nobody is.
    const lateOf = async (at: string) => (await town.get(at)).body.items[0].selfLate;
    expect(await lateOf(await begin(SCHEME, { selfDue: '2020-10-20' }))).toBe(true);
    const url = await begin(SCHEME, { title: '10月考核' });
    expect(await lateOf(url)).toBe(false);
    const [, no] = /(\d+)$/.exec(url) as unknown as [string, string];

    // 自查: a town writes its own, sees its own alone, and no rank.
    const self = {
      unit: TOWN,
      text: '全覆盖任务推进情况自查如下。',
      lines: [{ line: 'coverage-rate', amount: 0.97, remark: '含本周登记' }],
    };
    expect(await codeOf(town, `${url}/self`, { ...self, unit: OTHER })).toBe('assessment.unit');
    await act(town, `${url}/self`, self);
    const seen = (await town.get(url)).body;
    expect(seen).toMatchObject({ whole: false });
    expect(seen.items.map((one: Body) => [one.unit, one.rank, one.grade, one.selfLate])).toEqual([
      [TOWN, null, null, false],
    ]);
    expect((await unit(town, url, OTHER)).code).toBe('assessment.unit');
    const own = await unit(town, url, TOWN);
    expect(lineOf(own, 'coverage-rate').self).toEqual({ amount: 0.97, text: '97.00%', remark: '含本周登记' });
    expect(own.mine).toBe(true);
    expect((await leader.get(url)).body.items).toHaveLength(14);

    // Facts with their proof are the county's.
    const fact = { unit: TOWN, line: 'late-reports', amount: 2, remark: '周报登记簿' };
    expect((await town.send('POST', `${url}/facts`, fact)).status).toBe(403);
    await act(county, `${url}/facts`, fact);
    await act(county, `${url}/facts`, { ...fact, unit: OTHER, amount: 0 });
    expect(await codeOf(county, `${url}/facts`, { ...fact, line: 'coverage-rate' })).toBe('assessment.line');
    expect(await codeOf(county, `${url}/facts`, { ...fact, remark: ' ' })).toBe('assessment.remark');
    const attachment = JSON.stringify({ unit: TOWN, line: 'late-reports', given: 'self' });
    const sent = await town.upload(`${url}/files`, [{ name: '说明.pdf', content: '%PDF-1.4 x' }], {
      attachment,
    });
    expect(sent.body).toEqual({ file: 1 });
    expect((await town.get(`${url}/files/1`)).body.toString()).toBe('%PDF-1.4 x');
    expect((await tax.get(`${url}/files/1`)).body.code).toBe('assessment.unit');
    expect(lineOf(await unit(town, url, TOWN), 'late-reports')).toMatchObject({
      points: 3,
      fact: { amount: 2, remark: '周报登记簿' },
      files: [{ file: 1, name: '说明.pdf', given: 'self' }],
    });

    // 初评, appeal, decision: the score follows from what was decided.
    expect(
      await codeOf(town, `${url}/appeals`, { unit: TOWN, line: 'late-reports', reason: '一次因停电迟报' }),
    ).toBe('assessment.state');
    expect(await codeOf(county, `${url}/advance`, { to: 'frozen' })).toBe('assessment.state');
    await act(county, `${url}/advance`, { to: 'draft' });
    expect(await codeOf(town, `${url}/self`, self)).toBe('assessment.state');
    const asked = { unit: TOWN, line: 'late-reports', claimed: 1, reason: '一次因停电迟报，附供电所证明' };
    expect(await act(town, `${url}/appeals`, asked)).toEqual({ appeal: 1 });
    expect(await codeOf(town, `${url}/appeals`, asked)).toBe('assessment.appeal');
    expect(await codeOf(county, `${url}/advance`, { to: 'frozen' })).toBe('assessment.appeals');
    expect(await codeOf(county, `${url}/appeals/1/decide`, { upheld: true, decision: '属实' })).toBe(
      'assessment.decision',
    );
    await act(county, `${url}/appeals/1/decide`, { upheld: true, value: 1, decision: '情况属实，改记1次' });
    expect(lineOf(await unit(town, url, TOWN), 'late-reports')).toMatchObject({
      points: 4,
      formula: expect.stringContaining('申诉第 1 号改定'),
    });

    // Frozen: nothing moves any more.
    expect((await county.get(`${url}/acceptance`)).body.code).toBe('assessment.state');
    const { digest } = await act(county, `${url}/advance`, { to: 'frozen' });
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await codeOf(county, `${url}/facts`, fact)).toBe('assessment.state');
    expect(await codeOf(county, `${url}/recount`)).toBe('assessment.state');
    const frozen = (await county.get(url)).body;
    await instance.db.asOwner((tx) =>
      tx.query(`update assessment_unit set counted = '{}' where assessment = ${no} and unit = '${OTHER}'`),
    );
    expect((await county.get(url)).body.items).toEqual(frozen.items);
    expect((await act(county, `${url}/verify`)).same).toBe(true);
    expect((await town.get(`${url}/acceptance`)).body.code).toBe('assessment.state');
    expect((await town.get(url)).body.items).toHaveLength(1);

    // Published: everybody's places, one's own lines.
    expect(await codeOf(county, `${url}/advance`, { to: 'published' })).toBe('assessment.document');
    await act(county, `${url}/advance`, { to: 'published', document: '沅人社通〔2020〕31号' });
    const published = (await town.get(url)).body;
    expect(published.whole).toBe(true);
    expect(published.items.map((one: Body) => [one.unit, one.rank, one.gradeTitle, one.opens])).toEqual(
      frozen.items.map((one: Body) => [one.unit, one.rank, one.gradeTitle, one.unit === TOWN]),
    );
    expect((await unit(town, url, OTHER)).code).toBe('assessment.unit');
    const award = { kind: 'award', unit: TOWN, words: '推进有力', document: '沅人社通〔2020〕32号' };
    await act(county, `${url}/acts`, award);
    await act(county, `${url}/acts`, { ...award, kind: 'accountability', unit: OTHER });
    expect((await town.get(url)).body.acts.map((one: Body) => one.unit)).toEqual([TOWN]);
    const paper = (await town.get(`${url}/acceptance`)).body;
    expect(paper).toMatchObject({ title: '10月考核验收通报', document: '沅人社通〔2020〕31号', digest });
    expect([paper.passed.length + paper.failed.length, paper.unjudged.length]).toEqual([2, 12]);

    // The file: place, line, formula, reference, digest.
    const file = await county.get(`${url}/xlsx`);
    const { sheets } = await readXlsx(file.body);
    expect(sheets.map(({ name }) => name)).toEqual(['排名定级', '逐项得分', '依据']);
    const text = JSON.stringify(sheets.map(({ rows }) => rows));
    expect(text).toContain(`coverage-rate@${TOWN}@${published.round.day}`);
    expect(text).toContain(digest);
    expect(text).toContain('申诉第 1 号改定');
    const towns = JSON.stringify(
      (await readXlsx((await town.get(`${url}/xlsx`)).body)).sheets.map(({ rows }) => rows),
    );
    expect(towns).toContain(TOWN);
    expect(towns).not.toContain(OTHER);

    // 县级自查 goes upward with its own figures.
    await act(county, `${await begin()}/self`, { unit: COUNTY, text: '全市自查评估情况如下。', lines: [] });
    const last = (await county.get('/api/assessments')).body.items[0].assessment;
    expect((await county.get(`/api/assessments/${last}/county`)).body).toMatchObject({
      text: '全市自查评估情况如下。',
      handedIn: 0,
      units: expect.any(Number),
      figures: expect.arrayContaining([
        expect.objectContaining({ reference: expect.stringContaining(`coverage-rate@${COUNTY}@`) }),
      ]),
    });

    // What was changed behind it comes to light.
    const verified = await verifyRound(instance, scopeOf(COUNTY), Number(no));
    expect(verified).toMatchObject({ same: true, digest, recomputed: digest, differences: [] });
    const tamper = async (sql: string): Promise<string[]> => {
      await instance.db.asOwner((tx) => tx.query(sql));
      return (await verifyRound(instance, scopeOf(COUNTY), Number(no))).differences;
    };
    const where = `where assessment = ${no}`;
    expect(
      await tamper(
        `update assessment_unit set result = jsonb_set(result, '{total}', '99') ${where} and unit = '${TOWN}'`,
      ),
    ).toHaveLength(1);
    expect(
      await tamper(
        `update assessment_frozen set content = replace(content, '"late-reports":2', '"late-reports":0') ${where}`,
      ),
    ).toContain('定案时存下的数据与摘要不符');
  });

  it('shows how places moved since the round before', async () => {
    const before = await begin(SCHEME, { day: '2020-09-10', title: '9月' });
    await act(county, `${before}/facts`, { unit: OTHER, line: 'false-figures', amount: 1, remark: '核查' });
    for (const to of ['draft', 'frozen']) await act(county, `${before}/advance`, { to });
    const after = (await county.get(await begin(SCHEME, { title: '10月' }))).body;
    expect(after.before).toMatchObject({ title: expect.any(String) });
    const was = after.items.map((one: Body) => [one.unit, one.was]);
    expect(was).toEqual(
      expect.arrayContaining([
        [TOWN, expect.any(Number)],
        [OTHER, expect.any(Number)],
      ]),
    );
    expect(was.filter(([, rank]: [string, number | null]) => rank !== null)).toHaveLength(2);
    expect((await county.get(before)).body.items.find((one: Body) => one.unit === OTHER)).toMatchObject({
      gradeTitle: '不合格',
      passed: false,
    });
  });

  it('keeps its proofs in a backup', async () => {
    const out = `${instance.dir}/copy.qbk`;
    const copied = await backup(instance, out, { actor: 'test' });
    const [stored] = await instance.db.asOwner((tx) =>
      tx.query<{ n: number }>('select count(*)::int as n from assessment_file'),
    );
    expect(stored?.n).toBe(1);
    expect(copied.files).toBeGreaterThan(4);
  });
});
