const PEOPLE = new Intl.NumberFormat('zh-CN');

/** 12,345; nothing is —. */
export function number(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : PEOPLE.format(value);
}

/** 2020-08-31 → 2020年8月31日 */
export function longDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

/** 2020-08-31 → 8月31日 */
export function shortDay(day: string): string {
  return longDay(day).slice(5);
}

/** +3, −3, 0: with a true minus sign. */
export function signed(value: number): string {
  if (value === 0) return '0';
  return `${value > 0 ? '+' : '−'}${PEOPLE.format(Math.abs(value))}`;
}

/** A change of a rate, in percentage points. */
export function signedPoints(value: number): string {
  const points = Math.round(value * 10_000) / 100;
  if (points === 0) return '0';
  return `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(2)}个百分点`;
}

/** 1536 → 1.5 KB */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const MOMENT = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** A moment on the office's clock: 2020-08-31 17:05. */
export function localTime(moment: string): string {
  return MOMENT.format(new Date(moment));
}
