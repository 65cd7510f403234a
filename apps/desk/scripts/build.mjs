// The desk as files a server can hand out, in dist/. Run by itself it also keeps the first screen within its budget.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstScreen } from './first-screen.mjs';

const desk = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(desk, 'dist');
const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'];
const shared = ['../../packages/contract/src', '../../packages/domain/src'];

function newest(path) {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function isStale() {
  try {
    const built = statSync(join(dist, 'index.html')).mtimeMs;
    return built < Math.max(...[...sources, ...shared].map((source) => newest(join(desk, source))));
  } catch {
    return true;
  }
}

export async function build() {
  const { build: vite } = await import('vite');
  const room = join(desk, 'node_modules');
  mkdirSync(room, { recursive: true });
  const fresh = join(room, `.build-${process.pid}`);
  const old = join(room, `.old-${process.pid}`);
  await vite({ root: desk, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
  // A server may be handing out the old files: they go away whole.
  if (statSync(dist, { throwIfNoEntry: false })) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  const { kilobytes, budget } = firstScreen(dist);
  console.log(`首屏脚本 ${kilobytes} KB（gzip），上限 ${budget} KB`);
  if (kilobytes > budget) process.exitCode = 1;
}
