import type { Notice, NoticeKey } from './contract.ts';

/** What waits at one place to be signed for. */
export interface Waiting {
  readonly key: string;
  readonly region: Notice['region'];
  /** What is signed for with it. */
  readonly notices: readonly NoticeKey[];
  readonly oldestAt: string;
  readonly newestAt: string;
  readonly lines: readonly {
    readonly kind: string;
    readonly title: string;
    readonly opened: number;
    readonly closed: number;
  }[];
}

/** Open notices place by place, whoever has waited longest first; a kind's changes added up. */
export function waitingPlaces(notices: readonly Notice[]): Waiting[] {
  const places = new Map<string, Notice[]>();
  for (const notice of notices) {
    if (notice.noted !== null) continue;
    places.set(notice.region.code, [...(places.get(notice.region.code) ?? []), notice]);
  }
  return [...places.values()]
    .map((all) => together(all[0] as Notice, all))
    .sort((a, b) => a.oldestAt.localeCompare(b.oldestAt) || a.region.code.localeCompare(b.region.code));
}

/** Open notices one by one, the oldest first: of a village there is nothing to add up. */
export function waitingNotices(notices: readonly Notice[]): Waiting[] {
  return notices
    .filter(({ noted }) => noted === null)
    .map((one) => together(one, [one]))
    .sort((a, b) => a.oldestAt.localeCompare(b.oldestAt));
}

function together({ region }: Notice, all: readonly Notice[]): Waiting {
  const moments = all.map(({ at }) => at).sort();
  const kinds = new Map<string, Waiting['lines'][number]>();
  for (const { kind, title, opened, closed } of all) {
    const sum = kinds.get(kind) ?? { kind, title, opened: 0, closed: 0 };
    kinds.set(kind, { ...sum, opened: sum.opened + opened, closed: sum.closed + closed });
  }
  return {
    key: all.map(({ change, kind }) => `${region.code} ${change} ${kind}`).join(),
    region,
    notices: all.map(({ change, kind }) => ({ change, region: region.code, kind })),
    oldestAt: moments[0] as string,
    newestAt: moments.at(-1) as string,
    lines: [...kinds.values()],
  };
}

/** How long somebody has waited, in words. */
export function waited(since: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  if (minutes < 1) return '刚刚';
  if (minutes < 60) return `${minutes} 分钟`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} 小时`;
  return `${Math.floor(minutes / (24 * 60))} 天`;
}

/** More than a badge has room for is many. */
export function badgeWords(open: number): string {
  return open > 99 ? '99+' : String(open);
}
