// An application of the browser as files a server can hand out, in its dist/.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SHARED = ['../../packages/contract/src', '../../packages/domain/src'];

function newest(path) {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** @param sources what it is made of, beside the shared packages; all relative to its directory */
export function appBuild(app, sources) {
  const dist = join(app, 'dist');
  return {
    dist,
    isStale() {
      try {
        const built = statSync(join(dist, 'index.html')).mtimeMs;
        return built < Math.max(...[...sources, ...SHARED].map((source) => newest(join(app, source))));
      } catch {
        return true;
      }
    },
    async build() {
      const { build: vite } = await import('vite');
      const room = join(app, 'node_modules');
      mkdirSync(room, { recursive: true });
      const fresh = join(room, `.build-${process.pid}`);
      const old = join(room, `.old-${process.pid}`);
      await vite({ root: app, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
      // A server may be handing out the old files: they go away whole.
      if (statSync(dist, { throwIfNoEntry: false })) renameSync(dist, old);
      renameSync(fresh, dist);
      rmSync(old, { recursive: true, force: true });
    },
  };
}
