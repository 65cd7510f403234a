// The phone's app. Run by itself it also keeps the script within its budget.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { appBuild } from '../../../scripts/build-app.mjs';

const field = dirname(dirname(fileURLToPath(import.meta.url)));
export const { dist, isStale, build } = appBuild(field, [
  'src',
  'public',
  'scripts',
  'index.html',
  'vite.config.ts',
  'package.json',
]);
/** A village's network carries 8 KB a second: all of the script is there in half a minute, once. */
const BUDGET = 150;

/** Gzipped kilobytes of all script, the service worker's included. */
function scriptSize() {
  const files = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.js'));
  return Math.round(
    files.reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, name))).length, 0) / 1024,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  const kilobytes = scriptSize();
  console.log(`手机端脚本 ${kilobytes} KB（gzip），上限 ${BUDGET} KB`);
  if (kilobytes > BUDGET) process.exitCode = 1;
}
