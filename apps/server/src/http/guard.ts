import type { Route } from '@quanbao/contract/route';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { FastifyRequest } from 'fastify';
import {
  doorScope,
  findSession,
  isCsrf,
  requirePermission,
  type SignedIn,
} from '../features/access/index.ts';
import { record } from '../features/audit/index.ts';
import type { Instance } from '../instance.ts';
import { COOKIE } from './handler.ts';

const SAFE = new Set(['GET', 'HEAD']);
/** What somebody who must change his password first may still do. */
const BEFORE_CHANGE = new Set(['GET /api/session', 'DELETE /api/session', 'POST /api/session/password']);

/**
 * Who is asking, and whether he may: session, CSRF token, first password, permission; in that order.
 * Refusals of somebody signed in are traced.
 * @throws Refusal
 */
export async function admit(
  instance: Instance,
  county: string,
  route: Route,
  request: FastifyRequest,
): Promise<SignedIn | undefined> {
  if (route.needs === 'public') {
    requireSameOrigin(request);
    return undefined;
  }
  const token = request.cookies[COOKIE];
  const session = token === undefined ? undefined : await findSession(instance, county, token);
  if (session === undefined) {
    throw new Refusal('access.signed-out', '没有登录，或登录已过期；请重新登录。');
  }
  try {
    if (!SAFE.has(request.method)) {
      requireSameOrigin(request);
      if (!isCsrf(session, request.headers['x-csrf-token'])) {
        throw new Refusal('access.csrf', '请求缺少校验码；请刷新页面后再试。');
      }
    }
    if (session.actor.mustChange && !BEFORE_CHANGE.has(`${route.method} ${route.url}`)) {
      throw new Refusal('access.must-change', '首次登录请先修改密码。');
    }
    if (route.needs !== 'signed-in') requirePermission(session.actor, route.needs);
  } catch (error) {
    if (error instanceof Refusal) await traceRefusal(instance, session, route, error.problem.code);
    throw error;
  }
  return session;
}

/** A browser names the page a request comes from; another site's is refused whatever cookie it brings. */
function requireSameOrigin(request: FastifyRequest): void {
  if (SAFE.has(request.method)) return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    (origin !== undefined && URL.canParse(origin) && new URL(origin).host !== hostOf(request)) ||
    origin === 'null' ||
    site === 'cross-site';
  if (foreign) throw new Refusal('access.csrf', '请求来自别的网站，没有执行；请在本系统的页面上操作。');
}

/** Without a port that goes without saying, as an origin names it. */
function hostOf(request: FastifyRequest): string {
  const here = `${request.protocol}://${request.host}`;
  return URL.canParse(here) ? new URL(here).host : '';
}

async function traceRefusal(
  instance: Instance,
  { actor }: SignedIn,
  route: Route,
  code: string,
): Promise<void> {
  await instance.db.transaction(doorScope(actor.county, actor.login), (tx) =>
    record(tx, {
      county: actor.county,
      actor: actor.login,
      act: 'access.refused',
      subject: `${route.method} ${route.url}`,
      detail: { code },
    }),
  );
}
