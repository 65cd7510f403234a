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
const postgres = process.env.QUANBAO_TEST_POSTGRES ? undefined : startPrivatePostgres({ fsync: 'off' });
// Beside the checks, which keep one processor busy.
const campaign = postgres || process.env.QUANBAO_TEST_POSTGRES ? startCampaign() : undefined;
check('types', bin('tsc'), ['-b']);
check('format and lint', bin('biome'), ['check', '.']);
check('boundaries', bin('depcruise'), [
  '--config',
  '.dependency-cruiser.cjs',
  'packages',
  'apps',
  'bench',
  'campaign',
  'e2e',
]);
check('unused code', bin('knip'), []);

const missing = [];
if (campaign === undefined) {
  missing.push('PostgreSQL server programs (initdb, postgres): the PostgreSQL half of the database tests');
  missing.push('PostgreSQL server programs: the campaign day by day (npm run campaign -- --ci)');
} else {
  checks.push({ name: 'a campaign of three months, small', ok: (await campaign.ended) === 0 });
  rmSync(campaign.gallery, { recursive: true, force: true });
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
// Screens wait for themselves most of the time (a slow line, a debounce), so they go beside two that work.
const halves = await Promise.all([
  tests('screens', ['e2e/'], 1),
  tests('everything else', ['--exclude', 'e2e/**'], 2),
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

/** A campaign of three months for a small county, day by day. */
function startCampaign() {
  console.log('\n== a campaign of three months, small');
  const gallery = mkdtempSync(join(tmpdir(), 'quanbao-gallery-'));
  const child = spawn(process.execPath, [join(root, 'campaign/run.mjs'), '--ci', '--out', gallery], {
    cwd: root,
    stdio: 'inherit',
  });
  return { gallery, ended: once(child, 'exit').then(([code]) => code) };
}

/** Runs a part of the tests, so many files at a time; one that leaves no report has failed. */
async function tests(name, which, workers) {
  const report = join(results, `${name}.json`);
  const child = spawn(
    bin('vitest'),
    [
      'run',
      ...which,
      `--maxWorkers=${workers}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...(postgres ? { QUANBAO_TEST_POSTGRES: postgres.url } : {}) },
    },
  );
  const [code] = await once(child, 'exit');
  try {
    const summary = JSON.parse(readFileSync(report, 'utf8'));
    // A file whose set-up fails has no failed test of its own.
    const lost = summary.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
    ).length;
    const broken = summary.numFailedTests + lost;
    return { passed: summary.numPassedTests, failed: code !== 0 && broken === 0 ? 1 : broken };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
