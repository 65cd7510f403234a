import type { SignedIn } from '../features/access/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    session: SignedIn | undefined;
  }
}
