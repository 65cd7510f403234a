import { type Session as SessionSchema, session as sessionRoute } from '@quanbao/contract/access';
import type { Permission } from '@quanbao/domain/access/roles';
import { useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { call, keepCsrf } from './call.ts';
import { Problem } from './problem.ts';
import { queryClient } from './queries.ts';

export type Session = Static<typeof SessionSchema>;

const KEY = ['session'];

export function keepSession(session: Session): void {
  keepCsrf(session.csrf);
  queryClient.setQueryData(KEY, session);
}

export function isSignedIn(): boolean {
  return queryClient.getQueryData(KEY) !== undefined;
}

/** @returns undefined when nobody has signed in */
export async function currentSession(): Promise<Session | undefined> {
  const known = queryClient.getQueryData<Session>(KEY);
  if (known) return known;
  try {
    const session = await call(sessionRoute);
    keepSession(session);
    return session;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return undefined;
    throw error;
  }
}

/** Asked again after what changes it: a delivery moves the days, a second factor the account. */
export async function refreshSession(): Promise<void> {
  keepSession(await call(sessionRoute));
}

/** Only below the shell, where somebody has signed in. */
export function useSession(): Session {
  const { data } = useQuery<Session>({
    queryKey: KEY,
    queryFn: () => call(sessionRoute),
    staleTime: Infinity,
  });
  if (!data) throw new Error('useSession outside the shell');
  return data;
}

export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}
