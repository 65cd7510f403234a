import * as access from './access.ts';
import * as addresses from './addresses.ts';
import * as assessment from './assessment.ts';
import * as audit from './audit.ts';
import * as checklist from './checklist.ts';
import * as cockpit from './cockpit.ts';
import * as field from './field.ts';
import * as ledger from './ledger.ts';
import * as papers from './papers.ts';
import * as regions from './regions.ts';
import * as register from './register.ts';
import * as reports from './reports.ts';
import type { Route } from './route.ts';
import * as settings from './settings.ts';
import * as sources from './sources.ts';
import * as supervision from './supervision.ts';
import * as survey from './survey.ts';
import * as targets from './targets.ts';
import * as workbooks from './workbooks.ts';

/** Every route there is; the server refuses to start when one has no handler. */
export const ROUTES: readonly Route[] = [
  access,
  addresses,
  assessment,
  audit,
  checklist,
  cockpit,
  field,
  ledger,
  papers,
  regions,
  register,
  reports,
  settings,
  sources,
  supervision,
  survey,
  targets,
  workbooks,
].flatMap((slice) => Object.values<unknown>(slice).filter(isRoute));

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'url' in value;
}
