import { SIGN_ON_FAILURES } from '@quanbao/contract/access';
import { Refusal } from '@quanbao/domain/kernel/problem';
import * as client from 'openid-client';

/**
 * A province's single sign-on (OIDC, authorization code with PKCE), set up by the environment:
 * QUANBAO_OIDC_ISSUER, QUANBAO_OIDC_CLIENT, QUANBAO_OIDC_SECRET, and QUANBAO_OIDC_REDIRECT, this service's own
 * address of /api/oidc/callback as registered there.
 */
interface Settings {
  readonly issuer: URL;
  readonly client: string;
  readonly secret: string;
  readonly redirect: URL;
}

export function signOnRefusal(code: keyof typeof SIGN_ON_FAILURES): Refusal {
  return new Refusal(code, SIGN_ON_FAILURES[code]);
}

function settings(): Settings | undefined {
  const { QUANBAO_OIDC_ISSUER, QUANBAO_OIDC_CLIENT, QUANBAO_OIDC_SECRET, QUANBAO_OIDC_REDIRECT } =
    process.env;
  if (!QUANBAO_OIDC_ISSUER || !QUANBAO_OIDC_CLIENT || !QUANBAO_OIDC_SECRET || !QUANBAO_OIDC_REDIRECT)
    return undefined;
  return {
    issuer: new URL(QUANBAO_OIDC_ISSUER),
    client: QUANBAO_OIDC_CLIENT,
    secret: QUANBAO_OIDC_SECRET,
    redirect: new URL(QUANBAO_OIDC_REDIRECT),
  };
}

export function oidcEnabled(): boolean {
  return settings() !== undefined;
}

interface Begun {
  readonly verifier: string;
  readonly nonce: string;
  readonly at: number;
}

/** Sign-ons under way, by their state: a few minutes, and never more than a crowd of them. */
const begun = new Map<string, Begun>();
const MINUTES_10 = 600_000;
const MOST = 10_000;

let discovered: { readonly of: string; readonly made: Promise<client.Configuration> } | undefined;

function configuration({ issuer, client: id, secret }: Settings): Promise<client.Configuration> {
  // Plain HTTP only towards this machine, where tests and a local proxy are.
  const local = issuer.protocol === 'http:' && /^(127\.|localhost$|\[::1\]$)/.test(issuer.hostname);
  const of = `${issuer.href} ${id}`;
  if (discovered?.of === of) return discovered.made;
  const made = client
    .discovery(issuer, id, secret, undefined, {
      // The token comes straight from the provider; its signature is looked at all the same.
      execute: [client.enableNonRepudiationChecks, ...(local ? [client.allowInsecureRequests] : [])],
    })
    .catch(() => {
      discovered = undefined;
      throw signOnRefusal('access.oidc-down');
    });
  discovered = { of, made };
  return made;
}

function required(): Settings {
  const found = settings();
  if (found === undefined) throw signOnRefusal('access.oidc-off');
  return found;
}

/** Where to send the browser, and the state that a cookie binds to this browser. */
export async function beginOidc(): Promise<{ url: string; state: string }> {
  const chosen = required();
  const config = await configuration(chosen);
  for (const [state, { at }] of begun)
    if (begun.size > MOST || Date.now() - at > MINUTES_10) begun.delete(state);
  const state = client.randomState();
  const nonce = client.randomNonce();
  const verifier = client.randomPKCECodeVerifier();
  begun.set(state, { verifier, nonce, at: Date.now() });
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: chosen.redirect.href,
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { url: url.href, state };
}

/** @returns the subject the province vouches for. @throws Refusal when it does not */
export async function finishOidc(query: URLSearchParams, state: string | undefined): Promise<string> {
  const chosen = required();
  const known = state === undefined ? undefined : begun.get(state);
  if (state === undefined || known === undefined || Date.now() - known.at > MINUTES_10) {
    throw signOnRefusal('access.oidc-late');
  }
  begun.delete(state);
  const here = new URL(chosen.redirect);
  here.search = query.toString();
  const tokens = await client
    .authorizationCodeGrant(await configuration(chosen), here, {
      pkceCodeVerifier: known.verifier,
      expectedState: state,
      expectedNonce: known.nonce,
    })
    .catch(() => {
      throw signOnRefusal('access.oidc-refused');
    });
  const subject = tokens.claims()?.sub;
  if (subject === undefined) throw signOnRefusal('access.oidc-refused');
  return subject;
}
