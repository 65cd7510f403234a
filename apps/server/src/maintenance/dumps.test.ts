import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInstance } from '../composition.ts';
import { record } from '../features/audit/index.ts';
import { openTestInstance, scopeOf, type TestInstance } from '../testing/instance.ts';
import { restore } from './backup.ts';
import { dumpIfDue, trialNotice } from './dumps.ts';

const HOUR = 3_600_000;
const START = Date.parse('2020-09-01T00:00:00Z');
const at = (hours: number): { now: Date } => ({ now: new Date(START + hours * HOUR) });

describe('automatic dumps of the embedded database', () => {
  let instance: TestInstance;
  const dumps = (): string[] => readdirSync(join(instance.dir, 'dumps')).sort();
  const act = (): Promise<void> =>
    instance.db.transaction(scopeOf('430981'), (tx) =>
      record(tx, { county: '430981', actor: 'x', act: 'a', subject: 's' }),
    );
  beforeAll(async () => {
    instance = await openTestInstance('pglite', { county: '430981' });
  });
  afterAll(() => instance?.close());

  it('begin with the first people, come after changes, six hours apart, and three are kept', async () => {
    expect(await dumpIfDue(instance, at(0))).toBeUndefined();
    await instance.db.asOwner((tx) =>
      tx.query(
        `insert into person values ('430981', 1, gen_random_uuid(), '\\x00', '1950-01-01', '男', '某人', '430981')`,
      ),
    );
    expect(await dumpIfDue(instance, at(0))).toContain('2020-09-01T00-00-00Z-a');
    await act();
    expect(await dumpIfDue(instance, at(5))).toBeUndefined();
    expect(await dumpIfDue(instance, at(6))).toBeDefined();
    expect(await dumpIfDue(instance, at(20))).toBeUndefined();
    for (const hours of [12, 18, 24]) {
      await act();
      expect(await dumpIfDue(instance, at(hours))).toBeDefined();
    }
    expect(dumps().map((name) => name.slice(0, 13))).toEqual([
      '2020-09-01T12',
      '2020-09-01T18',
      '2020-09-02T00',
    ]);
    const bytes = readFileSync(join(instance.dir, 'dumps', dumps()[2] as string));
    expect(bytes.includes('某人')).toBe(false);
  });

  it('can be restored', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'quanbao-restored-'));
    cpSync(join(instance.dir, 'keys.json'), join(dir, 'keys.json'));
    const other = await openInstance({ dir, url: undefined });
    try {
      await restore(other, join(instance.dir, 'dumps', dumps()[2] as string), { actor: 'test' });
      expect(await other.db.asOwner((tx) => tx.query('select name from person'))).toEqual([{ name: '某人' }]);
    } finally {
      await other.close();
      rmSync(dir, { recursive: true });
    }
  });

  it('are not made of a server, which has its own; nor is it called a trial', async () => {
    const server = { ...instance, db: { ...instance.db, profile: 'postgres' as const } };
    await act();
    expect(await dumpIfDue(server, at(99))).toBeUndefined();
    expect(trialNotice(server)).toBeUndefined();
    expect(trialNotice(instance)).toMatch(/试用.*断电.*DATABASE_URL/);
  });
});
