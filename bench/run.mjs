// Bundles the benchmark and runs it: `npm run bench -- --residents N [--json]`; with `load` or `phones` first,
// how long people wait, at the desk and with phones.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, root, run } from '../scripts/install.mjs';

install();
const { build, bundle, isStale } = await import('../apps/server/scripts/build.mjs');
// The service that is asked runs from the built program.
if (isStale()) await build();
const dist = join(root, 'apps/server/dist/bench');
mkdirSync(dist, { recursive: true });
const server = join(root, 'apps/server/src');
await bundle(
  {
    main: join(root, 'bench/main.ts'),
    load: join(root, 'bench/load.ts'),
    phones: join(root, 'bench/phones.ts'),
    'pglite-worker': join(server, 'db/pglite-worker.ts'),
  },
  dist,
);
const [which, ...rest] = process.argv.slice(2);
const named = ['load', 'phones'].includes(which);
process.exitCode = run(
  process.execPath,
  [join(dist, named ? `${which}.js` : 'main.js'), ...(named ? rest : process.argv.slice(2))],
  { env: { ...process.env, QUANBAO_ROOT: root } },
);
