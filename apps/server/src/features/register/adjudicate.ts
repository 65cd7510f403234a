import { basename } from 'node:path';
import { FINDINGS } from '@quanbao/domain/coverage/finding';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { judgeAnew, nextChange } from '../coverage/index.ts';
import { dropFiles, keepFile, nameFiles } from '../originals/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay } from '../reports/index.ts';
import { findPerson } from './person.ts';

export interface AdjudicationReport {
  adjudication: number;
  people: number;
  column: number | null;
  village: RegionCode | null;
  from: PlainDate;
  changed: number;
}

interface Decision {
  readonly column?: number | undefined;
  /** The village they stand in, whatever the lists say. */
  readonly village?: RegionCode | undefined;
  /** The kind of finding it answers. */
  readonly kind?: string | undefined;
  readonly reason: string;
  readonly from?: PlainDate | undefined;
}

/** A county reviewer decides for people whose numbers are on a paper. */
export async function adjudicate(
  instance: Instance,
  scope: Scope,
  ids: readonly string[],
  decision: Decision & { document: string },
): Promise<AdjudicationReport> {
  checkDecision(decision, ids.length);
  const people = await instance.db.transaction(scope, async (tx) => {
    const numbers: number[] = [];
    for (const id of ids) numbers.push((await findPerson(tx, instance, scope, id)).personNo);
    return numbers;
  });
  const { digest } = await storeDocument(instance, scope, decision.document);
  return decide(instance, scope, people, decision, { name: basename(decision.document), digest });
}

/**
 * A county reviewer decides (裁定, rank 0) for one person or many, with reason and document.
 * @param document kept already (originals/keepFile); dropped again when the decision is refused
 */
export async function decide(
  instance: Instance,
  scope: Scope,
  asked: readonly number[],
  decision: Decision,
  document: { readonly name: string; readonly digest: string },
): Promise<AdjudicationReport> {
  const people = [...new Set(asked)];
  const { column = null, village = null } = decision;
  try {
    checkDecision(decision, people.length);
    if (holdsIdNumber(document.name)) {
      throw new Refusal('adjudicate.document', '材料的文件名里不能有身份证号码；请改名后再上传。');
    }
    return await instance.db.transaction(scope, async (tx) => {
      const change = await nextChange(tx, scope.county);
      const from = chooseDay(await askableDays(tx, scope.county), decision.from);
      const tree = await loadRegionTree(tx, scope.county);
      if (village !== null) requireVillage(tree, village, from);
      const known = await tx.query(
        'select 1 from person where county = $1 and person_no = any($2::bigint[])',
        [scope.county, people],
      );
      if (known.length < people.length) {
        throw new Refusal('person.unknown', '您的管辖范围内没有其中的某个人；没有改动任何数据。');
      }
      await nameFiles(tx, instance, scope, [document.digest]);
      const [next] = await tx.query<{ n: number }>(
        'select coalesce(max(adjudication), 0) + 1 as n from adjudication where county = $1',
        [scope.county],
      );
      const number = Number(next?.n ?? 1);
      await tx.query(
        `insert into adjudication (county, adjudication, person_no, column_no, from_day, to_day, reason, document_name, document_digest, actor, village, kind)
         select $1, $2, u.person_no, $4, $5, $6, $7, $8, $9, $10, $11, $12 from unnest($3::bigint[]) as u (person_no)`,
        [
          scope.county,
          number,
          people,
          column,
          from,
          FOREVER,
          decision.reason,
          document.name,
          document.digest,
          scope.actor,
          village,
          decision.kind ?? null,
        ],
      );
      const effects = await judgeAnew(tx, scope.county, change, people);
      await record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: 'person.adjudicate',
        subject: `adjudication ${number}`,
        detail: { people: people.length, column, village, from },
      });
      return {
        adjudication: number,
        people: people.length,
        column,
        village,
        from,
        changed: effects.changed,
      };
    });
  } finally {
    await dropFiles(instance, scope, [document.digest]);
  }
}

function checkDecision({ column, village, kind, reason }: Decision, people: number): void {
  if (kind !== undefined && !FINDINGS.some((one) => one.kind === kind)) {
    throw new Refusal('finding.kind', '没有这一种矛盾或待核；请从列出的种类里选。');
  }
  if (column === undefined && village === undefined) {
    throw new Refusal('adjudicate.nothing', '请写明裁定的栏次（附件3 第 7 至 17 栏）或所在的村。');
  }
  if (column !== undefined && (!Number.isInteger(column) || column < 7 || column > 17)) {
    throw new Refusal('adjudicate.column', '裁定的栏次应为附件3 的第 7 至 17 栏。');
  }
  if (reason.trim() === '') throw new Refusal('adjudicate.reason', '请写明裁定理由。');
  if (holdsIdNumber(reason)) {
    throw new Refusal('adjudicate.reason', '裁定理由里不能写身份证号码；请只写理由。');
  }
  if (people === 0) throw new Refusal('adjudicate.nobody', '没有给出身份证号码。');
}

function requireVillage(tree: RegionTree, village: RegionCode, day: PlainDate): void {
  const row = tree.get(village);
  if (row?.level !== 'village') {
    throw new Refusal('adjudicate.village', `本县没有代码为 ${village} 的村（社区）；请写 12 位代码。`);
  }
  const now = tree.current(village, day);
  if (now !== village) {
    const where = now === undefined ? '' : `，当天属于${tree.path(now)}（${now}）`;
    throw new Refusal('adjudicate.village', `${row.name}在 ${day} 不是在用区划${where}；请改用在用的代码。`);
  }
}

async function storeDocument(instance: Instance, scope: Scope, path: string): Promise<{ digest: string }> {
  try {
    return await keepFile(instance, scope, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'EACCES') throw error;
    throw new Refusal('adjudicate.document', `读不到裁定材料 ${path}；请检查路径，并写出一个文件。`);
  }
}

/** Takes a decision back for everybody it named. */
export async function undoAdjudication(
  instance: Instance,
  scope: Scope,
  number: number,
): Promise<{ adjudication: number; changed: number }> {
  return instance.db.transaction(scope, async (tx) => {
    const change = await nextChange(tx, scope.county);
    const people = await tx.query<{ person_no: number }>(
      'update adjudication set undone_at = now() where county = $1 and adjudication = $2 and undone_at is null returning person_no',
      [scope.county, number],
    );
    if (people.length === 0)
      throw new Refusal('adjudicate.unknown', `没有第 A${number} 号裁定，或已经撤销过。`);
    const effects = await judgeAnew(
      tx,
      scope.county,
      change,
      people.map((row) => row.person_no),
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'person.adjudicate.undo',
      subject: `adjudication ${number}`,
      detail: {},
    });
    return { adjudication: number, changed: effects.changed };
  });
}
