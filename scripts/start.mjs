// From nothing to the printed forms of the demo county; a second start goes on from what is there.
import { join } from 'node:path';
import { install, root, run } from './install.mjs';

install();
const desk = await import('../apps/desk/scripts/build.mjs');
if (desk.isStale()) await desk.build();
process.exitCode = run(process.execPath, [join(root, 'apps/server/bin/quanbao.mjs'), 'start']);
