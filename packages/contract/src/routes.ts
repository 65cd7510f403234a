import * as access from './access.ts';
import * as addresses from './addresses.ts';
import * as audit from './audit.ts';
import * as field from './field.ts';
import * as ledger from './ledger.ts';
import * as regions from './regions.ts';
import * as register from './register.ts';
import * as reports from './reports.ts';
import type { Route } from './route.ts';
import * as settings from './settings.ts';
import * as sources from './sources.ts';
import * as survey from './survey.ts';
import * as workbooks from './workbooks.ts';

/** Every route there is; the server refuses to start when one has no handler. */
export const ROUTES: readonly Route[] = [
  access,
  addresses,
  audit,
  field,
  ledger,
  regions,
  register,
  reports,
  settings,
  sources,
  survey,
  workbooks,
].flatMap((slice) => Object.values<unknown>(slice).filter(isRoute));

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'url' in value;
}
