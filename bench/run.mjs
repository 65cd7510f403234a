// Bundles the benchmark and runs it: `npm run bench -- --residents N [--json]`; with `load` first, how long people at
// the desk wait.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, root, run } from '../scripts/install.mjs';

install();
const { bundle } = await import('../apps/server/scripts/build.mjs');
const dist = join(root, 'apps/server/dist/bench');
mkdirSync(dist, { recursive: true });
const server = join(root, 'apps/server/src');
await bundle(
  {
    main: join(root, 'bench/main.ts'),
    load: join(root, 'bench/load.ts'),
    'pglite-worker': join(server, 'db/pglite-worker.ts'),
  },
  dist,
);
const [which, ...rest] = process.argv.slice(2);
const load = which === 'load';
process.exitCode = run(
  process.execPath,
  [join(dist, load ? 'load.js' : 'main.js'), ...(load ? rest : process.argv.slice(2))],
  {
    env: { ...process.env, QUANBAO_ROOT: root },
  },
);
