import { FOREVER, isPlainDate } from '../kernel/plain-date.ts';
import { ok, Refusal, type Result } from '../kernel/problem.ts';
import { type RegionLevel, regionLevel } from '../kernel/region.ts';
import type { RegionRow, SchemeCode } from './region-row.ts';

const ABOVE: Partial<Record<RegionLevel, RegionLevel>> = {
  city: 'province',
  county: 'city',
  town: 'county',
  village: 'town',
  group: 'village',
};

const LENGTHS = '省 2、市 4、县 6、乡镇 9、村 12 位，组为村代码加“-”和 3 位';

interface Line {
  readonly number: number;
  readonly cells: Readonly<Record<string, string>>;
}

interface NumberedRow {
  readonly row: RegionRow;
  readonly line: number;
}

/** The divisions of a county: `code,name,level,parent,from,to,successor,aliases`. */
export function parseRegionsCsv(text: string): Result<RegionRow[]> {
  return refusable(() => {
    const byCode = new Map<string, NumberedRow>();
    for (const line of readLines(text, '区划表', ['code', 'name', 'level', 'parent'])) {
      const row = readRegion(line);
      const first = byCode.get(row.code);
      if (first) fail('duplicate', line.number, `代码 ${row.code} 与第 ${first.line} 行重复，请删去一行。`);
      byCode.set(row.code, { row, line: line.number });
    }
    for (const entry of byCode.values()) checkRelations(entry, byCode);
    return [...byCode.values()].map((entry) => entry.row);
  });
}

/** The county's own mapping of scheme codes: `schemeCode,from,to,region`. A blank end means still valid. */
export function parseSchemeCodesCsv(text: string, regions: readonly RegionRow[]): Result<SchemeCode[]> {
  return refusable(() => {
    const known = new Set(regions.map((row) => row.code));
    const found = new Map<string, { code: SchemeCode; line: number }[]>();
    for (const { number, cells } of readLines(text, '居保区划对照表', [
      'schemeCode',
      'from',
      'to',
      'region',
    ])) {
      const schemeCode = cells.schemeCode ?? '';
      if (schemeCode === '') fail('scheme-code', number, '居保区划代码为空，请填写。');
      const from = readDay(cells.from, '启用日期', number) ?? '0001-01-01';
      const to = readDay(cells.to, '停用日期', number) ?? FOREVER;
      if (to <= from) fail('period', number, `停用日期 ${to} 不晚于启用日期 ${from}，请更正。`);
      const region = cells.region ?? '';
      if (!known.has(region)) fail('unknown', number, `统计用区划代码 ${region} 不在本县区划表中，请核对。`);
      const sameCode = found.get(schemeCode) ?? [];
      const clash = sameCode.find((other) => other.code.from < to && from < other.code.to);
      if (clash) {
        fail('overlap', number, `代码 ${schemeCode} 的有效期与第 ${clash.line} 行重叠，同一天只能指一处。`);
      }
      sameCode.push({ code: { schemeCode, from, to, region }, line: number });
      found.set(schemeCode, sameCode);
    }
    return [...found.values()].flat().map((entry) => entry.code);
  });
}

function readRegion({ number, cells }: Line): RegionRow {
  const code = cells.code ?? '';
  const level = regionLevel(code);
  if (level === undefined) fail('code', number, `代码“${code}”的位数不对：${LENGTHS}。`);
  if (cells.level !== level) {
    fail('level', number, `代码 ${code} 按位数是 ${level}，级别栏却写“${cells.level}”：${LENGTHS}。`);
  }
  const name = cells.name ?? '';
  if (name === '') fail('name', number, `代码 ${code} 没有名称，请填写。`);
  const from = readDay(cells.from, '启用日期', number);
  const to = readDay(cells.to, '撤销日期', number);
  if (from !== undefined && to !== undefined && to <= from) {
    fail('period', number, `撤销日期 ${to} 不晚于启用日期 ${from}，请更正。`);
  }
  const successor = cells.successor ?? '';
  if (successor !== '' && to === undefined) {
    fail('period', number, `${name}写了承接单位却没有撤销日期，请补上撤销日期。`);
  }
  return {
    code,
    name,
    level,
    parent: cells.parent ?? '',
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(successor === '' ? {} : { successor }),
    aliases: (cells.aliases ?? '')
      .split('|')
      .map((alias) => alias.trim())
      .filter((alias) => alias !== ''),
  };
}

function checkRelations({ row, line }: NumberedRow, byCode: ReadonlyMap<string, NumberedRow>): void {
  checkParent(row, line, byCode);
  if (row.successor === undefined) return;
  const next = byCode.get(row.successor)?.row;
  if (!next) fail('successor', line, `${row.name}的承接单位 ${row.successor} 不在表中，请先加入该单位。`);
  if (next.level !== row.level && next.level !== ABOVE[row.level]) {
    fail('successor', line, `${row.name}不能由${next.name}承接：承接单位须与它同级或高一级。`);
  }
  if (next.from !== undefined && row.to !== undefined && next.from > row.to) {
    fail(
      'period',
      line,
      `${row.name}于 ${row.to} 撤销，承接的${next.name}到 ${next.from} 才启用，中间无处可归。`,
    );
  }
  const seen = new Set([row.code]);
  for (let step: RegionRow | undefined = next; step; step = byCode.get(step.successor ?? '')?.row) {
    if (seen.has(step.code)) fail('cycle', line, `${row.name}的承接关系绕回了${step.name}，请改正其中一行。`);
    seen.add(step.code);
  }
}

function checkParent(row: RegionRow, line: number, byCode: ReadonlyMap<string, NumberedRow>): void {
  const above = ABOVE[row.level];
  if (row.parent === '' && (above === undefined || row.level === 'city' || row.level === 'county')) return;
  const parent = byCode.get(row.parent)?.row;
  if (!parent) fail('parent', line, `${row.name}的上级“${row.parent}”不在表中，请先加入上级。`);
  if (parent.level !== above || !row.code.startsWith(parent.code)) {
    fail(
      'parent',
      line,
      `${row.name}的代码 ${row.code} 不属于上级 ${parent.code} ${parent.name}，请核对两个代码。`,
    );
  }
  if (parent.to !== undefined && (row.to === undefined || row.to > parent.to)) {
    const advice = `请给${row.name}填撤销日期和承接单位`;
    fail('period', line, `${parent.name}于 ${parent.to} 撤销，${row.name}却还在用，${advice}。`);
  }
}

function readDay(cell: string | undefined, title: string, line: number): string | undefined {
  if (cell === undefined || cell === '') return undefined;
  if (!isPlainDate(cell)) fail('date', line, `${title}“${cell}”不是日期，请写成 2024-01-31 的样子。`);
  return cell;
}

function readLines(text: string, title: string, required: readonly string[]): Line[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const header = splitCells(lines[0] ?? '');
  const missing = required.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new Refusal('regions.header', `${title}第 1 行缺少列：${missing.join('、')}，请补上列名。`);
  }
  const found: Line[] = [];
  for (let i = 1; i < lines.length; i++) {
    const raw = lines[i] as string;
    if (raw.replace(/[,\s]/g, '') === '') continue;
    const values = splitCells(raw);
    if (values.length > header.length) {
      fail('columns', i + 1, `有 ${values.length} 列，列名只有 ${header.length} 个，请检查逗号。`);
    }
    found.push({
      number: i + 1,
      cells: Object.fromEntries(header.map((name, at) => [name, values[at] ?? ''])),
    });
  }
  return found;
}

function splitCells(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push((match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"')).trim());
  }
  return cells;
}

function fail(code: string, line: number, message: string): never {
  throw new Refusal(`regions.${code}`, `第 ${line} 行：${message}`);
}

function refusable<T>(read: () => T): Result<T> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    throw error;
  }
}
