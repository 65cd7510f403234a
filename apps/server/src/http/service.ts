import type { FastifyServerOptions } from 'fastify';
import { keepIndexed } from '../aside/keep-indexed.ts';
import { type Aside, inProcess } from '../aside/tasks.ts';
import { accessRoutes } from '../features/access/routes.ts';
import { addressesRoutes } from '../features/addresses/routes.ts';
import { assessmentRoutes } from '../features/assessment/routes.ts';
import { sealAndExport } from '../features/audit/index.ts';
import { auditRoutes } from '../features/audit/routes.ts';
import { checklistRoutes } from '../features/checklist/routes.ts';
import { coverageRoutes } from '../features/coverage/routes.ts';
import { ledgerRoutes } from '../features/ledger/routes.ts';
import { regionsRoutes } from '../features/regions/routes.ts';
import { registerRoutes } from '../features/register/routes.ts';
import { reportsRoutes } from '../features/reports/routes.ts';
import { sourcesRoutes } from '../features/sources/routes.ts';
import { cockpitRoutes } from '../features/supervision/cockpit/routes.ts';
import { tellEscalations } from '../features/supervision/index.ts';
import { paperRoutes } from '../features/supervision/papers/routes.ts';
import { supervisionRoutes } from '../features/supervision/routes.ts';
import { surveyRoutes } from '../features/survey/routes.ts';
import { targetRoutes } from '../features/targets/routes.ts';
import type { Instance } from '../instance.ts';
import { dumpIfDue, trialNotice } from '../maintenance/dumps.ts';
import { maintenanceRoutes } from '../maintenance/routes.ts';
import { buildApp } from './app.ts';
import type { Limits } from './limits.ts';

export interface ServiceOptions {
  readonly county: string;
  readonly host: string;
  readonly port: number;
  readonly logger?: FastifyServerOptions['logger'];
  readonly deskDir?: string;
  readonly fieldDir?: string;
  /** Where long work is done; in this process unless told otherwise. */
  readonly aside?: Aside;
  /** Smaller ones for a test. */
  readonly limits?: Limits;
}

export interface Service {
  readonly url: string;
  /** Takes no more requests, waits for what is under way, jobs included. */
  stop(): Promise<void>;
}

const MINUTE = 60_000;

/** Everything listens: the desk, its API, and the clockwork that seals the trail and keeps dumps. */
export async function startService(instance: Instance, options: ServiceOptions): Promise<Service> {
  const { app, jobs } = await buildService(instance, options);
  const url = await app.listen({ host: options.host, port: options.port });
  const every = setInterval(() => {
    clockwork(instance, options.county).catch((error) => app.log.error({ err: error }, 'clockwork'));
  }, MINUTE);
  const index = keepIndexed(instance, options.county, options.aside ?? inProcess(instance), (error) =>
    app.log.error({ err: error }, 'search index'),
  );
  return {
    url,
    stop: async () => {
      clearInterval(every);
      await app.close();
      await index.stop();
      await jobs.settled();
    },
  };
}

export async function buildService(
  instance: Instance,
  options: Pick<ServiceOptions, 'county' | 'logger' | 'deskDir' | 'fieldDir' | 'aside' | 'limits'>,
) {
  let fault: (error: unknown) => void = () => undefined;
  const sources = sourcesRoutes(
    options.aside ?? inProcess(instance),
    (error) => fault(error),
    options.limits,
  );
  const app = await buildApp(
    instance,
    [
      ...accessRoutes,
      ...addressesRoutes,
      ...auditRoutes,
      ...coverageRoutes,
      ...checklistRoutes,
      ...ledgerRoutes,
      ...maintenanceRoutes,
      ...regionsRoutes,
      ...registerRoutes,
      ...reportsRoutes,
      ...sources.routes,
      ...targetRoutes,
      ...assessmentRoutes,
      ...cockpitRoutes,
      ...paperRoutes,
      ...supervisionRoutes,
      ...surveyRoutes(options.aside ?? inProcess(instance), sources.uploads, sources.jobs),
    ],
    { ...options, notice: trialNotice(instance) },
  );
  fault = (error) => app.log.error({ err: error }, 'job');
  return { app, jobs: sources.jobs };
}

/** What is due by the clock and asked for by nobody. */
export async function clockwork(instance: Instance, county: string): Promise<void> {
  await sealAndExport(instance.db, county, instance.keyring.auditKey, instance.dir);
  await tellEscalations(instance, county);
  await dumpIfDue(instance);
}
