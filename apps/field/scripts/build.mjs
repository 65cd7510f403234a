// The phone's app as files a server can hand out, in dist/. Run by itself it also keeps the script within its budget.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const field = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(field, 'dist');
const sources = ['src', 'public', 'scripts', 'index.html', 'vite.config.ts', 'package.json'];
const shared = ['../../packages/contract/src', '../../packages/domain/src'];
/** A village's network carries 8 KB a second: all of the script is there in half a minute, once. */
const BUDGET = 150;

function newest(path) {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function isStale() {
  try {
    const built = statSync(join(dist, 'index.html')).mtimeMs;
    return built < Math.max(...[...sources, ...shared].map((source) => newest(join(field, source))));
  } catch {
    return true;
  }
}

export async function build() {
  const { build: vite } = await import('vite');
  const room = join(field, 'node_modules');
  mkdirSync(room, { recursive: true });
  const fresh = join(room, `.build-${process.pid}`);
  const old = join(room, `.old-${process.pid}`);
  await vite({ root: field, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
  // A server may be handing out the old files: they go away whole.
  if (statSync(dist, { throwIfNoEntry: false })) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

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
