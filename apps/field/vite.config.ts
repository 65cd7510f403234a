import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const server = `http://127.0.0.1:${process.env.PORT ?? 8080}`;

/** sw.js beside the page: it names every file of this build, so that all of them are there without network. */
function serviceWorker(): Plugin {
  const here = (path: string): URL => new URL(path, import.meta.url);
  return {
    name: 'service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files = [...Object.keys(bundle), ...readdirSync(here('public'))].sort();
        const hash = createHash('sha256');
        for (const file of Object.values(bundle))
          hash.update(file.type === 'chunk' ? file.code : file.source);
        for (const name of readdirSync(here('public')).sort())
          hash.update(readFileSync(here(`public/${name}`)));
        const source = readFileSync(here('scripts/service-worker.js'), 'utf8')
          .replace("'VERSION'", JSON.stringify(hash.digest('hex').slice(0, 16)))
          .replace("['FILES']", JSON.stringify(files));
        this.emitFile({ type: 'asset', fileName: 'sw.js', source });
      },
    },
  };
}

export default defineConfig({
  base: '/field/',
  plugins: [react(), serviceWorker()],
  server: { host: '127.0.0.1', proxy: { '/api': server } },
});
