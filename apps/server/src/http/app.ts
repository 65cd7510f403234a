import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ajvCompiler from '@fastify/ajv-compiler';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import { fastifySSE } from '@fastify/sse';
import staticFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import underPressure from '@fastify/under-pressure';
import { Problem, type Route } from '@quanbao/contract/route';
import { Refusal } from '@quanbao/domain/kernel/problem';
import fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import { scopeOfActor } from '../features/access/index.ts';
import type { Instance } from '../instance.ts';
import { packageFile } from '../package-file.ts';
import { version } from '../version.ts';
import { admit } from './guard.ts';
import { type Ask, COOKIE, type Handled } from './handler.ts';
import { LIMITS, type Limits } from './limits.ts';
import { addMetrics } from './metrics.ts';
import { answerProblems } from './problems.ts';

export interface AppOptions {
  readonly county: string;
  /** What this database is not for, said on every page of a trial. */
  readonly notice?: string | undefined;
  readonly logger?: FastifyServerOptions['logger'];
  /** Where the desk was built to; without it there is only the API. */
  readonly deskDir?: string;
  /** Where the phone app was built to. */
  readonly fieldDir?: string;
  readonly limits?: Limits;
}

/** The whole service over an open instance; the caller listens and closes. */
export async function buildApp(
  instance: Instance,
  handlers: readonly Handled[],
  options: AppOptions,
): Promise<FastifyInstance> {
  const app = fastify({
    logger: options.logger ?? false,
    trustProxy: 'loopback',
    bodyLimit: 1024 * 1024,
    // A clerk's page asks for what it shows; a query is never a list of thousands.
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false } },
    schemaController: { compilersFactory: { buildValidator: validators } },
    logController: new LogController({ disableRequestLogging: true }),
  });
  logRequests(app);
  answerProblems(app);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        // The desk's styles are made while it runs; scripts only ever come from here.
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        // The phone app works without network by its service worker.
        workerSrc: ["'self'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  });
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  const { files, fileBytes, waitMs } = options.limits ?? LIMITS;
  await app.register(multipart, {
    limits: { files, fileSize: fileBytes, fields: 10, fieldSize: 64 * 1024, parts: files + 10 },
  });
  await app.register(compress, { threshold: 2048 });
  await app.register(fastifySSE);
  await app.register(underPressure, { maxEventLoopDelay: waitMs, exposeStatusRoute: false });
  await app.register(swagger, {
    openapi: {
      info: { title: '全保', description: '城乡居民基本养老保险扩面征缴', version: version() },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: COOKIE } } },
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  addMetrics(app);
  app.get('/healthz', { schema: { hide: true } }, async () => {
    await instance.db.transaction(
      { county: options.county, region: options.county, actor: 'health', duty: 'door' },
      (tx) => tx.query('select 1'),
    );
    return { ok: true, version: version() };
  });
  addRoutes(app, instance, handlers, options);
  await addPages(app, options);
  return app;
}

/**
 * What stands in an address is text and is read as what it means; a body says itself what it holds. Coerced, the null that
 * takes a number away would be a 0.
 */
function validators(...[schemas, options]: Parameters<typeof compiler>): ReturnType<typeof compiler> {
  const address = compiler(schemas, options);
  const custom = { ...options?.customOptions, coerceTypes: false };
  const body = compiler(schemas, { ...options, customOptions: custom } as typeof options);
  return (route) => (route.httpPart === 'body' ? body : address)(route);
}
const compiler = ajvCompiler();

/** One line a request: the route's pattern, never the question, which may hold a name. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}

function addRoutes(
  app: FastifyInstance,
  instance: Instance,
  handlers: readonly Handled[],
  { county, notice }: AppOptions,
): void {
  for (const { route, answer } of handlers) {
    app.route({
      method: route.method,
      url: route.url,
      schema: schemaOf(route),
      ...(route.channel === 'events' ? { sse: 'only' as const } : {}),
      config: { rateLimit: limitOf(route) },
      preValidation: async (request) => {
        request.session = await admit(instance, county, route, request);
      },
      handler: async (request, reply) => {
        const { session } = request;
        const ask = {
          instance,
          county,
          notice,
          session,
          actor: session?.actor,
          scope: session === undefined ? undefined : scopeOfActor(session.actor),
          params: request.params,
          query: request.query,
          body: request.body,
          request,
          reply,
        };
        // The schemas have checked what the types say; a public route's handler uses no session.
        return answer(ask as unknown as Ask<Route>);
      },
    });
  }
}

/** Guessing passwords is slow for one address, whatever account it tries. */
function limitOf(route: Route): { max: number; timeWindow: number } | false {
  if (route.needs === 'public' && route.method === 'POST') return { max: 60, timeWindow: 60_000 };
  return false;
}

function schemaOf({ summary, params, querystring, body, answer, needs, url }: Route): object {
  return {
    summary,
    tags: [url.split('/')[2] ?? ''],
    ...(needs === 'public' ? {} : { security: [{ session: [] }] }),
    ...(params === undefined ? {} : { params }),
    ...(querystring === undefined ? {} : { querystring }),
    ...(body === undefined ? {} : { body }),
    response: { ...(answer === undefined ? {} : { 200: answer }), '4xx': Problem },
  };
}

/** Desk and phone app are one page each: whatever is no file and no API path is that page. */
async function addPages(app: FastifyInstance, options: AppOptions): Promise<void> {
  const pages = [
    { prefix: '/field/', root: options.fieldDir ?? packageFile('../field/dist') },
    { prefix: '/', root: options.deskDir ?? packageFile('../desk/dist') },
  ].filter(({ root }) => existsSync(join(root, 'index.html')));
  for (const [i, { prefix, root }] of pages.entries()) {
    await app.register(staticFiles, {
      root,
      prefix,
      wildcard: false,
      decorateReply: i === 0,
      // Names of built files change with their content.
      setHeaders: (reply, path) => {
        reply.header(
          'cache-control',
          path.includes('assets') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (path === '/field') return reply.redirect('/field/');
    const page = pages.find(({ prefix }) => path.startsWith(prefix));
    if (page !== undefined && request.method === 'GET' && !/^\/(api|docs|metrics)(\/|$)/.test(path)) {
      return reply.sendFile('index.html', page.root);
    }
    throw new Refusal('not-found', '没有这个地址；请从首页重新打开。');
  });
}
