// Bundles the campaign and runs it: `npm run campaign [-- --tenth]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, root, run } from '../scripts/install.mjs';

install();
const { bundle } = await import('../apps/server/scripts/build.mjs');
const dist = join(root, 'apps/server/dist/campaign');
mkdirSync(dist, { recursive: true });
await bundle(
  {
    main: join(root, 'campaign/main.ts'),
    'pglite-worker': join(root, 'apps/server/src/db/pglite-worker.ts'),
  },
  dist,
);
process.exitCode = run(process.execPath, [join(dist, 'main.js'), ...process.argv.slice(2)], {
  env: { ...process.env, QUANBAO_ROOT: root },
});
