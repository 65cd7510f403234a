import type { MENU_GROUPS } from './pages.ts';

export type MenuGroup = (typeof MENU_GROUPS)[number];

/** What is opened a few times a month, or all day long by somebody who stands in it. */
const FOLDING: readonly MenuGroup[] = ['走访摸底', '任务', '考核', '名单', '管理'];

/** So many rows stand on a screen of 768 pixels with every heading. */
const FITS = 22;

/** Whether a group is folded until it is opened, or one of its pages is: only in a menu that is too long. */
export function isFolded(group: MenuGroup, pages: number): boolean {
  return pages > FITS && FOLDING.includes(group);
}

export function isAt(page: string, path: string): boolean {
  return page === '/' ? path === '/' : path === page || path.startsWith(`${page}/`);
}
