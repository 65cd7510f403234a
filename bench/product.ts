// The product's whole path with everything on: reading, encryption, evidence, verdicts, counts, audit, forms.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openInstance } from '../apps/server/src/composition.ts';
import type { Scope } from '../apps/server/src/db/port.ts';
import { loadRegionTree } from '../apps/server/src/features/regions/index.ts';
import { annex3Page, countedForm, toXlsx } from '../apps/server/src/features/reports/index.ts';
import { initCounty, readManifest, receive } from '../apps/server/src/features/sources/index.ts';
import { BASE_DAY, DELTA_DAY } from './data.ts';
import { type AreaCells, clock, type Measured } from './measure.ts';
import { searches } from './search.ts';

const COUNTY = '430981';
const SCOPE: Scope = { county: COUNTY, region: COUNTY, actor: 'bench' };

export async function runProduct(dir: string, work: string, url: string | undefined): Promise<Measured> {
  const seconds: Record<string, number> = {};
  const stages: { name: string; since: () => number }[] = [];
  const onProgress = (text: string): void => {
    if (text.startsWith('  ')) return;
    const last = stages.pop();
    if (last !== undefined) seconds[last.name] = (seconds[last.name] ?? 0) + last.since();
    stages.push({ name: text.split(/[ ：]/)[0] as string, since: clock() });
  };
  const instance = await openInstance({ dir: work, url });
  await initCounty(instance, COUNTY, 'bench');
  const whole = clock();
  await receive(instance, SCOPE, (await readManifest(join(dir, 'base.json'))).deliveries, { onProgress });
  onProgress('出表');
  const base = await cells(instance, BASE_DAY);
  onProgress('');
  seconds.whole = whole();

  const delta = clock();
  stages.length = 0;
  await receive(instance, SCOPE, (await readManifest(join(dir, 'delta.json'))).deliveries, {});
  const changed = await cells(instance, DELTA_DAY);
  seconds.delta = delta();
  Object.assign(seconds, await forms(instance), await searches(instance, SCOPE));
  const diskMb = url === undefined ? sizeOf(join(work, 'pgdata')) : await databaseMb(instance);
  await instance.close();
  return { seconds, peakMb: process.resourceUsage().maxRSS / 1024, diskMb, base, changed };
}

type Instance = Awaited<ReturnType<typeof openInstance>>;

async function cells(instance: Instance, day: string): Promise<AreaCells> {
  return instance.db.transaction(SCOPE, async (tx) => {
    const four = await countedForm(tx, SCOPE, 'annex4', COUNTY, day);
    const five = await countedForm(tx, SCOPE, 'annex5', COUNTY, day);
    const paid = new Map(five.rows.map((row) => [row.code, [row.cells[4], row.cells[5]]]));
    return Object.fromEntries(
      four.rows
        .filter((row) => Number(row.cells[3]) > 0)
        .map(
          (row) =>
            [
              row.code,
              [3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
                .map((column) => row.cells[column])
                .concat(paid.get(row.code) ?? [])
                .map(Number),
            ] as const,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
}

/** Median of nine, in seconds. */
async function forms(instance: Instance): Promise<Record<string, number>> {
  const town = '430981113';
  const result: Record<string, number> = {};
  const time = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const runs: number[] = [];
    for (let i = 0; i < 9; i++) {
      const done = clock();
      await work();
      runs.push(done());
    }
    result[name] = runs.sort((a, b) => a - b)[4] as number;
  };
  for (const form of ['annex4', 'annex5'] as const) {
    for (const region of [COUNTY, town]) {
      await time(`${form}-${region === COUNTY ? 'county' : 'town'}`, () =>
        instance.db.transaction(SCOPE, (tx) => countedForm(tx, SCOPE, form, region, DELTA_DAY)),
      );
    }
  }
  await time('annex3-first-100', () =>
    instance.db.transaction(SCOPE, async (tx) => {
      const tree = await loadRegionTree(tx, COUNTY);
      await annex3Page(tx, instance, SCOPE, tree, COUNTY, DELTA_DAY, { limit: 100 });
    }),
  );
  await time('annex4-xlsx', () =>
    instance.db.transaction(SCOPE, async (tx) =>
      toXlsx(await countedForm(tx, SCOPE, 'annex4', COUNTY, DELTA_DAY)),
    ),
  );
  return result;
}

async function databaseMb(instance: Instance): Promise<number> {
  const [row] = await instance.db.asOwner((tx) =>
    tx.query<{ mb: number }>('select (pg_database_size(current_database()) / 1048576.0)::float8 as mb'),
  );
  return row?.mb ?? 0;
}

function sizeOf(path: string): number {
  let bytes = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    bytes += entry.isDirectory() ? sizeOf(inner) * 1024 ** 2 : statSync(inner).size;
  }
  return bytes / 1024 ** 2;
}
