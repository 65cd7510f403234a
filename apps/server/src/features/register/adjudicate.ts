import { basename } from 'node:path';
import { FOREVER, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { recompute } from '../coverage/index.ts';
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

/** A county reviewer decides (裁定, rank 0) for one person or many, with reason and document. */
export async function adjudicate(
  instance: Instance,
  scope: Scope,
  ids: readonly string[],
  decision: {
    column?: number | undefined;
    /** The village they stand in, whatever the lists say. */
    village?: RegionCode | undefined;
    reason: string;
    document: string;
    from?: PlainDate | undefined;
  },
): Promise<AdjudicationReport> {
  const { column = null, village = null } = decision;
  if (column === null && village === null) {
    throw new Refusal('adjudicate.nothing', '请写明裁定的栏次（附件3 第 7 至 17 栏）或所在的村。');
  }
  if (column !== null && (!Number.isInteger(column) || column < 7 || column > 17)) {
    throw new Refusal('adjudicate.column', '裁定的栏次应为附件3 的第 7 至 17 栏。');
  }
  if (decision.reason.trim() === '') throw new Refusal('adjudicate.reason', '请写明裁定理由。');
  if (holdsIdNumber(decision.reason)) {
    throw new Refusal('adjudicate.reason', '裁定理由里不能写身份证号码；请只写理由。');
  }
  if (ids.length === 0) throw new Refusal('adjudicate.nobody', '没有给出身份证号码。');
  const document = await storeDocument(instance, scope, decision.document);
  const work = instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<{ next_change: number }>(
      'update county set next_change = next_change + 1 where county = $1 returning next_change',
      [scope.county],
    );
    const change = Number(row?.next_change ?? 1) - 1;
    const from = chooseDay(await askableDays(tx, scope.county), decision.from);
    const tree = await loadRegionTree(tx, scope.county);
    if (village !== null) requireVillage(tree, village, from);
    const people: number[] = [];
    for (const id of ids) people.push((await findPerson(tx, instance, scope, id)).personNo);
    await nameFiles(tx, instance, scope, [document.digest]);
    const [next] = await tx.query<{ n: number }>(
      'select coalesce(max(adjudication), 0) + 1 as n from adjudication where county = $1',
      [scope.county],
    );
    const number = Number(next?.n ?? 1);
    await tx.query(
      `insert into adjudication (county, adjudication, person_no, column_no, from_day, to_day, reason, document_name, document_digest, actor, village)
       select $1, $2, u.person_no, $4, $5, $6, $7, $8, $9, $10, $11 from unnest($3::bigint[]) as u (person_no)`,
      [
        scope.county,
        number,
        [...new Set(people)],
        column,
        from,
        FOREVER,
        decision.reason,
        basename(decision.document),
        document.digest,
        scope.actor,
        village,
      ],
    );
    await tx.query(
      'insert into touched (county, change, person_no) select $1, $2, u.person_no from unnest($3::bigint[]) as u (person_no)',
      [scope.county, change, [...new Set(people)]],
    );
    const effects = await recompute(tx, scope.county, tree, change);
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
  return work.finally(() => dropFiles(instance, scope, [document.digest]));
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
    const [row] = await tx.query<{ next_change: number }>(
      'update county set next_change = next_change + 1 where county = $1 returning next_change',
      [scope.county],
    );
    const change = Number(row?.next_change ?? 1) - 1;
    const people = await tx.query(
      'update adjudication set undone_at = now() where county = $1 and adjudication = $2 and undone_at is null returning person_no',
      [scope.county, number],
    );
    if (people.length === 0)
      throw new Refusal('adjudicate.unknown', `没有第 A${number} 号裁定，或已经撤销过。`);
    await tx.query(
      'insert into touched (county, change, person_no) select county, $3::bigint, person_no from adjudication where county = $1 and adjudication = $2',
      [scope.county, number, change],
    );
    const effects = await recompute(tx, scope.county, await loadRegionTree(tx, scope.county), change);
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
