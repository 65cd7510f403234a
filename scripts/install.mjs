// `npm start` and `npm test` work from a fresh clone: what package-lock.json names is installed first.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

export function installed() {
  const inner = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(inner)) return false;
  const have = JSON.parse(readFileSync(inner, 'utf8')).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional ||
      entry.link ||
      !path.startsWith('node_modules/') ||
      have[path]?.version === entry.version,
  );
}

export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`全保需要 Node.js 20.19 或更新版本，当前是 ${process.versions.node}。`);
    process.exit(2);
  }
  if (installed()) return;
  console.error('正在安装依赖（npm ci）……');
  const npm = process.env.npm_execpath;
  const status = npm ? run(process.execPath, [npm, 'ci']) : run('npm', ['ci']);
  if (status !== 0) process.exit(status);
}
