import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { timingOf } from '@quanbao/domain/checklist/deadline';
import { type ListItem, SHIPPED_LISTS, type ShippedCode } from '@quanbao/domain/checklist/list';
import { YUANJIANG_PHASES } from '@quanbao/domain/checklist/phase';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { peek } from '../sources/index.ts';
import { makeList } from './make.ts';
import { dayAsked } from './today.ts';

/** Rows of a list, with what may stand above them. */
const MOST = 500;

/** A list from a sheet with the columns of 附件2 or of 全州县's list; merged cells are filled from above. */
export async function loadListFile(
  instance: Instance,
  scope: Scope,
  file: { readonly name: string; readonly path: string },
): Promise<{ list: number; items: number }> {
  const day = await instance.db.transaction(scope, (tx) => dayAsked(tx, scope));
  const tables = await peek(file, MOST + 1);
  const table = tables.find((one) => !one.hidden && one.rows.length > 0);
  const { code, title, items } = itemsOf(table?.rows ?? [], day);
  const shipped = SHIPPED_LISTS[code];
  const same = shipped.items.length === items.length && shipped.title === title;
  return makeList(instance, scope, {
    origin: code,
    title: title || basename(file.name).replace(/\.\w+$/, ''),
    region: scope.region,
    phases: code === 'yuanjiang' && hasPhases(items) ? YUANJIANG_PHASES : [],
    // The very paper that is shipped: what its deadlines mean is known better than they can be read.
    items: items.map((item, i) => {
      const known = same ? shipped.items[i] : undefined;
      return known?.measure === item.measure ? { ...known, ...item, timing: known.timing } : item;
    }),
  });
}

function hasPhases(items: readonly ListItem[]): boolean {
  const names = new Set(items.map(({ section }) => section));
  return YUANJIANG_PHASES.every(({ name }) => names.has(name));
}

function itemsOf(
  rows: readonly (readonly string[])[],
  loaded: PlainDate,
): { code: ShippedCode; title: string; items: ListItem[] } {
  const clean = rows.map((row) => row.map((cell) => cell.trim()));
  const known = Object.values(SHIPPED_LISTS).map(({ code, columns }) => ({
    code,
    columns,
    at: clean.findIndex((row) => columns.every((title) => row.includes(title))),
  }));
  const found = known.find(({ at }) => at >= 0);
  if (found === undefined) {
    const wanted = known.map(({ columns }) => columns.join('、')).join('；或 ');
    throw new Refusal('checklist.file', `没有认出表头；应有这些列：${wanted}。没有载入任何一项。`);
  }
  const head = clean[found.at] as string[];
  const body = clean.slice(found.at + 1).filter((row) => row.some((cell) => cell !== ''));
  if (body.length === 0) throw new Refusal('checklist.file', '表头下面没有任务；没有载入任何一项。');
  if (rows.length > MOST) throw new Refusal('checklist.many', `一份清单至多 ${MOST} 行；请分成几份。`);
  const annex2 = found.code === 'yuanjiang';
  const at = (row: readonly string[], title: string): string => row[head.indexOf(title)] ?? '';
  const above: Record<string, string> = {};
  const merged = (row: readonly string[], title: string): string => {
    const cell = at(row, title);
    if (cell !== '') above[title] = cell;
    return above[title] ?? '';
  };
  const items = body.map((row, i): ListItem => {
    const deadline = merged(row, '完成时限');
    const measure = at(row, annex2 ? '重点任务' : '具体措施');
    if (measure === '') {
      throw new Refusal('checklist.file', `第 ${i + 1} 项没有写任务内容；请补上后再载入。没有载入任何一项。`);
    }
    return {
      ordinal: i + 1,
      section: merged(row, annex2 ? '实施阶段' : '工作内容'),
      goal: annex2 ? '' : merged(row, '工作目标'),
      measure,
      deadline,
      units: merged(row, '责任单位'),
      remark: annex2 ? at(row, '备注') : '',
      timing: timingOf(deadline, loaded),
    };
  });
  const title =
    clean
      .slice(0, found.at)
      .flat()
      .find((cell) => cell.length > 3) ?? '';
  return { code: found.code, title, items };
}

/** The one file of an upload. */
export async function withUpload<T>(
  request: FastifyRequest,
  work: (file: { name: string; path: string }) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'quanbao-list-'));
  try {
    const { files } = await request.saveRequestFiles({ tmpdir: dir, limits: { files: 1 } });
    const [file] = files;
    if (file === undefined) throw new Refusal('checklist.file', '没有收到文件；请选一个 xlsx 或 csv 文件。');
    return await work({ name: file.filename, path: file.filepath });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
