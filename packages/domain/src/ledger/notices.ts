import { TAGS, type Tag } from '../coverage/step-class.ts';
import type { RegionLevel } from '../kernel/region.ts';
import { seesSource, seesTag } from '../sources/sight.ts';
import { LEDGER_KINDS, LEDGER_TAG_WORDS, ledgerKind } from './kinds.ts';

/** A notice of people found at doors (survey/found). */
export const FOUND_NOTICE = 'found';

/** A notice of people with open items who came into a group, or left it, and of whom nothing else changed. */
export function groupNotice(tag: Tag): string {
  return `group-${tag}`;
}

export function groupOfNotice(kind: string): Tag | undefined {
  return TAGS.find((tag) => groupNotice(tag) === kind);
}

/** Whatever a notice may be of: a kind of ledger items, people found, a group. */
export const NOTICE_KINDS: readonly string[] = [
  ...LEDGER_KINDS.map(({ kind }) => kind),
  FOUND_NOTICE,
  ...TAGS.map(groupNotice),
];

export function noticeTitle(kind: string): string {
  const tag = groupOfNotice(kind);
  if (tag !== undefined) return `组别：${LEDGER_TAG_WORDS[tag]}`;
  return kind === FOUND_NOTICE ? '新发现人员' : ledgerKind(kind).title;
}

/** Whether a level may be told: no list is given away that it may not read. */
export function seesNotice(level: RegionLevel, kind: string): boolean {
  const tag = groupOfNotice(kind);
  if (tag !== undefined) return seesTag(level, tag);
  return kind !== 'obligated' || seesSource(level, 'employees-obligated');
}

/** What it tells, in words. */
export function noticeWords({
  kind,
  opened,
  closed,
}: {
  readonly kind: string;
  readonly opened: number;
  readonly closed: number;
}): string {
  const [gained, lost] = [opened, closed].map((n) => n.toLocaleString('zh-CN'));
  if (kind === FOUND_NOTICE) return `${gained} 人`;
  const [came, left, people] =
    groupOfNotice(kind) === undefined ? ['新开或退回', '销号或落实', ''] : ['新列入', '不再是', ' 人'];
  const words = [
    ...(opened > 0 ? [`${came} ${gained}${people}`] : []),
    ...(closed > 0 ? [`${left} ${lost}${people}`] : []),
  ];
  return words.join('，') || '有变动';
}
