import { Worker } from 'node:worker_threads';
import { Refusal } from '@quanbao/domain/kernel/problem';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { receive } from '../features/sources/index.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../testing/instance.ts';
import { PGLITE_CEILING } from './pglite.ts';
import type { Database } from './port.ts';
import { openPostgres } from './postgres.ts';

const COUNTY = '430981';

describe.each(engines)('the port on %s', (engine) => {
  let instance: TestInstance;
  let db: Database;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    db = instance.db;
  });
  afterAll(() => instance?.close());

  it('gives the same values on every profile', async () => {
    const [row] = await db.asOwner((tx) =>
      tx.query(
        `select 9007199254740991::bigint as big, 7::int as int, 1.50::numeric as num, 0.1::float8 as float, true as yes,
           date '1940-06-01' as day, timestamptz '2026-03-01 08:00:00.123+08' as at, '\\x00ff'::bytea as bytes,
           '{"a":[1,"中"]}'::jsonb as json, array['a','中'] as texts, array[1,2]::bigint[] as bigs, null as nothing,
           count(*) as n, $1::text as text, $2::bytea as back from county`,
        ['文\n\t\\', Buffer.from([1, 2])],
      ),
    );
    expect(row).toEqual({
      big: 9007199254740991,
      int: 7,
      num: '1.50',
      float: 0.1,
      yes: true,
      day: '1940-06-01',
      at: new Date('2026-03-01T00:00:00.123Z'),
      bytes: Buffer.from([0, 255]),
      json: { a: [1, '中'] },
      texts: ['a', '中'],
      bigs: expect.anything(),
      nothing: null,
      n: 1,
      text: '文\n\t\\',
      back: Buffer.from([1, 2]),
    });
  });

  it('remembers an answer until the journal changes, for one sight, and never what a transaction wrote itself', async () => {
    let made = 0;
    const ask = (region = COUNTY, write = false): Promise<number> =>
      db.transaction(scopeOf(COUNTY, region), async (tx) => {
        if (write) await tx.query("update county set settings = settings where county = '430981'");
        return tx.remember('made', async () => ++made);
      });
    expect([await ask(), await ask()]).toEqual([1, 1]);
    expect([await ask('430981100'), await ask('430981100'), await ask()]).toEqual([2, 2, 1]);
    expect([await ask(COUNTY, true), await ask()]).toEqual([3, 1]);
    await db.asOwner((tx) => tx.query('update county set next_change = next_change + 1'));
    expect([await ask(), await ask()]).toEqual([4, 4]);
    const failing = db.transaction(scopeOf(COUNTY), (tx) =>
      tx.remember('fails', () => Promise.reject(new Error('mine'))),
    );
    await expect(failing).rejects.toThrow('mine');
    const after = db.transaction(scopeOf(COUNTY), (tx) => tx.remember('fails', async () => 'made'));
    expect(await after).toBe('made');
  });

  it('rolls back what throws, and goes on', async () => {
    const add = (fail: boolean): Promise<unknown> =>
      db.transaction(scopeOf(COUNTY), async (tx) => {
        await tx.query(`insert into touched values ('${COUNTY}', 1, 1)`);
        if (fail) throw new Error('mine');
      });
    await expect(add(true)).rejects.toThrow('mine');
    await expect(db.asOwner((tx) => tx.query('select nonsense'))).rejects.toMatchObject({ code: '42703' });
    await expect(db.asOwner((tx) => tx.query('select 1; select 1 / 0'))).rejects.toThrow(/zero/);
    expect(await db.asOwner((tx) => tx.query('select * from touched'))).toEqual([]);
    await add(false);
    expect(await db.asOwner((tx) => tx.query('select 1 as a; select change from touched'))).toEqual([
      { change: 1 },
    ]);
  });

  it('says in plain words which rule the database refused by, and no value', async () => {
    const twice = db.transaction(scopeOf(COUNTY), (tx) =>
      tx.query(`insert into county (county, name, horizon) values ('${COUNTY}', 'x', 'x')`),
    );
    const refusal = (await twice.catch((error) => error)) as Refusal;
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal.problem).toEqual({
      code: 'db.county_pkey',
      message: '这个县已经初始化过。没有改动任何数据。',
    });
    const orphan = db.transaction(scopeOf(COUNTY), (tx) =>
      tx.query(`insert into delivery_file values ('${COUNTY}', 99, 0, 'f', 'd', 1)`),
    );
    await expect(orphan).rejects.toMatchObject({ problem: { code: 'db.delivery_file_delivery_fk' } });
  });

  it('takes a bulk load in pieces, and one that fails leaves nothing', async () => {
    const columns = ['county', 'change', 'person_no'];
    const piece = (from: number, n: number): string =>
      Array.from({ length: n }, (_, i) => `${COUNTY}\t9\t${from + i}\n`).join('');
    async function* pieces(fail?: string): AsyncGenerator<string> {
      for (let i = 0; i < 5; i++) yield piece(i * 20_000, 20_000);
      if (fail === 'throw') throw new Error('the reader stopped');
      if (fail !== undefined) yield fail;
    }
    const count = (): Promise<unknown[]> =>
      db.asOwner((tx) => tx.query('select count(*) as n from touched where change = 9'));
    for (const [bad, message] of [
      ['throw', /the reader stopped/],
      [`${COUNTY}\t9\tx\n`, /bigint/],
      [piece(0, 1), /受影响/],
    ] as const) {
      await expect(db.asOwner((tx) => tx.copyIn('touched', columns, pieces(bad)))).rejects.toThrow(message);
      expect(await count()).toEqual([{ n: 0 }]);
    }
    expect(await db.asOwner((tx) => tx.copyIn('touched', columns, pieces()))).toBe(100_000);
    expect(await count()).toEqual([{ n: 100_000 }]);
    const [sum] = await db.asOwner(async (tx) => {
      await tx.query('declare c no scroll cursor for select person_no from touched where change = 9');
      let n = 0;
      for (;;) {
        const rows = await tx.query<{ person_no: number }>('fetch 30000 from c');
        for (const row of rows) n += row.person_no;
        if (rows.length < 30_000) return [n];
      }
    });
    expect(sum).toBe((100_000 * 99_999) / 2);
  });

  it('runs nothing after a transaction has failed: it would be committed on its own', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const failing = db.asOwner(async (tx) => {
      late = Promise.allSettled([
        tx.query('select pg_sleep(0.05)'),
        tx.query(`insert into touched (county, change, person_no) values ('${COUNTY}', 77, 1)`),
      ]);
      throw new Error('stopped');
    });
    await expect(failing).rejects.toThrow('stopped');
    await late;
    expect(await db.asOwner((tx) => tx.query('select 1 from touched where change = 77'))).toEqual([]);
  });

  it('runs many transactions asked for at once', async () => {
    const next = 'select next_change from county';
    const [before] = await db.asOwner((tx) => tx.query<{ next_change: number }>(next));
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        db.transaction(scopeOf(COUNTY), async (tx) => {
          await tx.query('update county set next_change = next_change + 1');
          return (await tx.query<{ i: number }>('select $1::int as i', [i]))[0]?.i;
        }),
      ),
    );
    expect(results).toEqual(Array.from({ length: 40 }, (_, i) => i));
    const [row] = await db.asOwner((tx) => tx.query(next));
    expect(row).toEqual({ next_change: (before?.next_change ?? 0) + 40 });
  });

  it('refuses a delivery beyond its ceiling, with nothing changed', async () => {
    expect(db.ceiling).toBe(engine === 'pglite' ? PGLITE_CEILING : undefined);
    const file = `${instance.dir}/list.csv`;
    const { writeFileSync } = await import('node:fs');
    const people = ['430981194001010019', '430981194001010027', '430981194001010035'];
    const checked = people.map((id) => withCheckDigit(id.slice(0, 17)));
    writeFileSync(file, `姓名,身份证号码\n${checked.map((id, i) => `某${i},${id}`).join('\n')}\n`);
    const request = { source: 'military', asOf: '2020-08-31', files: [{ name: 'list.csv', path: file }] };
    const low = { ...instance, db: { ...db, ceiling: 2 } };
    const refused = await receive(low, scopeOf(COUNTY), [request]).catch((error) => error);
    expect(refused).toMatchObject({
      problem: { code: 'db.ceiling', message: expect.stringMatching(/共有 3 人.*上限 2 人.*DATABASE_URL/) },
    });
    const left = (): Promise<unknown[]> =>
      db.asOwner((tx) =>
        tx.query(
          'select (select count(*) from person) as p, (select count(*) from delivery) as d, (select count(*) from stage_row) as s',
        ),
      );
    expect(await left()).toEqual([{ p: 0, d: 0, s: 0 }]);
    await receive({ ...instance, db: { ...db, ceiling: 3 } }, scopeOf(COUNTY), [request]);
    expect(await left()).toEqual([{ p: 3, d: 1, s: 0 }]);
  });
});

function withCheckDigit(first17: string): string {
  const sum = [...first17].reduce((s, c, i) => s + Number(c) * (2 ** (17 - i) % 11), 0);
  return first17 + '10X98765432'[sum % 11];
}

describe('the embedded database', () => {
  it('rejects what is under way when its thread ends, and what is asked later', async () => {
    const post = vi.spyOn(Worker.prototype, 'postMessage');
    const instance = await openTestInstance('pglite');
    const worker = post.mock.contexts[0] as Worker;
    post.mockRestore();
    const underWay = instance.db.asOwner((tx) =>
      tx.query('select pg_sleep(0.2), count(*) from generate_series(1, 3000000)'),
    );
    const waiting = instance.db.asOwner((tx) => tx.query('select 1'));
    const settled = Promise.allSettled([underWay, waiting]);
    await worker.terminate();
    for (const result of await settled) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringMatching(/线程意外结束.*DATABASE_URL/) },
      });
    }
    await expect(instance.db.asOwner((tx) => tx.query('select 1'))).rejects.toThrow(/线程意外结束/);
    const again = await instance.reopen();
    expect(await again.db.asOwner((tx) => tx.query('select 1 as a'))).toEqual([{ a: 1 }]);
    await again.close();
    await again.db.close();
  });

  it('waits at its close for what is under way, and takes nothing more', async () => {
    const instance = await openTestInstance('pglite');
    const last = instance.db.asOwner((tx) =>
      tx.query('select count(*) as n from generate_series(1, 100000)'),
    );
    const closed = instance.close();
    expect(await last).toEqual([{ n: 100_000 }]);
    await closed;
    await expect(instance.db.asOwner((tx) => tx.query('select 1'))).rejects.toThrow(/closed/);
  });
});

describe.runIf(engines.includes('postgres'))('a server', () => {
  it('that ends connections does not end the process; the next one asked works', async () => {
    const url = process.env.QUANBAO_TEST_POSTGRES as string;
    const db = await openPostgres(url, { max: 2 });
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    try {
      const pid = await db.asOwner(async (tx) => {
        const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        return row?.pid;
      });
      await admin.query('select pg_terminate_backend($1)', [pid]);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const inUse = db.asOwner(async (tx) => {
        const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await admin.query('select pg_terminate_backend($1)', [row?.pid]);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return tx.query('select 1');
      });
      await expect(inUse).rejects.toThrow();
      expect(await db.asOwner((tx) => tx.query('select 1 as a'))).toEqual([{ a: 1 }]);
    } finally {
      await admin.end();
      await db.close();
      await db.close();
    }
  });

  it('that is not there is named with what to do, without the password', async () => {
    const wrong = await openPostgres('postgres://me:secret@127.0.0.1:1/none').catch((error) => error);
    expect(wrong.problem.code).toBe('db.connect');
    expect(wrong.message).toMatch(/DATABASE_URL.*请确认/);
    expect(wrong.message).not.toContain('secret');
  });
});
