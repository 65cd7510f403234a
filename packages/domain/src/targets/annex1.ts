import { toHalfWidth } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import type { RegionCode } from '../kernel/region.ts';
import { sumOf } from './split.ts';

export interface Annex1Line {
  readonly name: string;
  readonly amount: number;
}

export interface Annex1Read {
  readonly year: number | undefined;
  /** In printed order: the left block from the top, then the next one. */
  readonly lines: readonly Annex1Line[];
  readonly total: number;
}

const HEADING = /需核实参保任务数|任务数/;

/**
 * 附件1 as it is printed or retyped: blocks of 单位 and 任务数 side by side, 合计 at the end of one.
 * @throws Refusal for what is no 附件1, for a number that is none, and for a 合计 that is not the sum
 */
export function readAnnex1(rows: readonly (readonly string[])[]): Annex1Read {
  const cells = rows.map((row) => row.map(clean));
  const head = cells.findIndex((row) => row.some((cell, at) => at > 0 && HEADING.test(cell)));
  const columns = (cells[head] ?? []).flatMap((cell, at) => (at > 0 && HEADING.test(cell) ? [at] : []));
  if (head < 0 || columns.length === 0) {
    throw new Refusal(
      'annex1.heading',
      '没有找到附件1 的表头“单位、需核实参保任务数”；请用附件1 的原表，或按它的样子填好再导入。',
    );
  }
  const lines: Annex1Line[] = [];
  let total: number | undefined;
  for (const at of columns) {
    for (let row = head + 1; row < cells.length; row++) {
      const name = cells[row]?.[at - 1] ?? '';
      const value = cells[row]?.[at] ?? '';
      if (/^(?:说明|注|备注)[:：]?/.test(name)) break;
      if (name === '' && value === '') continue;
      if (name === '') throw new Refusal('annex1.name', `第 ${row + 1} 行有任务数而没有单位；请补上单位。`);
      const amount = whole(value, name, row + 1);
      if (name !== '合计') lines.push({ name, amount });
      else if (total === undefined) total = amount;
      else throw new Refusal('annex1.total', `第 ${row + 1} 行又有一个合计；请只留一个。`);
    }
  }
  if (lines.length === 0) throw new Refusal('annex1.empty', '附件1 里没有一个单位；请填好再导入。');
  if (total === undefined) throw new Refusal('annex1.total', '附件1 没有合计；请补上合计，以便核对。');
  const sum = sumOf(lines);
  if (sum !== total) {
    throw new Refusal(
      'annex1.total',
      `合计印为 ${total}，各单位之和是 ${sum}，相差 ${total - sum}；没有导入，请核对后再试。`,
    );
  }
  return { year: yearOf(cells.slice(0, head)), lines, total };
}

function clean(cell: string): string {
  return toHalfWidth(cell).replace(/\s/g, '');
}

function whole(text: string, name: string, row: number): number {
  const digits = text.replace(/[,人]/g, '').replace(/\.0+$/, '');
  if (/^\d{1,12}$/.test(digits)) return Number(digits);
  throw new Refusal(
    'annex1.number',
    `第 ${row} 行“${name.slice(0, 20)}”的任务数“${text.slice(0, 12)}”不是整数；请改正后再导入。`,
  );
}

function yearOf(above: readonly (readonly string[])[]): number | undefined {
  for (const cell of above.flat()) {
    const found = /(\d{4})年/.exec(cell)?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}

export interface Annex1Unit extends Annex1Line {
  readonly region: RegionCode;
}

/** Every name as the division it means. @throws Refusal naming those that are none, and those named twice */
export function resolveUnits(
  lines: readonly Annex1Line[],
  find: (name: string) => RegionCode | undefined,
): Annex1Unit[] {
  const found = lines.map((line) => ({ ...line, region: find(line.name) }));
  const unknown = found.filter(({ region }) => region === undefined).map(({ name }) => name.slice(0, 20));
  if (unknown.length > 0) {
    throw new Refusal(
      'annex1.unknown',
      `本县没有这些单位：${unknown.join('、')}；没有导入。请改成行政区划里的名称，或给区划补上别名。`,
    );
  }
  const names = new Map<RegionCode, string[]>();
  for (const { region, name } of found)
    names.set(region as string, [...(names.get(region as string) ?? []), name.slice(0, 20)]);
  const twice = [...names.values()].filter((all) => all.length > 1);
  if (twice.length > 0) {
    throw new Refusal(
      'annex1.twice',
      `同一个单位列了两次：${twice.map((all) => all.join('与')).join('；')}；没有导入，请只留一行。`,
    );
  }
  return found as Annex1Unit[];
}
