// Runs everything this machine can run; what is missing is named, never silently skipped.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, root, run } from './install.mjs';
import { startPrivatePostgres } from './private-postgres.mjs';

install();
const checks = [];
const check = (name, command, args, options) => {
  console.log(`\n== ${name}`);
  checks.push({ name, ok: run(command, args, options) === 0 });
};
const bin = (name) => join(root, 'node_modules/.bin', name);

check('build', process.execPath, [join(root, 'apps/server/scripts/build.mjs')]);
check('build of the desk, first screen', process.execPath, [join(root, 'apps/desk/scripts/build.mjs')]);
check('build of the phone app, its size', process.execPath, [join(root, 'apps/field/scripts/build.mjs')]);
check('types', bin('tsc'), ['-b']);
check('format and lint', bin('biome'), ['check', '.']);
check('boundaries', bin('depcruise'), [
  '--config',
  '.dependency-cruiser.cjs',
  'packages',
  'apps',
  'bench',
  'e2e',
]);
check('unused code', bin('knip'), []);

const missing = [];
const postgres = process.env.QUANBAO_TEST_POSTGRES ? undefined : startPrivatePostgres({ fsync: 'off' });
if (postgres === undefined && !process.env.QUANBAO_TEST_POSTGRES) {
  missing.push('PostgreSQL server programs (initdb, postgres): the PostgreSQL half of the database tests');
}
if (
  !['/usr/bin/chromium', '/usr/bin/google-chrome', process.env.CHROMIUM].some(
    (path) => path && existsSync(path),
  )
) {
  missing.push('Chromium (or CHROMIUM=path): the journeys on screen');
}
const results = mkdtempSync(join(tmpdir(), 'quanbao-test-'));
console.log('\n== tests');
// Screens and the command line work in processes of their own and wait for them: beside everything else they cost the run
// half their time (measured on two cores: 1,615 s with the screens alone set apart, the other half working on for 800 s).
const apart = ['e2e/', 'apps/server/src/cli/'];
const halves = await Promise.all([
  tests('screens and command line', apart),
  tests(
    'everything else',
    apart.flatMap((folder) => ['--exclude', `${folder}**`]),
  ),
]);
postgres?.stop();
let passed = 0;
let failed = 0;
for (const half of halves) {
  passed += half.passed;
  failed += half.failed;
}
rmSync(results, { recursive: true, force: true });
for (const { name, ok } of checks) {
  if (ok) passed++;
  else {
    failed++;
    console.log(`failed: ${name}`);
  }
}
for (const what of missing) console.log(`not run, missing on this machine: ${what}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs one half of the tests; one that leaves no report has failed. */
async function tests(name, which) {
  const report = join(results, `${name}.json`);
  const child = spawn(
    bin('vitest'),
    ['run', ...which, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...(postgres ? { QUANBAO_TEST_POSTGRES: postgres.url } : {}) },
    },
  );
  const [code] = await once(child, 'exit');
  try {
    const summary = JSON.parse(readFileSync(report, 'utf8'));
    const lost =
      summary.numFailedTestSuites > 0 && summary.numFailedTests === 0 ? summary.numFailedTestSuites : 0;
    const broken = summary.numFailedTests + lost;
    return { passed: summary.numPassedTests, failed: code !== 0 && broken === 0 ? 1 : broken };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
