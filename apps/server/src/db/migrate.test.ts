import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, engines, openTestInstance, type TestInstance } from '../testing/instance.ts';
import { schemaText } from '../testing/schema-text.ts';
import { type Migration, migrate, shippedMigrations } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { ROLES } from './session.ts';

const shipped = shippedMigrations();
const next = (sql: string, version = shipped.length + 1): Migration => ({
  version,
  name: `${version}.sql`,
  sql,
  digest: createHash('sha256').update(sql).digest('hex'),
});

describe('the shipped migrations', () => {
  it('are numbered without a gap', () => {
    expect(shipped.map((m) => m.version)).toEqual(shipped.map((_, i) => i + 1));
    for (const { name } of shipped) expect(name).toMatch(/^\d{4}_[a-z0-9_]+\.sql$/);
  });
});

describe.each(engines)('migrations on %s', (engine) => {
  let instance: TestInstance;
  beforeEach(async () => {
    instance = await openTestInstance(engine);
  });
  afterEach(() => instance?.close());
  const schema = (): Promise<string> => instance.db.asOwner(schemaText);
  const versions = async (): Promise<number[]> => {
    const rows = await instance.db.asOwner((tx) =>
      tx.query<{ version: number }>('select version from quanbao_migration order by version'),
    );
    return rows.map((row) => row.version);
  };

  it('are applied once, in order, and only what is missing', async () => {
    const before = await schema();
    await migrate(instance.db);
    expect(await schema()).toBe(before);
    await migrate(instance.db, [...shipped, next('create table one (a int)')]);
    expect(await versions()).toEqual([...shipped.map((m) => m.version), shipped.length + 1]);
    expect(await schema()).toContain('one: 01 a integer');
  });

  it('that fail leave nothing of themselves, and what went before stays', async () => {
    const good = next('create table one (a int)');
    const bad = next('create table two (a int); select 1 / 0', good.version + 1);
    await expect(migrate(instance.db, [...shipped, good, bad])).rejects.toThrow(/zero/);
    expect(await schema()).toContain('one: table');
    expect(await schema()).not.toContain('two: table');
    expect((await versions()).at(-1)).toBe(good.version);
  });

  it('refuse a database that is newer, before anything else', async () => {
    await migrate(instance.db, [...shipped, next('create table one (a int)')]);
    const before = await schema();
    const older = shipped.slice(0, -1);
    for (const known of [shipped, older]) {
      await expect(migrate(instance.db, known)).rejects.toMatchObject({
        problem: { code: 'db.newer', message: expect.stringMatching(/没有改动任何数据；请升级程序/) },
      });
    }
    expect(await schema()).toBe(before);
  });

  it('refuse a database made by a migration that reads otherwise now', async () => {
    const edited = shipped.map((m, i) => (i === 0 ? { ...m, digest: 'x' } : m));
    const more = [...edited, next('create table one (a int)')];
    await expect(migrate(instance.db, more)).rejects.toMatchObject({
      problem: { code: 'db.migration-changed' },
    });
    expect(await schema()).not.toContain('one: table');
  });
});

describe.runIf(engines.includes('postgres'))('migrations on one server', () => {
  it('survive twenty programs that start at once, on two databases', async () => {
    const databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
    try {
      const programs = await Promise.all(
        Array.from({ length: 20 }, (_, i) => openPostgres(databases[i % 2]?.url as string, { max: 1 })),
      );
      await Promise.all(programs.map((db) => migrate(db)));
      const texts = await Promise.all(programs.slice(0, 2).map((db) => db.asOwner(schemaText)));
      expect(texts[0]).toBe(texts[1]);
      for (const db of programs.slice(0, 2)) {
        const rows = await db.asOwner((tx) => tx.query('select version from quanbao_migration'));
        expect(rows).toHaveLength(shipped.length);
      }
      await Promise.all(programs.map((db) => db.close()));
    } finally {
      for (const database of databases) await database.drop();
    }
  });

  it('work for an owner who is no superuser, when the role is there', async () => {
    const database = await createTestDatabase();
    const name = new URL(database.url).pathname.slice(1);
    const owner = `${name}_owner`.slice(0, 60);
    const admin = await openPostgres(database.url, { max: 1 });
    try {
      await admin.asOwner((tx) =>
        tx.query(
          `create role ${owner} login; alter database ${name} owner to ${owner}; alter schema public owner to ${owner}`,
        ),
      );
      const url = new URL(database.url);
      url.username = owner;
      const db = await openPostgres(url.href, { max: 1 });
      // quanbao_app was made by the server's administrator; its membership is his to give.
      const refused = await migrate(db).catch((error) => error);
      expect(refused).toMatchObject({ problem: { code: 'db.role' } });
      await admin.asOwner((tx) => tx.query(`grant ${ROLES.join(', ')} to ${owner}`));
      await migrate(db);
      const scope = { county: '430981', region: '430981', actor: 'x' };
      expect(await db.transaction(scope, (tx) => tx.query('select * from person'))).toEqual([]);
      await db.close();
    } finally {
      await admin.close();
      await database.drop();
      const server = await openPostgres(process.env.QUANBAO_TEST_POSTGRES as string, { max: 1 });
      await server.asOwner((tx) => tx.query(`drop role if exists ${owner}`));
      await server.close();
    }
  });
});
