// From nothing to the printed forms of the demo county; a second start goes on from what is there.
import { join } from 'node:path';
import { install, root, run } from './install.mjs';

install();
for (const app of ['desk', 'field']) {
  const { build, isStale } = await import(`../apps/${app}/scripts/build.mjs`);
  if (isStale()) await build();
}
process.exitCode = run(process.execPath, [join(root, 'apps/server/bin/quanbao.mjs'), 'start']);
