// One bundle for the command line and one for the embedded database's worker; packages stay outside.
import { readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const server = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(server, 'dist');
const entries = {
  main: join(server, 'src/main.ts'),
  'pglite-worker': join(server, 'src/db/pglite-worker.ts'),
  'task-worker': join(server, 'src/aside/task-worker.ts'),
};

function newest(dir) {
  let time = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    const t = entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    if (t > time) time = t;
  }
  return time;
}

export function isStale() {
  try {
    const built = Math.min(...Object.keys(entries).map((name) => statSync(join(dist, `${name}.js`)).mtimeMs));
    const sources = ['src', '../../packages/contract/src', '../../packages/domain/src'];
    return built < Math.max(...sources.map((source) => newest(join(server, source))));
  } catch {
    return true;
  }
}

export async function bundle(entryPoints, outdir) {
  const { build: esbuild } = await import('esbuild');
  await esbuild({
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    packages: 'external',
    alias: {
      '@quanbao/contract': join(server, '../../packages/contract/src'),
      '@quanbao/domain': join(server, '../../packages/domain/src'),
    },
    resolveExtensions: ['.ts', '.js'],
    logLevel: 'warning',
  });
}

export async function build() {
  const tmp = join(dist, `.build-${process.pid}`);
  await bundle(entries, tmp);
  // Two starts at once may both build: each renames whole files.
  for (const name of Object.keys(entries)) renameSync(join(tmp, `${name}.js`), join(dist, `${name}.js`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
