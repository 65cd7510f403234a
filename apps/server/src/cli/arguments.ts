import { isPlainDate } from '@quanbao/domain/kernel/plain-date';
import { InvalidArgumentError } from 'commander';

/** Values of options and arguments: what cannot be meant is wrong usage, before anything is opened. */

export function parseNumber(text: string): number {
  const n = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(n) || n < 1) {
    throw new InvalidArgumentError('应为正整数。');
  }
  return n;
}

export function parseDay(text: string): string {
  if (!isPlainDate(text)) throw new InvalidArgumentError('应为日期，写成 2020-08-31 这样的形式。');
  return text;
}

/** 附件3 columns a decision may name. */
export function parseColumn(text: string): number {
  const column = Number(text);
  if (!/^\d+$/.test(text) || column < 7 || column > 17) {
    throw new InvalidArgumentError('裁定的栏次应为附件3 的第 7 至 17 栏。');
  }
  return column;
}

export function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('不能为空。');
  return text;
}

export function parseHeaderChoice(
  pair: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = pair.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('应写成 表头=列，如 证件=id。');
  return { ...before, [pair.slice(0, at)]: pair.slice(at + 1) };
}

/** What `undo` takes back. */
export interface UndoTarget {
  readonly kind: 'delivery' | 'adjudication' | 'fix';
  readonly number: number;
}

export function parseUndoTarget(text: string): UndoTarget {
  const match = /^([AF]?)(\d{1,9})$/i.exec(text);
  if (match === null || Number(match[2]) < 1) {
    throw new InvalidArgumentError('应为报送编号，或 A3（裁定）、F2（更正）。');
  }
  const letter = match[1]?.toUpperCase();
  return {
    kind: letter === 'A' ? 'adjudication' : letter === 'F' ? 'fix' : 'delivery',
    number: Number(match[2]),
  };
}
