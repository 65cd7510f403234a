import { toHalfWidth } from './plain-date.ts';

/** Money is whole 分. */
export type Fen = number;

/** `1,200.50`, `-100`, `￥200元` in yuan to 分. @returns undefined when it is no amount. */
export function parseYuan(raw: string): Fen | undefined {
  const text = toHalfWidth(raw).replace(/[\s,¥￥元]/g, '');
  const match = /^([-+]?)(\d+)(?:\.(\d{1,2})(?:0*|\d*))?$/.exec(text);
  if (!match) return undefined;
  const fen = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0') || 0);
  if (!Number.isSafeInteger(fen)) return undefined;
  return match[1] === '-' ? -fen : fen;
}

export function formatYuan(fen: Fen): string {
  const sign = fen < 0 ? '-' : '';
  const abs = Math.abs(fen);
  return `${sign}${Math.floor(abs / 100)}.${String(abs % 100).padStart(2, '0')}`;
}
