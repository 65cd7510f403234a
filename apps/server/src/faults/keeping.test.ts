import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInstance } from '../composition.ts';
import { migrate, shippedMigrations } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { adjudicate } from '../features/register/index.ts';
import { restore } from '../maintenance/backup.ts';
import { checkInstance } from '../maintenance/check.ts';
import { CIPHERS } from '../maintenance/rotate.ts';
import {
  type DataPlace,
  inventedId,
  openPlace,
  type Place,
  placeAt,
  registerCsv,
  tableDigests,
} from '../testing/command.ts';
import { createTestDatabase, scopeOf } from '../testing/instance.ts';
import { rounds, struck, tell } from '../testing/rounds.ts';
import { schemaText } from '../testing/schema-text.ts';

/** What keeps the data — backup, rotation of keys, migration — killed at random moments. */

const COUNTY = '430981';
const scope = scopeOf(COUNTY);
const ROUNDS = rounds(1);

describe.each(struck)('keeping killed on %s', (engine) => {
  let place: Place;
  const scratch = mkdtempSync(join(tmpdir(), 'quanbao-keeping-'));

  beforeAll(async () => {
    place = await openPlace(engine, { county: COUNTY });
    const register = place.file('八月.csv', registerCsv(0, 3000));
    const list = ['import', register, '--source', 'household-register', '--as-of', '2020-08-31'];
    expect((await place.quanbao(list)).code).toBe(0);
    const document = place.file('纪要.txt', '会议'.repeat(200_000));
    await place.inside((instance) =>
      adjudicate(instance, scope, [inventedId(3)], { column: 17, reason: '失联', document }),
    );
  });
  afterAll(async () => {
    await place.drop();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** Runs the program and kills it somewhere in the last two thirds of the time a whole run takes. */
  async function killed(on: DataPlace, args: readonly string[], takes: number): Promise<boolean> {
    const wait = takes * (0.3 + 0.7 * Math.random());
    let child: { kill(signal: 'SIGKILL'): boolean } | undefined;
    const running = on.quanbao(args, { onStart: (started) => (child = started) });
    const timer = setTimeout(() => child?.kill('SIGKILL'), wait);
    const done = await running;
    clearTimeout(timer);
    return done.signal === 'SIGKILL';
  }

  async function timed(on: DataPlace, args: readonly string[]): Promise<number> {
    const start = performance.now();
    const done = await on.quanbao(args);
    expect([done.code, done.err]).toEqual([0, expect.any(String)]);
    return performance.now() - start;
  }

  const allRight = (): Promise<void> =>
    place.inside(async (instance) => {
      const wrong = (await checkInstance(instance, scope)).filter((result) => !result.ok);
      expect(wrong).toEqual([]);
    });

  it('a backup has its name only when it is whole, and comes back to the same rows', async () => {
    const outcome = { there: 0, absent: 0, struck: 0 };
    const takes = await timed(place, ['backup', join(scratch, 'first.qbk')]);
    for (let n = 0; n < ROUNDS; n++) {
      const file = join(scratch, `${n}.qbk`);
      if (await killed(place, ['backup', file], takes)) outcome.struck++;
      outcome[existsSync(file) ? 'there' : 'absent']++;
      if (existsSync(file)) await comesBack(file);
      rmSync(`${file}.part`, { force: true });
    }
    await comesBack(join(scratch, 'first.qbk'));
    expect((await place.quanbao(['deliveries'])).code).toBe(0);
    expect(readdirSync(place.dir).filter((name) => /^(?:backup|restore|work)-/.test(name))).toEqual([]);
    tell(`${engine}, backup`, outcome);
  }, 7_200_000);

  async function comesBack(file: string): Promise<void> {
    const database = engine === 'postgres' ? await createTestDatabase() : undefined;
    const dir = mkdtempSync(join(scratch, 'back-'));
    cpSync(join(place.dir, 'keys.json'), join(dir, 'keys.json'));
    const restored = await openInstance({ dir, url: database?.url });
    try {
      await restore(restored, file, { actor: 'test' });
      const [ours, theirs] = [await place.inside(tableDigests), await tableDigests(restored)];
      for (const table of ['person', 'claim', 'step', 'count_delta', 'delivery', 'adjudication'])
        expect([table, theirs[table]]).toEqual([table, ours[table]]);
    } finally {
      await restored.close();
      await database?.drop();
      rmSync(dir, { recursive: true, force: true });
    }
  }

  it('a rotation of keys loses no value, and run again goes through', async () => {
    const outcome = { struck: 0 };
    const takes = await timed(place, ['keys', 'rotate']);
    for (let n = 0; n < ROUNDS; n++) {
      if (await killed(place, ['keys', 'rotate'], takes)) outcome.struck++;
      await allRight();
      await timed(place, ['keys', 'rotate']);
      expect(await underOldKeys(place)).toEqual([]);
    }
    await allRight();
    tell(`${engine}, rotation`, outcome);
  }, 7_200_000);

  it('a migration goes on where it was stopped, and ends with the schema of one that was not', async () => {
    const whole = await place.inside((instance) => instance.db.asOwner(schemaText));
    const outcome = { struck: 0 };
    const shipped = shippedMigrations();
    let takes = 0;
    for (let n = 0; n <= ROUNDS; n++) {
      const database = engine === 'postgres' ? await createTestDatabase() : undefined;
      const dir = mkdtempSync(join(scratch, 'migrated-'));
      const other = placeAt(dir, database?.url);
      try {
        // An older program had come so far.
        const db = await openDatabase({ url: database?.url, dir });
        await migrate(db, shipped.slice(0, n === 0 ? 1 : Math.floor(Math.random() * shipped.length)));
        await db.close();
        const init = ['init', '--county', COUNTY];
        if (n === 0) takes = await timed(other, init);
        else {
          if (await killed(other, init, takes)) outcome.struck++;
          const again = await other.quanbao(init);
          // Done already, and said so, when it was struck after its work.
          if (again.code !== 0) expect([again.code, again.err]).toEqual([3, expect.stringContaining('已')]);
        }
        await other.inside(async (instance) => {
          expect(await instance.db.asOwner(schemaText)).toEqual(whole);
          expect((await checkInstance(instance, scope)).filter((result) => !result.ok)).toEqual([]);
        });
      } finally {
        await database?.drop();
        rmSync(dir, { recursive: true, force: true });
      }
    }
    tell(`${engine}, migration`, outcome);
  }, 7_200_000);
});

/** The sealed columns in which a value is not under the newest key. */
function underOldKeys(place: DataPlace): Promise<string[]> {
  return place.inside((instance) =>
    instance.db.asOwner(async (tx) => {
      const old: string[] = [];
      for (const { table, column } of CIPHERS) {
        const rows = await tx.query<{ c: Buffer }>(
          `select ${column} as c from ${table} where ${column} is not null`,
        );
        if (rows.some(({ c }) => !instance.cipher.isCurrent(c))) old.push(`${table}.${column}`);
      }
      return old;
    }),
  );
}
