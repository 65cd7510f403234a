// One bundle for the command line and one for the embedded database's worker.
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const server = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(server, 'dist');
const entries = {
  main: join(server, 'src/main.ts'),
  'pglite-worker': join(server, 'src/db/pglite-worker.ts'),
  'task-worker': join(server, 'src/aside/task-worker.ts'),
};

/** How the files of shared code are called. */
const PART = 'part-';

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

/**
 * Packages stay outside, but for those of many small modules without files of their own: looking up 800 of them takes
 * half of a start.
 */
const INSIDE =
  /^(typebox|hucre|pinyin-pro|docx|openid-client|oauth4webapi|jose|otpauth|@noble\/hashes)(\/|$)/;
const outside = {
  name: 'outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@quanbao/') || INSIDE.test(path)
        ? undefined
        : { path, external: true },
    );
  },
};

/** @param more options of esbuild */
export async function bundle(entryPoints, outdir, more = {}) {
  const { build: esbuild } = await import('esbuild');
  await esbuild({
    ...more,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    plugins: [outside],
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
  // In parts: a command that serves nothing does not load what serves.
  await bundle(entries, tmp, { splitting: true, chunkNames: `${PART}[hash]` });
  // Two starts at once may both build: each renames whole files, the parts before what asks for them.
  const made = readdirSync(tmp).sort((a, b) => Number(b.startsWith(PART)) - Number(a.startsWith(PART)));
  for (const file of made) renameSync(join(tmp, file), join(dist, file));
  const old = readdirSync(dist).filter((file) => file.startsWith(PART) && !made.includes(file));
  for (const file of old) rmSync(join(dist, file), { force: true });
  rmSync(tmp, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
