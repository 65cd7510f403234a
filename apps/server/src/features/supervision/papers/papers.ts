import { isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import {
  compose,
  differences,
  type PaperInputs,
  type Remark,
} from '@quanbao/domain/supervision/paper/compose';
import { PAPER_WORDS, type Paper, type PaperKind, TOWN_KINDS } from '@quanbao/domain/supervision/paper/paper';
import { readLine } from '@quanbao/domain/supervision/paper/placeholder';
import { needsOf } from '@quanbao/domain/supervision/paper/template';
import { journalOf } from '../../../db/journal-of.ts';
import type { Scope, Tx } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { sm3Hex } from '../../../secrets/sm3.ts';
import { holdsIdNumber, record, requireReason } from '../../audit/index.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { askableDays, chooseDay, requireRegion } from '../../reports/index.ts';
import { paperFigures } from './figures.ts';
import { seal, thaw, verify } from './seal.ts';
import { lineThere, type PaperRow, readFrozen, readRow } from './store.ts';
import { templateOf } from './templates.ts';

export interface PaperOrder {
  readonly kind: PaperKind;
  readonly region?: RegionCode | undefined;
  readonly day?: PlainDate | undefined;
}

type Line = Pick<PaperRow, 'kind' | 'region' | 'day' | 'maker' | 'remarks'>;

/** Who makes papers for what: the county for itself and its towns, a town for itself. */
async function requireOrder(tx: Tx, scope: Scope, order: PaperOrder): Promise<Line> {
  const region = order.region ?? scope.region;
  const tree = await loadRegionTree(tx, scope.county);
  const day = chooseDay(await askableDays(tx, scope.county), order.day);
  requireRegion(tree, scope, region, day);
  const level = regionLevel(region);
  if (level !== 'county' && level !== 'town')
    throw new Refusal('paper.region', '材料以县或乡镇为单位；请选择县或一个乡镇。');
  if (level === 'town' && !TOWN_KINDS.includes(order.kind))
    throw new Refusal('paper.kind', `${PAPER_WORDS[order.kind]}由县里对全县作出；请把区划改成县。`);
  const maker = regionLevel(scope.region) === 'county' ? 'county' : 'town';
  return { kind: order.kind, region, day, maker, remarks: [] };
}

/** What a draft comes to by what is known now. */
async function inputsOf(tx: Tx, scope: Scope, line: Line): Promise<PaperInputs> {
  const { template } = await templateOf(tx, scope, line.kind);
  const needs = needsOf(
    template,
    line.remarks.map(({ text }) => text),
  );
  return {
    template,
    figures: await paperFigures(tx, scope, line.region, line.day, needs),
    remarks: line.remarks,
    maker: line.maker,
    dated: line.day,
  };
}

/** A paper of any day, without anything being written. */
export async function previewPaper(
  instance: Instance,
  scope: Scope,
  order: PaperOrder,
): Promise<{ paper: Paper; inputs: PaperInputs }> {
  return instance.db.transaction(scope, async (tx) => {
    const inputs = await inputsOf(tx, scope, await requireOrder(tx, scope, order));
    return { paper: compose(inputs), inputs };
  });
}

/** Begins a draft, or gives the one that is there. */
export async function draftPaper(
  instance: Instance,
  scope: Scope,
  order: PaperOrder,
): Promise<{ paper: number }> {
  const { line, there } = await instance.db.transaction(scope, async (tx) => {
    const wanted = await requireOrder(tx, scope, order);
    return { line: wanted, there: await lineThere(tx, scope, wanted, 'draft') };
  });
  if (there !== undefined) return { paper: there };
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const [row] = await tx.query<{ paper: number }>(
      `insert into paper (county, paper, region, kind, day, maker, state, frozen, digest, actor)
       select $1, coalesce(max(paper), 0) + 1, $2, $3, $4, $5, 'draft', '', '', $6 from paper where county = $1 returning paper`,
      [scope.county, line.region, line.kind, line.day, line.maker, scope.actor],
    );
    const paper = Number(row?.paper);
    await audit(tx, scope, 'paper.draft', paper, line, {});
    return { paper };
  });
}

async function audit(
  tx: Tx,
  scope: Scope,
  act: string,
  paper: number,
  line: Pick<Line, 'kind' | 'region' | 'day'>,
  detail: Readonly<Record<string, string | number>>,
): Promise<void> {
  await record(tx, {
    county: scope.county,
    actor: scope.actor,
    act,
    subject: `paper ${paper}`,
    region: line.region,
    detail: { name: PAPER_WORDS[line.kind], asOf: line.day, ...detail },
  });
}

export interface OpenedPaper {
  readonly row: PaperRow;
  readonly paper: Paper;
  readonly inputs: PaperInputs;
  /** Of a draft: of what it says now, to be named when it is issued. */
  readonly digest: string;
  /** Null of a draft. */
  readonly proof: { readonly kept: boolean; readonly remade: boolean } | null;
  /** 按现在掌握的数据: null of a draft, and where the reader cannot count all of it. */
  readonly moved: ReturnType<typeof differences> | null;
}

export async function openPaper(instance: Instance, scope: Scope, paper: number): Promise<OpenedPaper> {
  return instance.db.transaction(scope, async (tx) => {
    const row = await readRow(tx, scope, paper);
    if (row.state === 'draft') {
      const inputs = await inputsOf(tx, scope, row);
      const made = compose(inputs);
      return { row, paper: made, inputs, digest: sm3Hex(JSON.stringify(made)), proof: null, moved: null };
    }
    const frozen = await readFrozen(tx, scope, paper);
    const { inputs, paper: issued } = thaw(frozen);
    const digest = row.digest;
    const proof = verify(frozen, digest);
    const moved = isWithin(row.region, scope.region) ? await movedSince(tx, scope, issued, inputs) : null;
    return { row, paper: issued, inputs, digest, proof, moved };
  });
}

async function movedSince(
  tx: Tx,
  scope: Scope,
  paper: Paper,
  inputs: PaperInputs,
): Promise<ReturnType<typeof differences>> {
  const needs = needsOf(
    inputs.template,
    inputs.remarks.map(({ text }) => text),
  );
  const { region, day } = inputs.figures;
  const counted = { ...needs, assessment: false };
  // The lists of that day may have been taken back since: then nothing is known of it any more.
  const now = await paperFigures(tx, scope, region.code, day, counted).catch((error: unknown) => {
    if (error instanceof Refusal) return { ...inputs.figures, days: {} };
    throw error;
  });
  // What an assessment was frozen with never moves.
  const { assessment = null } = inputs.figures;
  return differences(paper, inputs.figures, { ...now, assessment });
}

/** A draft of the account's own office. */
async function requireOwn(tx: Tx, scope: Scope, paper: number): Promise<PaperRow> {
  const row = await readRow(tx, scope, paper);
  const maker = regionLevel(scope.region) === 'county' ? 'county' : 'town';
  if (!isWithin(row.region, scope.region) || row.maker !== maker)
    throw new Refusal('paper.maker', '这份材料由另一级起草；请由起草的单位修改、印发或撤回。');
  return row;
}

function requireDraft(row: PaperRow): void {
  if (row.state !== 'draft')
    throw new Refusal('paper.issued', '这份材料已经印发，不能再改；要更正请先撤回，再起草新的一份。');
}

/** What people add under a part; a figure in it is a placeholder, so that it is not typed. */
export async function remarkPaper(
  instance: Instance,
  scope: Scope,
  paper: number,
  texts: readonly { readonly section: number; readonly text: string }[],
): Promise<{ done: true }> {
  for (const { text } of texts) {
    if (holdsIdNumber(text)) throw new Refusal('paper.text', '补充文字里不能写身份证号码。');
    const [problem] = text.split('\n').flatMap((line) => readLine(line).problems);
    if (problem !== undefined)
      throw new Refusal('paper.text', `补充文字里${problem}；没有保存，请改正后再存。`);
  }
  const row = await instance.db.transaction(scope, (tx) => requireOwn(tx, scope, paper));
  requireDraft(row);
  // Who wrote it stays with what was not touched.
  const remarks: Remark[] = texts
    .filter(({ text }) => text.trim() !== '')
    .map(({ section, text }) => {
      const before = row.remarks.find((one) => one.section === section && one.text === text.trim());
      return { section, text: text.trim(), by: before?.by ?? scope.actor };
    });
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query(
      `update paper set remarks = $3::jsonb where county = $1 and paper = $2 and state = 'draft'`,
      [scope.county, paper, JSON.stringify(remarks)],
    );
    await audit(tx, scope, 'paper.remark', paper, row, { parts: remarks.length });
    return { done: true };
  });
}

export async function dropDraft(instance: Instance, scope: Scope, paper: number): Promise<{ done: true }> {
  const row = await instance.db.transaction(scope, (tx) => requireOwn(tx, scope, paper));
  requireDraft(row);
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query(`delete from paper where county = $1 and paper = $2 and state = 'draft'`, [
      scope.county,
      paper,
    ]);
    await audit(tx, scope, 'paper.drop', paper, row, {});
    return { done: true };
  });
}

export interface IssueOrder {
  /** The day under the signature; the paper's own day where it is not given. */
  readonly dated?: PlainDate | undefined;
  /** The digest of the draft that was looked at: refused when its numbers have moved since. */
  readonly seen?: string | undefined;
}

/** Freezes a draft with all its figures under the next 期号 of the year. */
export async function issuePaper(
  instance: Instance,
  scope: Scope,
  paper: number,
  { dated: given, seen }: IssueOrder,
): Promise<{ number: string; digest: string }> {
  const { row, inputs } = await instance.db.transaction(scope, async (tx) => {
    const draft = await requireOwn(tx, scope, paper);
    requireDraft(draft);
    const there = await lineThere(tx, scope, draft, 'issued');
    if (there !== undefined)
      throw new Refusal(
        'paper.there',
        `${draft.day} 的${PAPER_WORDS[draft.kind]}已经印发过（第 ${there} 号）；要重新印发，请先撤回那一份。`,
      );
    const made = await inputsOf(tx, scope, draft);
    if (made.figures.assessment === null)
      throw new Refusal(
        'paper.assessment',
        `${draft.day} 的乡镇考核还没有定案，${PAPER_WORDS[draft.kind]}里的得分和定级待评，不能印发；请先按这一天定案一轮考核，或从模板里去掉考核部分。`,
      );
    return { row: draft, inputs: made };
  });
  if (seen !== undefined && sm3Hex(JSON.stringify(compose(inputs))) !== seen)
    throw new Refusal('paper.moved', '数字或文字刚有变动，没有印发；请刷新后核对再印发。');
  const dated = given ?? row.day;
  if (!isPlainDate(dated) || dated < row.day)
    throw new Refusal('paper.dated', `成文日期不能早于统计日期 ${row.day}；请改正后再印发。`);
  const year = Number(dated.slice(0, 4));
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const [next] = await tx.query<{ serial: number }>(
      `select coalesce(max(serial), 0) + 1 as serial from paper where county = $1 and region = $2 and kind = $3 and year = $4`,
      [scope.county, row.region, row.kind, year],
    );
    const serial = Number(next?.serial);
    const { frozen, digest, paper: made } = seal({ ...inputs, serial, dated });
    const done = await tx.query(
      `update paper set state = 'issued', year = $3::int, serial = $4::int, dated = $5, title = $6, number = $7, frozen = $8,
         digest = $9, issued_by = $10, issued_at = now()
       where county = $1 and paper = $2 and state = 'draft' returning 1`,
      [scope.county, paper, year, serial, dated, made.title, made.number, frozen, digest, scope.actor],
    );
    if (done.length === 0)
      throw new Refusal('paper.issued', '这份材料刚由另一个人印发或删除；请刷新后查看。');
    await audit(tx, scope, 'paper.issue', paper, row, { number: made.number, digest });
    return { number: made.number, digest };
  });
}

/** It stays to be read, with why it no longer holds. */
export async function withdrawPaper(
  instance: Instance,
  scope: Scope,
  paper: number,
  given: string,
): Promise<{ done: true }> {
  const reason = requireReason(given);
  const row = await instance.db.transaction(scope, (tx) => requireOwn(tx, scope, paper));
  if (row.state !== 'issued')
    throw new Refusal('paper.state', '只能撤回已印发的材料；草稿请直接修改或删除。');
  return instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query(
      `update paper set state = 'withdrawn', withdrawn_by = $3, withdrawn_at = now(), withdrawn_reason = $4
       where county = $1 and paper = $2 and state = 'issued'`,
      [scope.county, paper, scope.actor, reason],
    );
    await audit(tx, scope, 'paper.withdraw', paper, row, { number: row.number ?? '', reason });
    return { done: true };
  });
}

export async function recordExport(
  instance: Instance,
  scope: Scope,
  paper: number,
  row: PaperRow,
): Promise<void> {
  await instance.db.transaction(journalOf(scope), (tx) =>
    audit(tx, scope, 'paper.export', paper, row, { format: 'docx', number: row.number ?? '' }),
  );
}
