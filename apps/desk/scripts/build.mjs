// The desk. Run by itself it also keeps the first screen within its budget.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appBuild } from '../../../scripts/build-app.mjs';
import { firstScreen } from './first-screen.mjs';

const desk = dirname(dirname(fileURLToPath(import.meta.url)));
export const { dist, isStale, build } = appBuild(desk, [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'package.json',
]);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  const { kilobytes, budget } = firstScreen(dist);
  console.log(`首屏脚本 ${kilobytes} KB（gzip），上限 ${budget} KB`);
  if (kilobytes > budget) process.exitCode = 1;
}
