import { useState } from 'react';
import { useMay } from '../api/session.ts';
import { Go } from '../ui/go.tsx';
import { useHere } from './here.ts';
import { isAt, isFolded, type MenuGroup } from './menu-groups.ts';
import { MENU_GROUPS, PAGES } from './pages.ts';

export function Menu({ path, open }: { readonly path: string; readonly open: boolean }) {
  const may = useMay();
  const { href } = useHere();
  const [turned, setTurned] = useState<Partial<Record<MenuGroup, boolean>>>({});
  const mine = PAGES.filter((page) => page.group && (page.needs === 'signed-in' || may(page.needs)));
  return (
    <nav id="menu" className={open ? 'menu open no-print' : 'menu no-print'} aria-label="主菜单">
      {MENU_GROUPS.map((group) => {
        const pages = mine.filter((page) => page.group === group);
        if (pages.length === 0) return null;
        const folds = isFolded(group, mine.length);
        const current = pages.some((page) => isAt(page.path, path));
        const shown = turned[group] ?? (!folds || current);
        return (
          <section key={group} aria-labelledby={`menu-${group}`}>
            <h2 id={`menu-${group}`}>
              {folds ? (
                <button
                  type="button"
                  className="fold"
                  aria-expanded={shown}
                  aria-controls={`menu-${group}-pages`}
                  onClick={() => setTurned({ ...turned, [group]: !shown })}
                >
                  {group}
                </button>
              ) : (
                group
              )}
            </h2>
            <ul id={`menu-${group}-pages`} hidden={!shown}>
              {pages.map((page) => (
                <li key={page.path}>
                  <Go href={href(page.path)} aria-current={isAt(page.path, path) ? 'page' : undefined}>
                    {page.title}
                  </Go>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}
