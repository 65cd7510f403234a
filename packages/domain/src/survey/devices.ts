/** How worried one has to be about a phone, by what it holds unsent, since when, and when it was last heard of. */
export type DeviceAlarm = 'clear' | 'holding' | 'late' | 'lost';
export const DEVICE_WORDS: Readonly<Record<DeviceAlarm, string>> = {
  clear: '已全部上报',
  holding: '有未上报',
  late: '未上报超过2天',
  lost: '未上报超过7天',
};

const DAY_MS = 86_400_000;
const LATE_DAYS = 2;
/** A phone keeps a village for two weeks without contact and then wipes it: at half of that somebody must act. */
const LOST_DAYS = 7;

/** @param since milliseconds; from when on it has held something unsent without a break */
export function deviceAlarm(waiting: number, since: number | undefined, now: number): DeviceAlarm {
  if (waiting === 0 || since === undefined) return 'clear';
  const days = (now - since) / DAY_MS;
  if (days >= LOST_DAYS) return 'lost';
  return days >= LATE_DAYS ? 'late' : 'holding';
}
