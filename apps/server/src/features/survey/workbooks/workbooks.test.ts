import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOOK_COLUMNS } from '@quanbao/domain/survey/book';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope, Tx } from '../../../db/port.ts';
import { checkInstance } from '../../../maintenance/check.ts';
import { inventedId } from '../../../testing/command.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../../../testing/instance.ts';
import { finished, openTestService, type TestService } from '../../../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES, type SmallPerson } from '../../../testing/small-county.ts';
import { zipChunks } from '../../reports/index.ts';
import { undoDelivery } from '../../sources/index.ts';
import {
  bookFile,
  bookToXlsx,
  decideContradictions,
  issueBooks,
  listContradictions,
  mergeBooks,
  returnBooks,
  writeAudited,
} from '../index.ts';
import { undoVisit } from '../visits.ts';
import { readReturn } from './return.ts';

const SCOPE = scopeOf(COUNTY);
const TOWN: Scope = { ...SCOPE, region: PLACES.town, actor: 'town', duty: 'read' };
const OTHER_TOWN: Scope = { ...SCOPE, region: PLACES.otherTown, actor: 'other', duty: 'read' };

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨';
/** Sixteen people of one village and two of another town. */
const PEOPLE: readonly SmallPerson[] = Array.from({ length: 18 }, (_, i) => ({
  id: inventedId(300 + i),
  name: i < 16 ? `${SURNAMES[i]}小${i}` : `外镇${i}`,
  region: i < 16 ? PLACES.village : PLACES.otherVillage,
  household: `H${i}`,
  phone: `1390000${String(1000 + i)}`,
}));
const at = (n: number): SmallPerson => PEOPLE[n] as SmallPerson;

type Row = Record<string, string>;
const TITLE = new Map(BOOK_COLUMNS.map((column) => [column.title, column.key]));

/** The 底册 as somebody has it open: its rows by column key. */
async function opened(bytes: Uint8Array): Promise<{ head: string[][]; rows: Row[]; hidden: unknown[][] }> {
  const { sheets } = await readXlsx(bytes);
  const [sheet, lists] = sheets;
  const all = (sheet?.rows ?? []).map((row) => row.map((cell) => String(cell ?? '')));
  const titles = all[2] ?? [];
  return {
    head: all.slice(0, 2),
    rows: all
      .slice(3)
      .map((row) => Object.fromEntries(titles.map((title, c) => [TITLE.get(title) ?? title, row[c] ?? '']))),
    hidden: lists?.rows ?? [],
  };
}

/** Saved by another program: columns in another order with others between, rows as they are handed over. */
async function saved(
  { head, hidden }: { head: string[][]; hidden: unknown[][] },
  rows: readonly Row[],
  options: { moved?: boolean; withoutHidden?: boolean; more?: readonly (readonly string[])[] } = {},
): Promise<Buffer> {
  const columns = options.moved
    ? BOOK_COLUMNS.toReversed().flatMap((c) => [c, { key: `镇里加的${c.key}`, title: '' }])
    : BOOK_COLUMNS;
  const cells = [
    ...head,
    ...(options.moved ? [['（镇里转来）']] : []),
    columns.map((c) => c.title),
    ...rows.map((row) => columns.map((c) => row[c.key] ?? '')),
    ['合计', `${rows.length}人`],
  ];
  return Buffer.from(
    await writeXlsx({
      sheets: [
        { name: '底册', rows: cells },
        ...(options.more === undefined
          ? []
          : [{ name: '别的镇', rows: options.more.map((row) => [...row]) }]),
        ...(options.withoutHidden ? [] : [{ name: '编码表', hidden: true, rows: hidden as string[][] }]),
      ],
    }),
  );
}

describe.each(engines)('a 底册 that goes out and comes back on %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let dir: string;
  let book: Buffer;
  let others: Buffer;
  let paper: { head: string[][]; rows: Row[]; hidden: unknown[][] };
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'quanbao-books-'));
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance, PEOPLE);
    // A demo county lives in the days of its lists: so does this one.
    await instance.db.asOwner((tx) => tx.query(`update county set settings = '{"demo": true}'`));
    service = await openTestService(instance, COUNTY);
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const bytesOf = async (issue: number, scope = SCOPE): Promise<Buffer> => {
    const { head, rows } = await bookFile(instance, scope, issue);
    const chunks: Buffer[] = [];
    for await (const chunk of bookToXlsx(head, rows)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const give = async (name: string, bytes: Buffer, scope = SCOPE) => {
    const path = join(dir, name);
    await writeFile(path, bytes);
    return returnBooks(instance, scope, [{ name, path }]);
  };
  const phone = async (n: number, answer: string, more: object = {}) => {
    const village = await service.as('village');
    const { people } = (await village.get(`/api/field/pack?village=${PLACES.village}`)).body;
    const person = people.find((p: { name: string }) => p.name === at(n).name).person;
    const now = new Date().toISOString();
    const command = { command: crypto.randomUUID(), person, madeAt: now, way: 'visit', answer, ...more };
    const { results } = (
      await village.send('POST', '/api/field/sync', { device: 'p', now, commands: [command] })
    ).body;
    expect(results[0].status).toBe('applied');
  };
  const undoLastVisit = async () => {
    const [visit] = await instance.db.asOwner((tx) =>
      tx.query<{ command: string }>('select command::text from visit order by received_at desc limit 1'),
    );
    await undoVisit(instance, SCOPE, visit?.command as string);
  };
  /** The answers that stand, as 附件3 and the ledger take them. */
  const answers = async (): Promise<Record<string, string>> => {
    const rows = await instance.db.asOwner((tx) =>
      tx.query<{ name: string; content: string }>(
        `select p.name, c.content from claim c join person p using (county, person_no)
         join delivery d on d.county = c.county and d.delivery = c.since
         where d.source = 'survey-workbook' order by p.name, d.as_of, c.since`,
      ),
    );
    return Object.fromEntries(rows.map(({ name, content }) => [name, JSON.parse(content).w ?? '']));
  };
  const ledger = async (): Promise<string[]> => {
    const rows = await instance.db.asOwner((tx) =>
      tx.query<{ line: string }>(
        `select p.name || ' ' || i.kind || ' ' || i.state || ' ' || i.why as line from ledger_item i
         join person p using (county, person_no) order by 1`,
      ),
    );
    return rows.map((row) => row.line);
  };
  const row = (n: number, values: Row = {}): Row => ({
    ...(paper.rows.find((one) => one.id === at(n).id) as Row),
    ...values,
  });

  it('goes out for each village, protected, with words to choose from, and tells no village of prisons', async () => {
    const issued = await issueBooks(instance, TOWN, { region: PLACES.town });
    expect(issued.map((one) => [one.region.code, one.people])).toEqual([[PLACES.village, 16]]);
    const [other] = await issueBooks(instance, SCOPE, { region: PLACES.otherVillage });
    book = await bytesOf(issued[0]?.issue as number, TOWN);
    others = await bytesOf(other?.issue as number);
    paper = await opened(book);
    expect(paper.head[1]?.[0]).toContain(issued[0]?.stamp);
    expect(paper.hidden.flat()).toContain(issued[0]?.stamp);
    expect(paper.rows.map((one) => [one.name, one.id])).toEqual(
      PEOPLE.slice(0, 16).map((one) => [one.name, one.id]),
    );
    expect(paper.rows.every((one) => one.answer === '' && one.phone === '')).toBe(true);
    expect(JSON.stringify(paper.rows)).not.toContain('服刑');
    const { sheets } = await readXlsx(book, { readStyles: true });
    expect(sheets[0]?.protection?.sheet).toBe(true);
    expect(sheets[0]?.dataValidations?.length).toBe(BOOK_COLUMNS.filter((c) => c.choices).length);
    expect(sheets[1]?.hidden).toBe(true);
    await expect(issueBooks(instance, OTHER_TOWN, { region: PLACES.town })).rejects.toMatchObject({
      problem: { code: 'report.scope' },
    });
  });

  it('is taken by its own village, for a reason, and by no other', async () => {
    const village = await service.as('village');
    const take = (issue: number) =>
      village.send('POST', '/api/survey/issues/download', { issues: [issue], reason: '入户摸底' });
    const { body } = await take(1);
    expect((await opened(body)).rows.map((one) => one.id)).toEqual(paper.rows.map((one) => one.id));
    expect((await take(2)).body.code).toBe('workbook.issue');
    expect((await village.send('POST', '/api/survey/issues', { region: PLACES.village })).status).toBe(403);
    const acts = await instance.db.asOwner((tx) =>
      tx.query<{ actor: string; subject: string }>(
        `select actor, subject from audit_event where act = 'workbook.download' order by seq`,
      ),
    );
    expect(acts).toEqual([{ actor: 'village', subject: 'issue 1' }]);
  });

  it('is known by its stamp: a file without, of another county, made up or of another town is refused', async () => {
    const codes = async (bytes: Buffer, scope = SCOPE) =>
      (await give('退回.xlsx', bytes, scope)).refused.map((one) => one.code);
    const stamp = String(paper.hidden[0]?.at(-1));
    const restamped = (text: string) => ({
      head: [[paper.head[0]?.[0] ?? ''], [`底册编号：${text}`]],
      hidden: [[text]],
    });
    expect(await codes(await saved(restamped('没有'), [row(0)]))).toEqual(['workbook.no-stamp']);
    expect(await codes(await saved(restamped(stamp.replace(COUNTY, '450324')), [row(0)]))).toEqual([
      'workbook.county',
    ]);
    const last = stamp.at(-1) === '0' ? '1' : '0';
    expect(await codes(await saved(restamped(stamp.slice(0, -1) + last), [row(0)]))).toEqual([
      'workbook.unknown',
    ]);
    expect(await codes(book, OTHER_TOWN)).toEqual(['workbook.scope']);
    expect(await codes(Buffer.from('姓名\n张三\n'))).toEqual(['workbook.no-stamp']);
    expect(await instance.db.asOwner((tx) => tx.query('select 1 from workbook_return'))).toEqual([]);
    expect(await instance.db.asOwner((tx) => tx.query('select 1 from stored_file'))).toEqual([]);
  });

  let rows: Row[];
  let first: Buffer;
  it('comes back with columns moved and others between, rows moved, gone, edited: each row is told what is wrong', async () => {
    // Meanwhile a phone has been there.
    await phone(10, 'willing');
    await phone(11, 'refuses', { proofs: ['statement'] });
    await phone(12, 'willing');
    await phone(13, 'student', { phone: '13811112222' });
    rows = [
      row(11, { answer: '愿意参保', contactDay: '2020-09-15', contactWay: '入户', worker: '会计老李' }),
      row(12, { answer: '愿意参保' }),
      row(10),
      row(13, { answer: '在校学生', phone: '13833334444', proof: '学籍证明' }),
      row(0, { answer: '参职保(含退休)', contactDay: '2020-09-12', contactWay: '入户' }),
      row(1, {
        answer: '不愿意参保',
        proof: '本人签名的意愿书',
        contactDay: '2020-09-12',
        contactWay: '入户',
      }),
      row(2, { answer: '人户分离', phone: '13900009999', contactDay: '2020-09-12', contactWay: '电话' }),
      row(3, { answer: '不晓得' }),
      row(4, { answer: '愿意参保', villageCode: PLACES.otherVillage }),
      row(5, { answer: '愿意参保', name: '改名字' }),
      row(6, { answer: '愿意参保', id: `${at(6).id.slice(0, 16)}00` }),
      row(7, { answer: '愿意参保', id: inventedId(999) }),
      row(8, { answer: '愿意参保', contactDay: '去年冬天' }),
      { ...row(0), id: at(16).id, name: at(16).name, answer: '愿意参保' },
    ];
    first = await saved(paper, rows, { moved: true, withoutHidden: true });
    const { returns, refused } = await give('一村返回.xlsx', first, TOWN);
    expect(refused).toEqual([]);
    expect(returns[0]?.counts).toEqual({ accepted: 4, remarked: 3, blank: 1, refused: 6, missing: 3 });
    const told = await readReturn(instance, TOWN, returns[0]?.returnNo as number, { limit: 500 });
    const said = Object.fromEntries(
      told.items.map((one) => [one.name, [one.verdict, ...one.remarks.map((r) => r.code)].join(' ')]),
    );
    expect(said).toEqual({
      [at(0).name]: 'remarked word-read-as',
      [at(1).name]: 'accepted',
      [at(2).name]: 'accepted',
      [at(3).name]: 'refused answer-unknown',
      [at(4).name]: 'refused code-town',
      [at(5).name]: 'refused name-differs',
      [at(6).name]: 'refused id-edited',
      [at(7).name]: 'refused id-edited',
      [at(8).name]: 'remarked value-lost',
      [at(9).name]: 'missing',
      [at(10).name]: 'blank',
      [at(11).name]: 'accepted',
      [at(12).name]: 'accepted',
      [at(13).name]: 'remarked student-25',
      [at(14).name]: 'missing',
      [at(15).name]: 'missing',
      [at(16).name]: 'refused not-in-list',
    });
    expect(told.items[0]?.verdict).toBe('refused');
    for (const one of told.items) expect(JSON.stringify(one)).not.toMatch(/\d{17}[\dX]/);
  });

  it('goes back as the sender’s own file with what is said of each row', async () => {
    const path = join(dir, '审核.xlsx');
    const { name } = await writeAudited(instance, TOWN, 1, path);
    expect(name).toBe('一村返回-审核意见.xlsx');
    const { sheets } = await readXlsx(await readFile(path));
    expect(sheets.map((sheet) => sheet.name)).toEqual(['底册', '未回人员']);
    const cells = (sheets[0]?.rows ?? []).map((line) => line.map((cell) => String(cell ?? '')));
    const head = cells.findIndex((line) => line.includes('审核意见'));
    const column = cells[head]?.indexOf('审核意见') as number;
    const remarks = cells.slice(head + 1).map((line) => line[column] ?? '');
    expect(remarks[7]).toContain('退回：核实情况“不晓得”不是约定的用语');
    expect(remarks[1]).toBe('采用');
    expect(sheets[1]?.rows.slice(1).map((line) => line[1])).toEqual([9, 14, 15].map((n) => at(n).name));
  });

  let before: { answers: Record<string, string>; ledger: string[] };
  let deliveries: number[];
  it('is merged three ways with what the phone wrote since', async () => {
    before = { answers: await answers(), ledger: await ledger() };
    const county = await service.as('county');
    const { round } = (
      await county.send('POST', '/api/survey/rounds', {
        name: '整村走访',
        basis: 'village',
        from: '2020-01-01',
        due: '2030-12-31',
        revisitDays: 1,
      })
    ).body;
    const progress = (await county.get(`/api/survey/rounds/${round}/progress`)).body;
    const paperWorker = `底册·${progress.places.find((p: { code: string }) => p.code === PLACES.town).name}`;
    const trial = await mergeBooks(instance, TOWN, { dryRun: true });
    expect(trial.outcomes).toEqual({ nothing: 0, same: 1, ours: 0, apply: 4, contradiction: 2 });
    expect(trial.lines.find((line) => line.name === at(1).name)).toMatchObject({
      outcome: 'apply',
      parts: [{ part: 'answer', ours: '', theirs: '不愿意参保' }],
    });
    expect(await answers()).toEqual(before.answers);
    // On the desk it is a job: its account's own, followed to its end, found again when the page was left.
    const town = await service.as('town');
    const { job } = (await town.send('POST', '/api/survey/merge', {})).body;
    const ended = await finished(town, job);
    expect(ended).toMatchObject({ kind: 'merge', state: 'done' });
    expect(ended.progress).toEqual(expect.arrayContaining(['写入 4 行，1 个乡镇', '判定覆盖情形']));
    expect((await town.get('/api/jobs')).body.items).toEqual([{ job, kind: 'merge', state: 'done' }]);
    expect((await county.get('/api/jobs')).body.items).toEqual([]);
    expect((await county.get(`/api/jobs/${job}`)).status).toBe(404);
    const { merge: merged } = ended;
    expect(merged.outcomes).toEqual(trial.outcomes);
    expect(merged.deliveries).toHaveLength(1);
    deliveries = merged.deliveries;
    expect(await answers()).toEqual({
      ...before.answers,
      [at(0).name]: 'employee-in-province',
      [at(1).name]: 'refuses',
      [at(2).name]: 'unreachable',
      [at(8).name]: 'willing',
    });
    // Whoever answered on paper has been visited: he counts in a round, for the town as for the county.
    for (const client of [await service.as('county'), await service.as('town')]) {
      const after = (await client.get(`/api/survey/rounds/${round}/progress`)).body;
      expect(after.total.visited).toBe(progress.total.visited + 4);
      expect(after.workers).toContainEqual(
        expect.objectContaining({ worker: { login: paperWorker, name: '' }, visited: 4 }),
      );
      const seen = (await client.get(`/api/survey/rounds/${round}/people?visited=yes`)).body.items;
      expect(seen.find((one: { name: string }) => one.name === at(1).name).visited).toMatchObject({
        answer: '不愿意参保',
        worker: paperWorker,
      });
    }
    // Who is to be visited again by a day that is known already, because of what stands on paper.
    const again = (await town.get(`/api/survey/revisits?round=${round}&within=366`)).body.items;
    expect(
      again.map(({ name, last }: { name: string; last: { worker: string } | null }) => [name, last?.worker]),
    ).toEqual([[at(2).name, paperWorker]]);
    const items = await ledger();
    expect(items).toContain(`${at(2).name} uninsured settled separated`);
    expect(items).not.toEqual(before.ledger);
  });

  it('returned again changes nothing, also saved anew', async () => {
    const stand = await answers();
    const again = await give('换个名字.xlsx', first, TOWN);
    expect(again.returns[0]).toMatchObject({ returnNo: 1, known: true });
    expect((await mergeBooks(instance, TOWN)).outcomes).toMatchObject({ apply: 0 });
    const anew = await give('另存.xlsx', await saved(paper, rows.toReversed()), TOWN);
    expect(anew.returns[0]).toMatchObject({ returnNo: 2, known: false });
    const merged = await mergeBooks(instance, TOWN, { returns: [2] });
    expect(merged.outcomes).toEqual({ nothing: 0, same: 5, ours: 0, apply: 0, contradiction: 2 });
    expect(merged.deliveries).toEqual([]);
    expect(await answers()).toEqual(stand);
  });

  it('lets a town decide what truly contradicts, once, and writes down who', async () => {
    const { total, items } = await listContradictions(instance, TOWN, {});
    expect(total).toBe(4);
    const first = items.filter((one) => one.returnNo === 1);
    expect(first.map((one) => [one.name, one.parts.map((p) => [p.part, p.ours, p.theirs])])).toEqual([
      [at(11).name, [['answer', '不愿意参保', '愿意参保']]],
      [at(13).name, [['phone', '138****2222', '138****4444']]],
    ]);
    expect(first[0]).toMatchObject({ theirSender: '会计老李', ourSender: '手机走访（village）' });
    await expect(
      decideContradictions(instance, OTHER_TOWN, items.slice(0, 1), 'theirs'),
    ).rejects.toMatchObject({
      problem: { code: 'workbook.decided' },
    });
    const theirs = await decideContradictions(instance, TOWN, first.slice(0, 1), 'theirs');
    expect(theirs).toMatchObject({ decided: 1, deliveries: [expect.any(Number)] });
    expect((await answers())[at(11).name]).toBe('willing');
    const ours = await decideContradictions(instance, TOWN, first.slice(1), 'ours');
    expect(ours.decided).toBe(1);
    // The paper behind it contradicts nothing: that is taken all the same.
    deliveries.push(...ours.deliveries);
    await expect(decideContradictions(instance, TOWN, first, 'ours')).rejects.toMatchObject({
      problem: { code: 'workbook.decided' },
    });
    const [noted] = await instance.db.asOwner((tx) =>
      tx.query('select choice, decided_by, stood from workbook_row where return_no = 1 and choice = $1', [
        'theirs',
      ]),
    );
    expect(noted).toMatchObject({
      choice: 'theirs',
      decided_by: 'town',
      stood: expect.stringContaining('refuses'),
    });
    // The row saved anew says the same by now.
    const rest = await mergeBooks(instance, TOWN);
    expect(rest.outcomes).toMatchObject({ apply: 0, same: 1, contradiction: 1 });
    await undoDelivery(instance, SCOPE, theirs.deliveries[0] as number);
    expect((await answers())[at(11).name]).toBe('refuses');
  });

  it('agrees with the check, and undone leaves everything as it was', async () => {
    const wrong = (await checkInstance(instance, SCOPE)).filter((check) => !check.ok);
    expect(wrong).toEqual([]);
    for (const delivery of deliveries) await undoDelivery(instance, SCOPE, delivery);
    expect({ answers: await answers(), ledger: await ledger() }).toEqual(before);
    // What was taken back stays so until somebody asks for it again.
    expect((await mergeBooks(instance, TOWN, { returns: [1] })).outcomes.apply).toBe(0);
    const again = await mergeBooks(instance, TOWN, { returns: [1], again: true });
    expect(again.outcomes.apply).toBeGreaterThan(0);
    expect((await answers())[at(1).name]).toBe('refuses');
    expect((await checkInstance(instance, SCOPE)).filter((check) => !check.ok)).toEqual([]);
  });

  it('may come back on the very file that the remarks were given on', async () => {
    const path = join(dir, '照着改.xlsx');
    await writeAudited(instance, TOWN, 1, path);
    const { returns, refused } = await give('照着改.xlsx', await readFile(path), TOWN);
    expect(refused).toEqual([]);
    // Who was missing stands there to be filled in.
    expect(returns[0]?.counts).toEqual({ accepted: 4, remarked: 3, blank: 4, refused: 6, missing: 0 });
    const { sheets } = await readXlsx(await readFile(path));
    const [sheet, gone] = sheets.map((one) => one.rows.map((line) => line.map((cell) => cell ?? '')));
    const corrected = sheet?.map((line) => line.map((cell) => (cell === '不晓得' ? '愿意参保' : cell)));
    const answer = gone?.[0]?.indexOf('核实情况') as number;
    const filled = gone?.map((line, i) => (i === 1 ? line.with(answer, '愿意参保') : line));
    const bytes = await writeXlsx({
      sheets: [
        { name: '底册', rows: corrected ?? [] },
        { name: '未回人员', rows: filled ?? [] },
      ],
    });
    const mended = await give('改好了.xlsx', Buffer.from(bytes), TOWN);
    expect(mended.refused).toEqual([]);
    expect(mended.returns[0]?.counts).toEqual({ accepted: 6, remarked: 3, blank: 3, refused: 5, missing: 0 });
  });

  it('leaves a visit its answer: taken back, the answer goes, whatever a row has corrected meanwhile', async () => {
    const name = at(9).name;
    const stood = (await answers())[name];
    await phone(9, 'migrant', { remark: '腊月才回来' });
    const { returns } = await give('只改电话.xlsx', await saved(paper, [row(9, { phone: '13700001111' })]));
    const order = { returns: [returns[0]?.returnNo as number] };
    expect((await mergeBooks(instance, SCOPE, order)).outcomes.apply).toBe(1);
    // 附件3 has the number of the row and the reason of the visit; a phone still knows what was answered.
    const columns = async (): Promise<string[]> => {
      const { items } = (await (await service.as('county')).get('/api/forms/annex3/lines?limit=500')).body;
      return items.find(({ texts }: { texts: string[] }) => texts[2] === name).texts.slice(18, 20);
    };
    const [number, reason] = await columns();
    expect(number).toMatch(/^137\**1111$/);
    expect(reason).toContain('腊月才回来');
    const village = await service.as('village');
    const { people } = (await village.get(`/api/field/pack?village=${PLACES.village}`)).body;
    expect(people.find((one: { name: string }) => one.name === name).answered.answer).toBe('migrant');
    const said = async () =>
      (
        await instance.db.asOwner((tx) =>
          tx.query<{ content: string }>(
            `select c.content from claim c join person p using (county, person_no)
             join delivery d on d.county = c.county and d.delivery = c.since
             where d.source = 'survey-workbook' and p.name = $1`,
            [name],
          ),
        )
      ).map(({ content }) => JSON.parse(content));
    expect((await said()).filter((one) => one.w !== undefined)).toHaveLength(1);
    await undoLastVisit();
    expect(stood).toBeUndefined();
    expect((await columns())[1]).toBe('');
    expect(await said()).toEqual([expect.not.objectContaining({ w: expect.anything() })]);
    expect((await said())[0].ph).toBeDefined();
    expect((await checkInstance(instance, SCOPE)).filter((check) => !check.ok)).toEqual([]);
  });

  it('is taken anew when asked for, where it had given way to what was taken back', async () => {
    await phone(14, 'willing');
    const { returns } = await give('一样.xlsx', await saved(paper, [row(14, { answer: '愿意参保' })]));
    const order = { returns: [returns[0]?.returnNo as number] };
    expect((await mergeBooks(instance, SCOPE, order)).outcomes.same).toBe(1);
    await undoLastVisit();
    expect((await mergeBooks(instance, SCOPE, order)).outcomes).toMatchObject({ same: 0, apply: 0 });
    expect((await mergeBooks(instance, SCOPE, { ...order, again: true })).outcomes.apply).toBe(1);
    expect((await answers())[at(14).name]).toBe('willing');
  });

  it('is written once when two merge at once, and decided once', async () => {
    const once = async (name: string, answer: string) => {
      const { returns } = await give(name, await saved(paper, [row(15, { answer })]));
      return { returns: [returns[0]?.returnNo as number] };
    };
    const order = await once('两人合并.xlsx', '在校学生');
    const both = await Promise.all([mergeBooks(instance, SCOPE, order), mergeBooks(instance, SCOPE, order)]);
    expect(both.flatMap((one) => one.deliveries)).toHaveLength(1);
    expect(both[0].outcomes.apply + both[1].outcomes.apply).toBe(1);
    const other = await once('两人裁决.xlsx', '服刑');
    await mergeBooks(instance, SCOPE, other);
    const key = { returnNo: other.returns[0] as number, position: 1 };
    const decided = await Promise.allSettled([
      decideContradictions(instance, SCOPE, [key], 'theirs'),
      decideContradictions(instance, SCOPE, [key], 'ours'),
    ]);
    expect(decided.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    const failed = decided.find((one) => one.status === 'rejected');
    expect(failed?.reason).toMatchObject({ problem: { code: 'workbook.decided' } });
    const noted = await instance.db.asOwner((tx) =>
      tx.query<{ detail: { which: string[] } }>(
        `select detail from audit_event where act = 'workbook.decide' order by seq desc limit 1`,
      ),
    );
    expect(noted[0]?.detail.which).toEqual([`${key.returnNo}/1`]);
  });

  // One connection lets nothing in between.
  it.skipIf(engine === 'pglite')('sees an answer that comes in while it reads what stands', async () => {
    const { returns } = await give('正在读.xlsx', await saved(paper, [row(9, { answer: '在校学生' })]));
    let late = true;
    const slow = async (tx: Tx, sql: string, params?: readonly unknown[]) => {
      const rows = await tx.query(sql, params);
      if (late && sql.includes('c.since, d.as_of')) {
        late = false;
        await phone(9, 'refuses');
      }
      return rows;
    };
    const db = new Proxy(instance.db, {
      get: (target, key) =>
        key === 'transaction'
          ? (scope: Scope, work: (tx: Tx) => Promise<unknown>) =>
              target.transaction(scope, (tx) =>
                work({ ...tx, query: (sql: string, p?: readonly unknown[]) => slow(tx, sql, p) } as Tx),
              )
          : Reflect.get(target, key),
    });
    const order = { returns: [returns[0]?.returnNo as number] };
    const { outcomes } = await mergeBooks({ ...instance, db } as TestInstance, SCOPE, order);
    expect([late, outcomes.contradiction, outcomes.apply]).toEqual([false, 1, 0]);
    expect((await answers())[at(9).name]).toBe('refuses');
  });

  it('comes back in an archive, sheets of several villages in one file, bad ones apart', async () => {
    const otherPaper = await opened(others);
    const bytes = await saved(
      otherPaper,
      otherPaper.rows.map((one) => ({ ...one, answer: '愿意参保' })),
      {
        more: [
          BOOK_COLUMNS.map((c) => c.title),
          ...rows.slice(0, 1).map((one) => BOOK_COLUMNS.map((c) => one[c.key] ?? '')),
        ],
      },
    );
    const chunks: Buffer[] = [];
    for await (const chunk of zipChunks([
      { name: '外镇/外村.xlsx', data: bytes },
      { name: '外镇/坏.xlsx', data: Buffer.from('不是表格') },
      { name: 'readme.txt', data: Buffer.from('说明') },
    ]))
      chunks.push(chunk);
    const zip = Buffer.concat(chunks);
    const { returns, refused } = await give('全镇.zip', zip);
    expect(returns.map((one) => one.counts)).toEqual([
      { accepted: 2, remarked: 0, blank: 0, refused: 1, missing: 0 },
    ]);
    expect(refused.map((one) => one.code)).toEqual(['workbook.no-stamp', 'workbook.no-stamp']);
    const stranger = (await readReturn(instance, SCOPE, returns[0]?.returnNo as number)).items[0];
    // Where somebody of another town lives is nothing for this village.
    expect(stranger?.remarks[0]?.text).toContain('此人在别处；请填到该处的底册');
  });

  it('goes out to all villages or to none, and counts whom the register names', async () => {
    await instance.db.asOwner((tx) =>
      tx.query(
        `update step set class = class - (1 << 14) where region = $1 and (class >> 14) & 1 = 1
         and person_no > (select min(person_no) from step where region = $1)`,
        [PLACES.village],
      ),
    );
    const issues = () => instance.db.asOwner((tx) => tx.query('select issue from workbook_issue'));
    const before = await issues();
    await expect(issueBooks(instance, SCOPE, { region: COUNTY }, { most: 1 })).rejects.toMatchObject({
      problem: { code: 'workbook.too-many' },
    });
    expect(await issues()).toEqual(before);
    const issued = await issueBooks(instance, SCOPE, { region: COUNTY }, { most: 2 });
    expect(issued.map((one) => [one.region.code, one.people])).toEqual([
      [PLACES.village, 1],
      [PLACES.otherVillage, 2],
    ]);
    // On the desk it is a job that says where it is.
    const county = await service.as('county');
    const hand = async (region: string) =>
      finished(county, (await county.send('POST', '/api/survey/issues', { region })).body.job);
    const done = await hand(PLACES.otherTown);
    expect(done).toMatchObject({ kind: 'issue', state: 'done', issued: { people: 2 } });
    expect(done.progress[0]).toContain('正在列名单');
    expect(done.issued.issues).toHaveLength(1);
    expect(await hand('450324')).toMatchObject({ state: 'refused', problem: { code: 'report.region' } });
  });
});
