import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET = 500;
/** What is fetched before the first page stands: the entry and the home page, with all they import at once. */
const FIRST = ['index.html', 'src/features/home/home-page.tsx'];

/** Gzipped kilobytes of script of the first screen; what is imported later (charts) is not in it. */
export function firstScreen(dist) {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
  const files = new Set();
  const take = (key) => {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`${key} is not in the build`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const imported of chunk.imports ?? []) take(imported);
  };
  for (const key of FIRST) take(key);
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
  return { kilobytes: Math.round(bytes / 1024), budget: BUDGET };
}
