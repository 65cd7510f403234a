import { toHalfWidth } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import type { Scheme, SchemeLine } from './scheme.ts';
import { isRate } from './source.ts';

interface Unit {
  readonly unit: string;
  readonly name: string;
}
/** What a sheet says of one unit. */
export interface UnitAnswers extends Unit {
  readonly text: string;
  readonly lines: readonly {
    readonly line: string;
    readonly amount: number | null;
    readonly remark: string;
  }[];
}

const HEADINGS = {
  unit: ['单位'],
  text: ['自查评估情况', '自查情况'],
  line: ['考核内容', '事项'],
  amount: ['数值', '自查数值', '登记数'],
  remark: ['说明', '依据', '备注'],
} as const;
type Heading = keyof typeof HEADINGS;

/** 单位、自查评估情况、考核内容、数值、说明, a line of the scheme a row: a merged unit is that of the row above. @throws Refusal */
export function readAnswers(
  rows: readonly (readonly string[])[],
  scheme: Scheme,
  units: readonly Unit[],
): UnitAnswers[] {
  const clean = rows.map((row) => row.map((cell) => cell.trim()));
  const head = clean.findIndex(
    (row) => columnOf(row, 'unit') >= 0 && (columnOf(row, 'line') >= 0 || columnOf(row, 'text') >= 0),
  );
  if (head < 0) {
    throw new Refusal(
      'assessment.file',
      '没有找到表头；应有 单位、自查评估情况、考核内容、数值、说明 这些列（登记事项不用自查评估情况）。没有录入任何一项。',
    );
  }
  const at = (row: readonly string[], heading: Heading): string =>
    row[columnOf(clean[head] ?? [], heading)] ?? '';
  const found = new Map<string, { unit: Unit; text: string; lines: UnitAnswers['lines'][number][] }>();
  let above: Unit | undefined;
  clean.forEach((row, i) => {
    if (i <= head || row.every((cell) => cell === '')) return;
    const refused = (words: string): Refusal =>
      new Refusal('assessment.file', `第 ${i + 1} 行：${words}。没有录入任何一项。`);
    const named = at(row, 'unit');
    const unit = named === '' ? above : units.find((one) => one.unit === named || one.name === named);
    if (unit === undefined)
      throw refused(named === '' ? '没有写单位' : '这一轮考核没有这个单位；请照轮次里的名称或代码写');
    above = unit;
    const own = found.get(unit.unit) ?? { unit, text: '', lines: [] };
    found.set(unit.unit, own);
    own.text ||= at(row, 'text');
    const title = at(row, 'line');
    if (title === '') return;
    const line = scheme.lines.find((one) => one.code === title || one.title === title);
    if (line === undefined) throw refused('方案里没有这项考核内容；请照方案里的名称或代码写');
    if (own.lines.some((one) => one.line === line.code)) throw refused(`${unit.name}的这一项写了两次`);
    const amount = amountOf(line, at(row, 'amount'));
    if (amount === undefined)
      throw refused(isRate(line.source) ? '数值应写成 86.50% 或 0.865 的样子' : '数值应为数字');
    own.lines.push({ line: line.code, amount, remark: at(row, 'remark') });
  });
  if (found.size === 0) throw new Refusal('assessment.file', '表头下面没有内容；没有录入任何一项。');
  return [...found.values()].map(({ unit, text, lines }) => ({ ...unit, text, lines }));
}

function columnOf(row: readonly string[], heading: Heading): number {
  return row.findIndex((cell) => (HEADINGS[heading] as readonly string[]).includes(cell));
}

/** Null where nothing is written; a rate is a fraction, however it is written. */
function amountOf(line: SchemeLine, written: string): number | null | undefined {
  if (written === '') return null;
  const [, digits, percent] =
    /^(-?\d+(?:\.\d+)?)(%?)$/.exec(toHalfWidth(written).replace(/[,\s]/g, '')) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  if (!isRate(line.source)) return percent === '' ? value : undefined;
  if (percent === '%') return Number((value / 100).toFixed(8));
  return value <= 1 ? value : undefined;
}
