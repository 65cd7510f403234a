import { useRouter } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { useMay, useSession } from '../api/session.ts';
import { Loading } from '../ui/states.tsx';
import { PAGES, type Page } from './pages.ts';

const loaded = new Map<string, ComponentType>();

function componentOf(page: Page): ComponentType {
  const known = loaded.get(page.path);
  if (known) return known;
  const component = lazy(page.load);
  loaded.set(page.path, component);
  return component;
}

/** A page for whoever may see it; the desk opens on the first page of the menu that one may. */
export function Guarded({ page }: { readonly page: Page }) {
  const may = useMay();
  const router = useRouter();
  const allowed = page.needs === 'signed-in' || may(page.needs);
  const instead = PAGES.find((p) => p.needs === 'signed-in' || may(p.needs))?.path ?? '/account';
  const elsewhere = !allowed && page.path === '/';
  useEffect(() => {
    document.title = `${page.title} · 全保`;
    if (elsewhere) router.history.replace(instead);
  }, [page.title, elsewhere, instead, router]);
  if (elsewhere) return <Loading />;
  if (!allowed) return <NoPermission title={page.title} />;
  const Component = componentOf(page);
  return (
    <Suspense fallback={<Loading />}>
      <Component />
    </Suspense>
  );
}

function NoPermission({ title }: { readonly title: string }) {
  const { account } = useSession();
  return (
    <div className="state">
      <h1>您的账号不能打开“{title}”</h1>
      <p>
        您是{account.roleTitle}，管辖范围为{account.region.path}
        。如果工作需要，请向本县系统管理员申请，由安全管理员核准。
      </p>
    </div>
  );
}
