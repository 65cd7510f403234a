import * as contract from '@quanbao/contract/access';
import type { AnswerOf } from '@quanbao/contract/route';
import { findRole, ROLES } from '@quanbao/domain/access/roles';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../../db/port.ts';
import { COOKIE, type Handled, handle } from '../../http/handler.ts';
import { isLoopback } from '../../http/loopback.ts';
import type { Instance } from '../../instance.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays } from '../reports/index.ts';
import { readAccountFile } from './account-file.ts';
import {
  addAccount,
  addAccounts,
  approveAccount,
  changeAccount,
  dropSecondFactor,
  listAccounts,
  OFFICES,
  resetPassword,
} from './accounts.ts';
import { type Actor, doorScope, type SignedIn, scopeOfActor } from './actor.ts';
import { DEMO_PASSWORD, demoAccounts } from './demo-accounts.ts';
import { beginOidc, finishOidc, oidcEnabled } from './oidc.ts';
import {
  beginTotp,
  changeOwnPassword,
  confirmTotp,
  endTotp,
  IDLE_MINUTES,
  signIn,
  signInAs,
  signOut,
  traceSignOn,
} from './sign-in.ts';

type SessionAnswer = AnswerOf<typeof contract.session>;

async function sessionAnswer(
  instance: Instance,
  notice: string | undefined,
  actor: Actor,
  csrf: string,
): Promise<SessionAnswer> {
  const role = findRole(actor.role);
  return instance.db.transaction(doorScope(actor.county, actor.login), async (tx) => {
    const tree = await loadRegionTree(tx, actor.county);
    return {
      account: {
        login: actor.login,
        name: actor.name,
        role: actor.role,
        roleTitle: role?.title ?? actor.role,
        office: actor.office === '' ? null : actor.office,
        region: {
          code: actor.region,
          name: tree.get(actor.region)?.name ?? actor.region,
          path: tree.path(actor.region),
        },
        mustChange: actor.mustChange,
        totp: actor.totp,
      },
      permissions: [...(role?.permissions ?? [])],
      county: { code: actor.county, name: tree.get(actor.county)?.name ?? actor.county },
      days: null,
      csrf,
      notice: notice ?? null,
      idleMinutes: IDLE_MINUTES,
    };
  });
}

/** The days of whoever may ask about any; none before the first register. */
async function withDays(instance: Instance, scope: Scope, answer: SessionAnswer): Promise<SessionAnswer> {
  if (scope.duty === 'door') return answer;
  const days = await instance.db
    .transaction(scope, (tx) => askableDays(tx, scope.county))
    .catch((error: unknown) => {
      if (error instanceof Refusal) return null;
      throw error;
    });
  return { ...answer, days };
}

async function describe(
  instance: Instance,
  notice: string | undefined,
  { actor, csrf }: SignedIn,
): Promise<SessionAnswer> {
  return withDays(instance, scopeOfActor(actor), await sessionAnswer(instance, notice, actor, csrf));
}

function setCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
  });
}

const OIDC_COOKIE = 'quanbao_oidc';

/** A browser on its way through the province's pages is sent back to the door, which says why; the trail keeps it. */
function notSignedOn(instance: Instance, county: string) {
  return async (error: unknown): Promise<{ url: string; state?: undefined }> => {
    if (!(error instanceof Refusal)) throw error;
    const { code } = error.problem;
    await traceSignOn(instance, county, code);
    return { url: `/login?why=${code}` };
  };
}

export const accessRoutes: readonly Handled[] = [
  handle(contract.door, async ({ instance, county, notice, request }) => {
    const { name, demo } = await demoAccounts(instance, county);
    return {
      county: name,
      oidc: oidcEnabled(),
      notice: notice ?? null,
      // Only to whoever sits at this machine: the passwords of a demo are no secret, and no way in from elsewhere.
      demo: isLoopback(request.ip)
        ? demo.map(({ login, title }) => ({ login, title, password: DEMO_PASSWORD }))
        : [],
    };
  }),
  handle(contract.signIn, async ({ instance, county, notice, body, request, reply }) => {
    const signedIn = await signIn(instance, county, body);
    setCookie(request, reply, signedIn.token);
    return describe(instance, notice, signedIn);
  }),
  handle(contract.session, ({ instance, notice, session }) => describe(instance, notice, session)),
  handle(contract.signOut, async ({ instance, session, reply }) => {
    await signOut(instance, session);
    reply.clearCookie(COOKIE, { path: '/' });
    return { done: true as const };
  }),
  handle(contract.changePassword, async ({ instance, notice, session, body }) => {
    const actor = await changeOwnPassword(instance, session, body);
    return describe(instance, notice, { ...session, actor });
  }),
  handle(contract.beginOidc, async ({ instance, county, request, reply }) => {
    const { url, state } = await beginOidc().catch(notSignedOn(instance, county));
    if (state === undefined) return reply.redirect(url);
    reply.setCookie(OIDC_COOKIE, state, {
      path: '/api/oidc',
      httpOnly: true,
      // The province's page sends the browser back: a strict cookie would stay behind.
      sameSite: 'lax',
      secure: request.protocol === 'https',
      maxAge: 600,
    });
    return reply.redirect(url);
  }),
  handle(contract.finishOidc, async ({ instance, county, request, reply }) => {
    const query = new URL(request.url, 'http://here').searchParams;
    reply.clearCookie(OIDC_COOKIE, { path: '/api/oidc' });
    const signedOn = await finishOidc(query, request.cookies[OIDC_COOKIE])
      .then((subject) => signInAs(instance, county, subject))
      .catch(notSignedOn(instance, county));
    if ('url' in signedOn) return reply.redirect(signedOn.url);
    setCookie(request, reply, signedOn.token);
    return reply.redirect('/');
  }),
  handle(contract.beginTotp, ({ instance, session }) => beginTotp(instance, session)),
  handle(contract.confirmTotp, async ({ instance, session, body }) => {
    await confirmTotp(instance, session, body.code);
    return { done: true as const };
  }),
  handle(contract.endTotp, async ({ instance, session, body }) => {
    await endTotp(instance, session, body.password);
    return { done: true as const };
  }),
  handle(contract.roles, async () => ({
    roles: ROLES.map((role) => ({
      ...role,
      levels: [...role.levels],
      permissions: [...role.permissions],
    })),
    offices: [...OFFICES],
  })),
  handle(contract.accounts, async ({ instance, scope }) => ({ items: await listAccounts(instance, scope) })),
  handle(contract.addAccount, ({ instance, scope, body }) => addAccount(instance, scope, body)),
  handle(contract.addAccounts, async ({ instance, scope, request }) => {
    const made = await addAccounts(instance, scope, await readAccountFile(request));
    return {
      accounts: made.map(({ account, password }) => ({ login: account.login, name: account.name, password })),
    };
  }),
  handle(contract.changeAccount, ({ instance, scope, params, body }) =>
    changeAccount(instance, scope, params.account, body),
  ),
  handle(contract.resetPassword, ({ instance, scope, params }) =>
    resetPassword(instance, scope, params.account),
  ),
  handle(contract.approveAccount, ({ instance, scope, params }) =>
    approveAccount(instance, scope, params.account),
  ),
  handle(contract.dropSecondFactor, ({ instance, scope, params }) =>
    dropSecondFactor(instance, scope, params.account),
  ),
];
