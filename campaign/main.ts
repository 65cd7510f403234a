// The campaign of 沅江 from 1 August to 31 October 2020, day by day through the product's own path:
// `npm run campaign [-- --tenth | --ci] [--residents N] [--days N] [--embedded] [--out DIR] [--no-screens]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCampaign } from './run.ts';

const { values } = parseArgs({
  options: {
    residents: { type: 'string', default: '700000' },
    tenth: { type: 'boolean', default: false },
    ci: { type: 'boolean', default: false },
    days: { type: 'string' },
    seed: { type: 'string', default: '20200801' },
    embedded: { type: 'boolean', default: false },
    out: { type: 'string' },
    'no-screens': { type: 'boolean', default: false },
  },
});

const CI = 2_000;
const MEMORY = {
  shared_buffers: '512MB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
};
const root = process.env.QUANBAO_ROOT as string;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const residents = values.ci ? CI : Number(values.residents) / (values.tenth ? 10 : 1);
  const { startPrivatePostgres } = await import(join(root, 'scripts/private-postgres.mjs'));
  const given = values.embedded ? undefined : process.env.DATABASE_URL;
  // Nothing of it outlives the run.
  const cluster = values.embedded || given ? undefined : startPrivatePostgres({ ...MEMORY, fsync: 'off' });
  if (!values.embedded && !given && cluster === undefined) {
    say(
      '这台机器没有 PostgreSQL 服务程序；请用 DATABASE_URL 指定一个空库，或加 --embedded --residents 2000。',
    );
    process.exitCode = 2;
    return;
  }
  const work = mkdtempSync(join(tmpdir(), 'quanbao-campaign-'));
  const out = resolve(values.out ?? join(root, 'campaign'));
  try {
    const { days, broken } = await runCampaign({
      residents,
      seed: Number(values.seed),
      days: values.days === undefined ? undefined : Number(values.days),
      work,
      url: given || cluster?.url,
      out,
      root: values['no-screens'] || values.ci ? undefined : root,
      quick: values.ci,
      say,
    });
    say(`${days} 天，记录在 ${join(out, 'index.html')}`);
    if (broken !== undefined) {
      say(`不相符：${broken.day} ${broken.what}：一处为 ${broken.values[0]}，另一处为 ${broken.values[1]}`);
      process.exitCode = 1;
    }
  } finally {
    cluster?.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

await main();
