import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from '@quanbao/contract/route';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../db/port.ts';
import type { Actor, SignedIn } from '../features/access/actor.ts';
import type { Instance } from '../instance.ts';

/** The cookie that carries the session's token. */
export const COOKIE = 'quanbao_session';

/** What a handler is given: nobody reads further than `scope`. */
export interface Ask<R extends Route> {
  readonly instance: Instance;
  readonly county: string;
  /** What this database is not for, said on every page of a trial. */
  readonly notice: string | undefined;
  readonly actor: Actor;
  readonly session: SignedIn;
  readonly scope: Scope;
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A public route has no session: `Ask` lacks it there, which only the door's own handlers meet. */
export interface Handled {
  readonly route: Route;
  readonly answer: (ask: Ask<Route>) => Promise<unknown>;
}

/** A route with an answer returns it; one without writes to `reply` (a file, an event stream) and returns it. */
export function handle<R extends Route>(
  route: R,
  answer: (ask: Ask<R>) => Promise<R['answer'] extends object ? AnswerOf<R> : unknown>,
): Handled {
  return { route, answer: answer as unknown as Handled['answer'] };
}
