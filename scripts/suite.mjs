// `npm run faults -- [--rounds N]` and `npm run attack -- [--bodies N]`: what `npm test` runs in a short form, at length.
import { parseArgs } from 'node:util';
import { install, root, run } from './install.mjs';
import { startPrivatePostgres } from './private-postgres.mjs';

const SUITES = {
  faults: { paths: ['apps/server/src/faults/'], option: 'rounds', many: '100', variable: 'QUANBAO_ROUNDS' },
  attack: {
    paths: [
      'apps/server/src/attack/',
      'apps/server/src/http/',
      'apps/server/src/features/access/',
      'apps/server/src/features/sources/upload-limits',
      'apps/server/src/db/row-security',
      'apps/server/src/cli/refusals',
      'apps/field/src/vault/',
    ],
    option: 'bodies',
    many: '100',
    variable: 'QUANBAO_FUZZ',
  },
};

const [name, ...rest] = process.argv.slice(2);
const { paths, option, many, variable } = SUITES[name];
const { values } = parseArgs({ args: rest, options: { [option]: { type: 'string', default: many } } });
install();
const postgres = startPrivatePostgres();
if (postgres === undefined)
  console.log('not run, missing on this machine: PostgreSQL server programs; the embedded database alone');
process.exitCode = run(
  `${root}/node_modules/.bin/vitest`,
  ['run', ...paths, '--maxWorkers=2', '--testTimeout=7200000'],
  { env: { ...process.env, [variable]: values[option], QUANBAO_TEST_POSTGRES: postgres?.url ?? '' } },
);
postgres?.stop();
