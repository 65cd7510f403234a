import { countsOf, findIndicator } from '../indicators/indicators.ts';
import { Refusal } from '../kernel/problem.ts';
import { defineForm, type FormCheck, type FormDefinition, type Formula, type Heading } from './forms.ts';

/** A county's own form as it is kept: columns 1 and 2 are code and division, these follow from 3. */
export interface OwnFormDefinition {
  readonly code: string;
  readonly name: string;
  readonly title: string;
  readonly columns: readonly OwnColumn[];
  readonly checks: readonly FormCheck[];
}

export interface OwnColumn {
  readonly title: string;
  /** A heading over this column and its neighbours of the same group. */
  readonly group?: string | undefined;
  readonly indicator?: string | undefined;
  readonly formula?: { readonly op: Formula['op']; readonly of: readonly number[] } | undefined;
}

const FIRST = 3;

function refuse(message: string): Refusal {
  return new Refusal('own-form.wrong', message);
}

/** The form as all others are. @throws Refusal saying which column or check is wrong */
export function ownForm(own: OwnFormDefinition): FormDefinition {
  if (own.name.trim() === '' || own.title.trim() === '') throw refuse('请写明表名和标题。');
  if (own.columns.length === 0) throw refuse('一张表至少要有一栏。');
  const headings: Heading[] = [
    { text: '行政代码', column: { kind: 'code', width: 9 } },
    { text: '行政区划', column: { kind: 'name', width: 24 } },
  ];
  let group: { text: string; children: Heading[] } | undefined;
  for (const [i, column] of own.columns.entries()) {
    const heading: Heading = { text: column.title.trim(), column: columnSpec(own, column, FIRST + i) };
    if (heading.text === '') throw refuse(`第${FIRST + i}栏没有栏名。`);
    const name = column.group?.trim() ?? '';
    if (name === '') {
      group = undefined;
      headings.push(heading);
    } else if (group?.text === name) group.children.push(heading);
    else {
      group = { text: name, children: [heading] };
      headings.push(group);
    }
  }
  requireNoCircle(own);
  for (const { left, right, message } of own.checks) {
    for (const number of [...left, ...right]) requireColumn(own, number, `核对“${message}”`);
    if (left.length === 0 || right.length === 0) throw refuse(`核对“${message}”的两边都要写栏次。`);
  }
  const columns = own.columns.length + 2;
  return defineForm({
    code: own.code,
    number: '自定表',
    name: own.name.trim(),
    title: own.title.trim(),
    meta: [
      { text: '填报单位：{unit}', from: 1, to: 2, align: 'left' },
      { text: '{date}', from: Math.min(3, columns), to: columns, align: 'right' },
    ],
    headings,
    paper: columns > 12 ? { size: 'A3', orientation: 'landscape' } : { size: 'A4', orientation: 'landscape' },
    fullNames: true,
    checks: own.checks,
  });
}

function columnSpec(
  own: OwnFormDefinition,
  column: OwnColumn,
  number: number,
): NonNullable<Heading['column']> {
  const { formula } = column;
  if ((column.indicator === undefined) === (formula === undefined)) {
    throw refuse(`第${number}栏要么选一个指标，要么写一个算式。`);
  }
  if (formula !== undefined) {
    if (formula.of.includes(number)) throw refuse(`第${number}栏的算式用到了自己。`);
    for (const of of formula.of) requireColumn(own, of, `第${number}栏的算式`);
    if (formula.op === 'sum') return { kind: 'count', width: 12, formula: { op: 'sum', of: formula.of } };
    const [a, b, ...more] = formula.of;
    if (a === undefined || b === undefined || more.length > 0) {
      throw refuse(`第${number}栏的算式应有两个栏次。`);
    }
    return {
      kind: formula.op === 'ratio' ? 'rate' : 'count',
      width: 12,
      formula: { op: formula.op, of: [a, b] },
    };
  }
  const found = findIndicator(column.indicator as string);
  if (found === undefined) throw refuse(`第${number}栏的指标 ${column.indicator} 不存在；请从指标口径里选。`);
  if (countsOf(found.code).some((code) => isPlanned(code)))
    throw refuse(`第${number}栏的指标“${found.name}”要看任务数，请到目标任务里查看。`);
  return { kind: found.kind, width: 12, indicator: found.code };
}

function isPlanned(code: string): boolean {
  const found = findIndicator(code);
  return found?.kind === 'count' && found.over === 'plan';
}

function requireColumn(own: OwnFormDefinition, number: number, where: string): void {
  if (Number.isInteger(number) && number >= FIRST && number < FIRST + own.columns.length) return;
  throw refuse(`${where}用到的第${number}栏不存在；可用第${FIRST}至${FIRST + own.columns.length - 1}栏。`);
}

function requireNoCircle(own: OwnFormDefinition): void {
  const done = new Set<number>();
  const visit = (number: number, above: readonly number[]): void => {
    if (above.includes(number))
      throw refuse(`第${number}栏的算式绕回了自己：${[...above, number].join(' → ')}。`);
    if (done.has(number)) return;
    for (const of of own.columns[number - FIRST]?.formula?.of ?? []) visit(of, [...above, number]);
    done.add(number);
  };
  for (const i of own.columns.keys()) visit(FIRST + i, []);
}
