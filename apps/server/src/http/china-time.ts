/** Printed on a list: the office's own clock, which China has only one of. */
export function chinaTime(now: Date): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
