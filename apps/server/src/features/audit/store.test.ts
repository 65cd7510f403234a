import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tx } from '../../db/port.ts';
import { exportHead, head, record, seal, verifyChain } from './index.ts';

const SCHEMA = readFileSync(new URL('../../db/migrations/0002_audit.sql', import.meta.url), 'utf8');
const KEY = Buffer.alloc(32, 7);
const COUNTY = '430321';

/** Its migration alone, in the smallest database there is. */
let db: PGlite;
let tx: Tx;
let dir: string;

beforeAll(async () => {
  db = await PGlite.create();
  await db.exec('create role quanbao_app');
  await db.exec(SCHEMA);
  tx = {
    query: async <R>(sql: string, params?: readonly unknown[]) =>
      (await db.query<R>(sql, params as unknown[])).rows,
    copyIn: () => Promise.reject(new Error('not here')),
    remember: (_key, make) => make(),
  };
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.exec('truncate audit_event, audit_block restart identity');
  dir = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function act(n: number, county = COUNTY): Promise<void> {
  for (let i = 0; i < n; i++) {
    await record(tx, {
      county,
      actor: '王芳',
      act: 'person.view',
      subject: `${i}`,
      region: `${county}101`,
      detail: { b: 1, a: '事由' },
    });
  }
}

async function sealed(n: number): Promise<void> {
  await act(n);
  await seal(tx, COUNTY, KEY);
  exportHead(dir, (await head(tx, COUNTY))!, KEY);
}

const verify = () => verifyChain(tx, COUNTY, KEY, dir);

describe('the audit trail', () => {
  it('is whole after several seals, and tells what is not sealed yet', async () => {
    expect(await verify()).toEqual({ ok: true, blocks: 0, rows: 0, unsealed: 0 });
    await sealed(3);
    await sealed(2);
    expect(await seal(tx, COUNTY, KEY)).toEqual({ blocks: 0, rows: 0 });
    await act(4);
    await db.exec(`update audit_event set at = at - interval '1 hour' where seq = 7`);
    const report = await verify();
    expect(report).toMatchObject({ ok: true, blocks: 2, rows: 5, unsealed: 4 });
    expect(report.oldestUnsealedAgeSeconds).toBeGreaterThanOrEqual(3600);
    expect(report.oldestUnsealedAgeSeconds).toBeLessThan(3700);
  });

  it('keeps the counties apart though they share the numbers', async () => {
    await act(2);
    await act(2, '430382');
    await act(1);
    expect(await seal(tx, COUNTY, KEY)).toEqual({ blocks: 1, rows: 3 });
    expect(await seal(tx, '430382', KEY)).toEqual({ blocks: 1, rows: 2 });
    expect((await head(tx, COUNTY))?.seqs).toBe('1-2,5');
    expect(await verify()).toMatchObject({ ok: true, rows: 3, unsealed: 0 });
  });

  it('leaves the rows of a transaction that may be running, and seals them later though numbered lower', async () => {
    await act(5);
    // What a seal sees while the transaction of row 2 runs: row 2 is not there, later ones are.
    await db.exec(
      `create table held as select * from audit_event where seq = 2; delete from audit_event where seq = 2`,
    );
    await seal(tx, COUNTY, KEY);
    expect((await head(tx, COUNTY))?.seqs).toBe('1,3-5');
    await db.exec(
      `update held set txid = (select horizon from audit_block); insert into audit_event select * from held; drop table held`,
    );
    expect(await verify()).toMatchObject({ ok: true, rows: 4, unsealed: 1 });
    await act(1);
    expect(await seal(tx, COUNTY, KEY)).toEqual({ blocks: 1, rows: 2 });
    expect((await head(tx, COUNTY))?.seqs).toBe('2,6');
    expect(await verify()).toMatchObject({ ok: true, rows: 6, unsealed: 0 });
    expect(await seal(tx, COUNTY, KEY)).toEqual({ blocks: 0, rows: 0 });
    expect(await seal(tx, COUNTY, KEY, true)).toEqual({ blocks: 0, rows: 0 });
  });

  it('does not seal its own transaction', async () => {
    await db.transaction(async (t) => {
      const inner: Tx = {
        ...tx,
        query: async <R>(sql: string, p?: readonly unknown[]) => (await t.query<R>(sql, p as unknown[])).rows,
      };
      await record(inner, { county: COUNTY, actor: 'a', act: 'b', subject: 'c' });
      expect(await seal(inner, COUNTY, KEY)).toEqual({ blocks: 0, rows: 0 });
    });
    expect(await seal(tx, COUNTY, KEY)).toEqual({ blocks: 1, rows: 1 });
  });

  it('finds late rows long after without sealing older ones twice', async () => {
    await sealed(10);
    await db.exec(`update audit_block set sealed_at = sealed_at - interval '9 days'`);
    await act(3);
    await db.exec(`delete from audit_event where seq = 12`);
    await seal(tx, COUNTY, KEY);
    expect((await head(tx, COUNTY))?.seqs).toBe('11,13');
    expect(await seal(tx, COUNTY, KEY)).toEqual({ blocks: 0, rows: 0 });
    await db.exec(
      `insert into audit_event (seq, county, actor, act, subject) values (12, '${COUNTY}', 'a', 'b', 'c')`,
    );
    expect(await seal(tx, COUNTY, KEY)).toEqual({ blocks: 1, rows: 1 });
    expect(await seal(tx, COUNTY, KEY)).toEqual({ blocks: 0, rows: 0 });
  });

  const tampering: [string, string, { block: number; reason: RegExp }][] = [
    ['an edited row', `update audit_event set actor = '别人' where seq = 5`, { block: 2, reason: /edited/ }],
    [
      'an edited detail',
      `update audit_event set detail = '{"a":2}' where seq = 2`,
      { block: 1, reason: /edited/ },
    ],
    [
      'a moved time',
      `update audit_event set at = at + interval '1 microsecond' where seq = 2`,
      { block: 1, reason: /edited/ },
    ],
    ['a deleted row', `delete from audit_event where seq = 4`, { block: 2, reason: /deleted: seq 4/ }],
    [
      'a deleted last block',
      `delete from audit_block where block_no = 3`,
      { block: 3, reason: /block deleted/ },
    ],
    [
      'a deleted last block with its rows',
      `delete from audit_block where block_no = 3; delete from audit_event where seq > 6`,
      { block: 3, reason: /block deleted/ },
    ],
    ['a deleted middle block', `delete from audit_block where block_no = 2`, { block: 2, reason: /deleted/ }],
    [
      'an altered block',
      `update audit_block set sealed_at = sealed_at - interval '1 day' where block_no = 2`,
      { block: 2, reason: /altered/ },
    ],
    [
      'a row taken out of its block',
      `update audit_block set seqs = '4-5', rows = 2 where block_no = 2`,
      { block: 2, reason: /altered/ },
    ],
    [
      'ranges that are none',
      `update audit_block set seqs = 'x' where block_no = 2`,
      { block: 2, reason: /altered/ },
    ],
  ];
  it.each(tampering)('notices %s', async (_, sql, firstBad) => {
    await sealed(3);
    await sealed(3);
    await sealed(3);
    expect(await verify()).toMatchObject({ ok: true });
    await db.exec(sql);
    const report = await verify();
    expect(report.ok).toBe(false);
    expect(report.firstBad?.block).toBe(firstBad.block);
    expect(report.firstBad?.reason).toMatch(firstBad.reason);
  });

  it('notices a row inserted into a sealed range, before and after it is sealed itself', async () => {
    await act(3);
    await db.exec('delete from audit_event where seq = 2');
    await sealed(3);
    await db.exec(
      `insert into audit_event (seq, txid, county, actor, act, subject)
       select 2, txid, county, 'x', 'y', 'z' from audit_event where seq = 1`,
    );
    const inserted = { ok: false, firstBad: { block: 1, reason: 'row inserted into a sealed range: seq 2' } };
    expect(await verify()).toMatchObject(inserted);
    await seal(tx, COUNTY, KEY);
    expect((await verify()).firstBad?.reason).toBe(inserted.firstBad.reason);
  });

  it('does not take another key, nor a chain rebuilt with it', async () => {
    await sealed(3);
    const forged = Buffer.alloc(32, 8);
    await db.exec('delete from audit_block');
    await seal(tx, COUNTY, forged);
    expect((await verify()).firstBad?.reason).toMatch(/another key/);
    await db.exec(`update audit_event set actor = 'x' where seq = 1; delete from audit_block`);
    await seal(tx, COUNTY, KEY); // even with the right key: the exported head says otherwise
    expect((await verify()).firstBad?.reason).toMatch(/replaced/);
  });

  it('notices an altered log of heads, survives a torn line, and takes a restore that was declared', async () => {
    await sealed(2);
    await sealed(2);
    const path = join(dir, 'audit-heads.log');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, good.split('\n').slice(1).join('\n'));
    expect((await verify()).firstBad?.reason).toMatch(/log altered at line 1/);
    writeFileSync(path, `${good}{"kind":"he`);
    expect(await verify()).toMatchObject({ ok: true });
    await sealed(1);
    expect(await verify()).toMatchObject({ ok: true, blocks: 3 });

    await db.exec('delete from audit_block where block_no = 3; delete from audit_event where seq > 4');
    expect(await verify()).toMatchObject({ ok: false });
    exportHead(dir, (await head(tx, COUNTY))!, KEY, 'restored');
    expect(await verify()).toMatchObject({ ok: true, blocks: 2 });
    await sealed(1);
    expect(await verify()).toMatchObject({ ok: true, blocks: 3 });
    expect(exportHead(dir, (await head(tx, COUNTY))!, KEY)).toBe(false);
  });

  it('refuses an ID number wherever it stands', async () => {
    const entry = { county: COUNTY, actor: '王芳', act: 'person.view', subject: '12' };
    for (const bad of [
      { ...entry, subject: '43032119400601123X' },
      { ...entry, actor: '430321194006011234' },
      { ...entry, detail: { rows: [{ id: '430321194006011234' }] } },
    ]) {
      await expect(record(tx, bad)).rejects.toThrow('must not hold an ID number');
    }
    await record(tx, { ...entry, detail: { digest: `${'1234567890'.repeat(3)}ab`, region: '430321101201' } });
  });
});
