// Bundles the benchmark and runs it: `npm run bench -- --residents N [--json]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, root, run } from '../scripts/install.mjs';

install();
const { bundle } = await import('../apps/server/scripts/build.mjs');
const dist = join(root, 'apps/server/dist/bench');
mkdirSync(dist, { recursive: true });
await bundle({ main: join(root, 'bench/main.ts') }, dist);
process.exitCode = run(process.execPath, [join(dist, 'main.js'), ...process.argv.slice(2)], {
  env: { ...process.env, QUANBAO_ROOT: root },
});
