import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { whenSignedOut } from '../api/call.ts';
import { currentSession, isSignedIn } from '../api/session.ts';
import { parseQuery, type QueryValue, queryText } from '../api/url.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { Guarded } from './guarded.tsx';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';
import { PAGES } from './pages.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('./login-page.tsx')),
});

const password = createRoute({
  getParentRoute: () => root,
  path: '/password',
  beforeLoad: async () => {
    if (!(await currentSession())) throw redirect({ to: '/login' } as never);
  },
  component: lazyRouteComponent(() => import('./first-password-page.tsx')),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    const session = await currentSession();
    if (!session) throw redirect({ to: '/login', search: { back: location.href } } as never);
    if (session.account.mustChange) throw redirect({ to: '/password' } as never);
  },
  component: Layout,
});

const pages = PAGES.map((page) =>
  createRoute({
    getParentRoute: () => shell,
    path: page.path,
    component: () => <Guarded page={page} />,
  }),
);

export const router = createRouter({
  routeTree: root.addChildren([login, password, shell.addChildren(pages)]),
  parseSearch: parseQuery,
  stringifySearch: (search) => queryText(search as Record<string, QueryValue>),
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: RouteFailure,
  defaultPendingComponent: () => <Loading words="正在打开……" />,
  defaultPreload: false,
  scrollRestoration: true,
});

function RouteFailure({ error, reset }: ErrorComponentProps) {
  return (
    <main className="bare">
      <Failure error={error} retry={reset} />
    </main>
  );
}

/** The server forgot us: back to the door by a new load, and from there to where one was. */
whenSignedOut(() => {
  // Whoever has not been in yet is sent to the door by the page he asks for.
  if (!isSignedIn()) return;
  window.location.assign(`/login${queryText({ back: router.state.location.href, why: 'expired' })}`);
});
