import { parseReference } from '@quanbao/domain/indicators/reference';
import { parseScoreReference, type ScoreReference } from '@quanbao/domain/supervision/paper/assessment';
import { type Block, PAPER_KINDS, type Run, runsOf } from '@quanbao/domain/supervision/paper/paper';
import { shippedTemplate } from '@quanbao/domain/supervision/paper/shipped';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docxParagraphs, docxParts } from '../../../testing/docx-text.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../../testing/instance.ts';
import { type Client, openTestService, type TestService } from '../../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES, SMALL_COUNTY } from '../../../testing/small-county.ts';
import { advance, beginRound } from '../../assessment/index.ts';
import { cellText, countedForm } from '../../reports/index.ts';
import { listDeliveries, undoDelivery } from '../../sources/index.ts';
import { annex1Table, verifyPlan } from '../../targets/index.ts';

/** Three people in each of three villages in two towns; deaths as of the 20th. */
const DAY = '2020-09-14';

describe.each(engines)('papers on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  let town: Client;
  let village: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    await instance.db.transaction(scopeOf(COUNTY), async (tx) => {
      await tx.query(
        `insert into target_plan (county, plan, kind, title, unit, indicator, from_day, due_day, milestones, document, actor)
         values ($1, 1, 'verify', '核实任务', 'heads', 'verified', '2020-08-01', '2020-10-31',
           '[{"day": "2020-08-31", "percent": 50}, {"day": "2020-10-31", "percent": 100}]', '附件1', 'test')`,
        [COUNTY],
      );
      await tx.query(
        `insert into target_version (county, plan, version, total, reason, actor, issued_day) values ($1, 1, 1, 6, '下达', 'test', '2020-08-01')`,
        [COUNTY],
      );
      await tx.query(
        `insert into target_share (county, plan, version, region, amount, how, printed, position)
           values ($1, 1, 1, $2, 4, 'given', '', 1), ($1, 1, 1, $3, 2, 'given', '', 2)`,
        [COUNTY, PLACES.town, PLACES.otherTown],
      );
    });
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
    town = await service.as('town');
    village = await service.as('village');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  const draft = async (client: Client, kind: string, more: object = {}): Promise<number> => {
    const { status, body } = await client.send('POST', '/api/papers', { kind, day: DAY, ...more });
    expect(status, JSON.stringify(body)).toBe(200);
    return body.paper;
  };
  const open = async (client: Client, paper: number) => (await client.get(`/api/papers/${paper}`)).body;
  const issue = async (client: Client, paper: number, more: object = {}) =>
    client.send('POST', `/api/papers/${paper}/issue`, more);
  const docx = async (client: Client, paper: number): Promise<Buffer> => {
    const { status, body, headers } = await client.get(`/api/papers/${paper}/docx`);
    expect([status, headers['content-type']]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ]);
    return body;
  };
  /** What 附件1, 附件4 and 附件5 print on the day, by the reference of each cell: the forms that print it, and how. */
  const cells = async (day: string) => {
    const scope = scopeOf(COUNTY);
    const tables = await instance.db.transaction(scope, async (tx) => [
      await annex1Table(tx, scope, await verifyPlan(tx, scope), { day }),
      await countedForm(tx, scope, 'annex4', COUNTY, day),
      await countedForm(tx, scope, 'annex5', COUNTY, day),
    ]);
    const printed = new Map<string, { form: string; text: string }[]>();
    for (const { form, rows, total } of tables) {
      for (const row of [...rows, { ...total, code: COUNTY }]) {
        for (const column of form.columns) {
          // 附件1 has one number: what is asked.
          const indicator =
            form.code === 'annex1' && column.kind === 'count' ? 'task-verify' : column.indicator;
          if (indicator === undefined) continue;
          const key = `${indicator}@${row.code}@${day}`;
          const cell = { form: form.number, text: cellText(column, row.cells[column.number] ?? null) };
          printed.set(key, [...(printed.get(key) ?? []), cell]);
        }
      }
    }
    return printed;
  };
  /** The forms whose cells stand in each kind of paper. */
  const PRINTED: Readonly<Record<string, readonly string[]>> = {
    weekly: ['附件1', '附件4', '附件5'],
    monthly: ['附件1', '附件4', '附件5'],
    acceptance: ['附件1', '附件4', '附件5'],
    report: ['附件1', '附件4', '附件5'],
    quarterly: ['附件4', '附件5'],
  };

  it('issues no acceptance before the assessment of its day is frozen, and says 待评 till then', async () => {
    const no = await draft(county, 'acceptance');
    const said = async () =>
      (await open(county, no)).paper.blocks
        .flatMap((block: Block) => (block.type === 'paragraph' ? block.runs : []))
        .map((run: Run) => run.text)
        .join('');
    expect(await said()).toContain('9月14日的考核尚未定案，各单位得分、名次和等次待评。');
    expect((await issue(county, no)).body).toMatchObject({
      code: 'paper.assessment',
      detail: expect.stringContaining('2020-09-14 的乡镇考核还没有定案'),
    });
    const scope = scopeOf(COUNTY);
    const round = await beginRound(instance, scope, { scheme: 'yuanjiang-2020-10', day: DAY });
    await advance(instance, scope, round.assessment, { to: 'draft' });
    expect((await issue(county, no)).body.code).toBe('paper.assessment');
    await advance(instance, scope, round.assessment, { to: 'frozen' });
    expect(await said()).not.toContain('待评');
    expect((await county.get(`/api/references/score:1.total@${PLACES.town}@${DAY}`)).body).toMatchObject({
      code: 'reference.score',
    });
  });

  it('carries scores, grades and ranks of the frozen assessment into the acceptance, each line footing', async () => {
    const no = await draft(county, 'acceptance');
    const { paper } = await open(county, no);
    const scores = runsOf(paper).flatMap(({ text, reference }) => {
      const found = reference === undefined ? undefined : parseScoreReference(reference);
      return found === undefined ? [] : [{ text, found }];
    });
    const round = (await county.get('/api/assessments/1')).body;
    const units = new Map<
      string,
      { standing: Record<string, number | null>; lines: Record<string, unknown>[] }
    >();
    for (const { unit } of round.items)
      units.set(unit, (await county.get(`/api/assessments/1/units/${unit}`)).body);
    expect(units.size).toBeGreaterThan(1);
    const wanted = ({ of, unit }: ScoreReference): string => {
      const { standing, lines } = units.get(unit) ?? { standing: {}, lines: [] };
      if ('grade' in of)
        return String(round.items.filter((one: { grade: string }) => one.grade === of.grade).length);
      if ('line' in of) {
        const line = lines.find((one) => one.line === of.line);
        return line?.state === 'judged'
          ? (line.points as number).toFixed(2)
          : String(/待接入|无基数|未登记/.exec(String(line?.formula))?.[0]);
      }
      if (of.sum === 'units') return String(units.size);
      const value = standing[of.sum] ?? null;
      if (value === null) return '—';
      return of.sum === 'rank' || of.sum === 'judged' ? String(value) : value.toFixed(2);
    };
    for (const { text, found } of scores) expect([found, text]).toEqual([found, wanted(found)]);
    expect(new Set(scores.map(({ found }) => found.day))).toEqual(new Set([DAY]));
    // 逐项得分 add up to the printed sum of every unit.
    for (const unit of units.keys()) {
      const own = scores.filter(({ found }) => found.unit === unit);
      const lines = own.flatMap(({ text, found }) => ('line' in found.of ? [Number(text) || 0] : []));
      const total = own.find(({ found }) => 'sum' in found.of && found.of.sum === 'total')?.text;
      expect(lines).toHaveLength(11);
      expect(lines.reduce((sum, points) => sum + points, 0)).toBeCloseTo(Number(total), 6);
    }
    const graded = scores.filter(({ found }) => 'grade' in found.of);
    const waiting = round.items.filter((one: { grade: string | null }) => one.grade === null);
    expect(graded.reduce((sum, { text }) => sum + Number(text), 0)).toBe(units.size - waiting.length);
  });

  it.each(PAPER_KINDS)(
    '%s: every number of the docx is found by its reference, and is the cell of 附件1, 附件4 and 附件5 of that day',
    async (kind) => {
      const no = await draft(county, kind);
      expect((await issue(county, no)).status).toBe(200);
      const { paper } = await open(county, no);
      const paragraphs = docxParagraphs(await docx(county, no)).filter((text) => text !== '');
      const forms = new Map<string, Awaited<ReturnType<typeof cells>>>();
      const compared = new Map<string, number>();
      for (const { text, reference } of runsOf(paper)) {
        if (reference === undefined) continue;
        const found = parseReference(reference);
        // Those of an assessment are compared with it above.
        if (parseScoreReference(reference) !== undefined) continue;
        expect(found, reference).toBeDefined();
        if (found?.what !== 'value') continue;
        const whole = forms.get(found.day) ?? (await cells(found.day));
        forms.set(found.day, whole);
        for (const { form, text: cell } of whole.get(reference) ?? []) {
          expect(`${form} ${reference} ${text}`).toBe(`${form} ${reference} ${cell}`);
          compared.set(form, (compared.get(form) ?? 0) + 1);
        }
      }
      expect([...compared.keys()].sort()).toEqual(PRINTED[kind]);
      expect(compared.get('附件5')).toBeGreaterThan(5);
      // What stands in the document is what the paper says, in its order: so every number in it has its reference.
      const wanted = paper.blocks.flatMap((block: Block): string[] => {
        const all = (runs: readonly Run[]): string => runs.map((run) => run.text).join('');
        if (block.type === 'heading') return [block.text];
        if (block.type === 'paragraph') return [all(block.runs)];
        if (block.type === 'bars') return block.bars.flatMap(({ label, value }) => [label, value.text]);
        return block.rows.flatMap((row) =>
          row.map((cell) => (Array.isArray(cell) ? all(cell as Run[]) : (cell as Run).text)),
        );
      });
      let at = 0;
      for (const text of wanted.filter((one: string) => one !== '')) {
        const next = paragraphs.indexOf(text, at);
        expect(next, `${text} after ${paragraphs[at - 1]}`).toBeGreaterThanOrEqual(0);
        if (paper.blocks.every(({ type }: Block) => type !== 'form')) at = next + 1;
      }
      const heads = paper.blocks.flatMap((block: Block): string[] => {
        if (block.type === 'table') return [...block.head];
        if (block.type !== 'form') return [];
        return [...block.header.map(({ text }) => text), ...block.widths.map((_, i) => String(i + 1))];
      });
      const known = new Set([...wanted, ...heads]);
      const bare = paragraphs.filter((text) => /\d/.test(text) && !known.has(text));
      // Head, captions with their day, the form's own line, the numbers of the forms, and the date.
      const label = /^附件\d$|^(?:附件：|　{3})\d\./;
      expect(bare.filter((text) => !/年|月|〔/.test(text) && !label.test(text))).toEqual([]);
    },
  );

  it('has the page of GB/T 9704, even and odd page numbers, and no machine in its properties', async () => {
    const no = await draft(county, 'monthly');
    const parts = docxParts(await docx(county, no));
    const xml = parts.get('word/document.xml') ?? '';
    const page = /<w:pgMar [^>]*>/.exec(xml)?.[0] ?? '';
    const size = (name: string) =>
      Math.round(Number(new RegExp(`w:${name}="(\\d+)"`).exec(page)?.[1]) / 56.7);
    expect(['top', 'bottom', 'left', 'right'].map(size)).toEqual([37, 35, 28, 26]);
    expect(xml).toContain('w:line="560" w:lineRule="exact"');
    for (const name of ['方正小标宋简体', '黑体']) expect(xml + parts.get('word/styles.xml')).toContain(name);
    expect(parts.get('word/styles.xml')).toContain('仿宋_GB2312');
    expect(parts.get('word/settings.xml')).toContain('w:evenAndOddHeaders');
    const core = parts.get('docProps/core.xml') ?? '';
    expect(core).toContain('<dc:creator>沅江市人力资源和社会保障局</dc:creator>');
    expect([...parts.values()].join()).not.toMatch(/Un-named|localhost|\/work\//);
  });

  it('freezes what it issues: the digest is made again, and later knowledge stands beside it', async () => {
    // The five kinds above are issued already.
    const { items } = (await county.get('/api/papers?kind=weekly')).body;
    const issued = items.find((one: { state: string }) => one.state === 'issued');
    const before = await open(county, issued.paper);
    expect(before).toMatchObject({
      proof: { kept: true, remade: true },
      moved: [],
      line: { number: '〔2020〕第1期' },
    });
    const again = await draft(county, 'weekly');
    expect((await issue(county, again)).body.code).toBe('paper.there');
    // The list of the residents' scheme is taken back: nobody is registered any more.
    const deliveries = await instance.db.transaction(scopeOf(COUNTY), (tx) =>
      listDeliveries(tx, scopeOf(COUNTY)),
    );
    const scheme = deliveries.find(({ source }) => source === 'residents-scheme');
    await undoDelivery(instance, scopeOf(COUNTY), scheme?.delivery as number);
    const after = await open(county, issued.paper);
    expect(after.paper).toEqual(before.paper);
    expect([after.digest, after.proof]).toEqual([before.digest, { kept: true, remade: true }]);
    // A week of the chart: one of two was registered in each place on the last of August.
    const week = `coverage-rate@${COUNTY}@2020-08-31`;
    expect(runsOf(before.paper)).toContainEqual({ text: '50.00%', reference: week });
    expect(after.moved).toContainEqual({ reference: week, issued: '50.00%', now: '0.00%' });
    // A draft is computed by what is known.
    expect(runsOf((await open(county, again)).paper)).toContainEqual({ text: '0.00%', reference: week });
    // Whoever changes what is stored is found out.
    await instance.db.asOwner((tx) =>
      tx.query(`update paper set frozen = replace(frozen, '周报', '日报') where paper = ${issued.paper}`),
    );
    expect((await open(county, issued.paper)).proof).toMatchObject({ kept: false });
    await instance.db.asOwner((tx) =>
      tx.query(`update paper set frozen = replace(frozen, '日报', '周报') where paper = ${issued.paper}`),
    );
    const withdrawn = `/api/papers/${issued.paper}/withdraw`;
    expect((await county.send('POST', withdrawn, { reason: '' })).body.code).toBe('person.reason');
    expect((await county.send('POST', withdrawn, { reason: '名单有误' })).body).toEqual({ done: true });
    expect((await county.send('POST', withdrawn, { reason: '名单有误' })).body.code).toBe('paper.state');
    expect((await open(county, issued.paper)).line).toMatchObject({
      state: 'withdrawn',
      withdrawnReason: '名单有误',
    });
    // A number once given is given to nobody else.
    expect((await issue(county, again)).body.number).toBe('〔2020〕第2期');
  });

  it('takes words that people add, marks them, and fills in the figures they name', async () => {
    const no = await draft(county, 'report', { day: '2020-09-15' });
    const put = (text: string) =>
      county.send('PUT', `/api/papers/${no}/remarks`, { texts: [{ section: 1, text }] });
    expect((await put('覆盖率{covrage}')).body.code).toBe('paper.text');
    expect((await put(`${SMALL_COUNTY[0]?.id}要核实`)).body.code).toBe('paper.text');
    expect((await put('被征地农民参保[{land-insured}人]，请予关注。')).body).toEqual({ done: true });
    const { paper, remarks, digest } = await open(county, no);
    expect(remarks).toEqual([{ section: 1, text: expect.any(String), by: 'county' }]);
    const added = paper.blocks.filter((b: Block) => b.type === 'paragraph' && b.by !== undefined);
    expect(added).toEqual([
      expect.objectContaining({
        by: 'county',
        runs: expect.arrayContaining([{ text: '0', reference: `land-insured@${COUNTY}@2020-09-15` }]),
      }),
    ]);
    expect(
      (docxParts(await docx(county, no)).get('word/document.xml') ?? '').match(/w:val="ByHand"/g),
    ).toHaveLength(1);
    // Somebody else writes on while this draft is looked at.
    await put('另有安排。');
    const late = await issue(county, no, { seen: digest });
    expect(late.body.code).toBe('paper.moved');
    expect((await issue(county, no, { dated: '2020-09-01' })).body.code).toBe('paper.dated');
    expect((await county.send('DELETE', `/api/papers/${no}`)).body).toEqual({ done: true });
    expect((await county.get(`/api/papers/${no}`)).body.code).toBe('paper.unknown');
  });

  it('lets a town read what the county issued, make its own for its villages, and no more', async () => {
    const lines = (await town.get('/api/papers')).body.items;
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.every((one: { state: string }) => one.state !== 'draft')).toBe(true);
    const read = await open(town, lines[0].paper);
    expect(read).toMatchObject({ moved: null, proof: { kept: true, remade: true }, line: { mine: false } });
    expect(
      (await town.send('POST', `/api/papers/${lines[0].paper}/withdraw`, { reason: '不同意' })).body.code,
    ).toBe('paper.maker');
    const hidden = await draft(county, 'quarterly', { day: '2020-09-20' });
    expect((await town.get(`/api/papers/${hidden}`)).body.code).toBe('paper.unknown');
    expect((await town.send('POST', '/api/papers', { kind: 'report', day: DAY })).body.code).toBe(
      'paper.kind',
    );
    expect(
      (await town.send('POST', '/api/papers', { kind: 'weekly', day: DAY, region: COUNTY })).body.code,
    ).toBe('report.scope');
    expect((await village.send('POST', '/api/papers', { kind: 'weekly', day: DAY })).status).toBe(403);
    const no = await draft(town, 'weekly');
    expect((await county.send('POST', `/api/papers/${no}/issue`, {})).body.code).toBe('paper.maker');
    expect((await issue(town, no)).status).toBe(200);
    const { paper } = await open(town, no);
    expect(paper.offices[0]).toMatch(/人民政府|办事处/);
    expect(paper.to).toBe('各村（居）民委员会');
    const places = runsOf(paper).flatMap(({ reference }) => (reference ? [reference.split('@')[1]] : []));
    expect(places).toContain(PLACES.village);
    expect(places.every((place) => place?.startsWith(PLACES.town))).toBe(true);
    expect((await open(village, no)).paper.title).toBe(paper.title);
    const other = (await county.get('/api/papers')).body.items.find(
      (one: { paper: number }) => one.paper === no,
    );
    expect(other).toMatchObject({ maker: 'town', mine: false });
  });

  it('edits a template by the county, refuses what could not be printed, and goes back to what is shipped', async () => {
    const url = '/api/paper-templates/quarterly';
    const { kind: _, ...shipped } = shippedTemplate('quarterly');
    expect((await town.get(url)).body).toEqual({ template: shipped, own: false });
    const own = { ...shipped, sections: [{ heading: '', when: '', text: '应覆盖{in-scope}人。', show: [] }] };
    expect((await town.send('PUT', url, own)).body.code).toBe('paper.template.county');
    const wrong = { ...own, sections: [{ heading: '', when: '', text: '{in-scop}人', show: [] }] };
    expect((await county.send('PUT', url, wrong)).body).toMatchObject({
      code: 'paper.template',
      detail: expect.stringContaining('第1部分：{in-scop}'),
    });
    expect((await county.send('PUT', url, own)).body).toEqual({ done: true });
    const no = await draft(county, 'quarterly', { region: PLACES.town });
    expect((await open(county, no)).paper).toMatchObject({
      offices: ['沅江市人力资源和社会保障局'],
      blocks: [
        {
          type: 'paragraph',
          runs: [{ text: '应覆盖' }, { reference: `in-scope@${PLACES.town}@${DAY}` }, { text: '人。' }],
        },
      ],
    });
    expect((await county.send('DELETE', url)).body).toEqual({ done: true });
    expect((await county.get(url)).body.own).toBe(false);
  });
});
