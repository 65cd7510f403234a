/** How worried one has to be about a phone, by what it holds unsent, since when, and when it was last heard of. */
export type DeviceAlarm = 'clear' | 'holding' | 'late' | 'lost' | 'silent' | 'gone';
const WORDS: Readonly<Record<Exclude<DeviceAlarm, 'silent' | 'gone'>, string>> = {
  clear: '已全部上报',
  holding: '有未上报',
  late: '未上报超过2天',
  lost: '未上报超过7天',
};

/** A phone holds no more people than this, and its lists no longer without contact. */
export const PHONE_PEOPLE = 10_000;
export const PHONE_DAYS = 14;

const DAY_MS = 86_400_000;
const LATE_DAYS = 2;
/** Then its lists are wiped: at half of that somebody must act. */
const LOST_DAYS = PHONE_DAYS / 2;

/** In milliseconds: from when on the oldest of what it holds has lain there, and when it was last heard of. */
interface Told {
  readonly waiting: number;
  readonly since: number | undefined;
  readonly seenAt: number;
}

export function deviceAlarm({ waiting, since, seenAt }: Told, now: number): DeviceAlarm {
  if (waiting > 0 && since !== undefined) {
    const days = (now - since) / DAY_MS;
    if (days >= LOST_DAYS) return 'lost';
    return days >= LATE_DAYS ? 'late' : 'holding';
  }
  // It held nothing when last heard of; what it holds since then nobody knows.
  const silent = (now - seenAt) / DAY_MS;
  if (silent >= LOST_DAYS) return 'gone';
  return silent >= LATE_DAYS ? 'silent' : 'clear';
}

export function deviceWords(told: Told, now: number): string {
  const alarm = deviceAlarm(told, now);
  if (alarm !== 'silent' && alarm !== 'gone') return WORDS[alarm];
  return `${Math.floor((now - told.seenAt) / DAY_MS)}天没有联系，情况不明`;
}
