import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, type TestInstance } from '../testing/instance.ts';
import { schemaText } from '../testing/schema-text.ts';
import { citusStatements, PLACEMENT } from './citus.ts';
import { CONSTRAINT_MESSAGES } from './constraint-messages.ts';
import { BULK_TABLES } from './port.ts';

/** Tables that belong to the database and not to a county. */
const GLOBAL = ['quanbao_migration'];

interface Key {
  relation: string;
  name: string;
  type: 'p' | 'u' | 'f' | 'c';
  columns: string[];
  target: string | null;
}

const KEYS = `select c.relname as relation, k.conname as name, k.contype as type, f.relname as target,
    array(select a.attname::text from unnest(k.conkey) with ordinality as u (no, at)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.no order by u.at) as columns
  from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class f on f.oid = k.confrelid
  where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'c', 'x')`;

const INDEXES = `select c.relname as relation, i.relname as name, x.indisunique as unique,
    array(select a.attname::text from unnest(x.indkey::int2[]) with ordinality as u (no, at)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = u.no order by u.at) as columns
  from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
  where c.relnamespace = 'public'::regnamespace`;

describe.each(engines)('the catalog on %s', (engine) => {
  let instance: TestInstance;
  const ask = <R>(sql: string): Promise<R[]> => instance.db.asOwner((tx) => tx.query<R>(sql));
  beforeAll(async () => {
    instance = await openTestInstance(engine);
  });
  afterAll(() => instance?.close());

  it('is the reviewed schema', async () => {
    await expect(await instance.db.asOwner(schemaText)).toMatchFileSnapshot('./schema.snapshot.txt');
  });

  it('has the county in every key and every unique index, first', async () => {
    const keys = (await ask<Key>(KEYS)).filter((k) => k.type !== 'c' && !GLOBAL.includes(k.relation));
    expect(keys.length).toBeGreaterThan(15);
    const indexes = (await ask<Key & { unique: boolean }>(INDEXES)).filter(
      (i) => !GLOBAL.includes(i.relation),
    );
    expect([...keys, ...indexes].filter((k) => k.columns[0] !== 'county')).toEqual([]);
  });

  it('has an index that starts with the columns of each foreign key', async () => {
    const indexes = await ask<Key>(INDEXES);
    const foreign = (await ask<Key>(KEYS)).filter((k) => k.type === 'f');
    expect(foreign.map((k) => k.name).sort()).toEqual([
      'delivery_file_delivery_fk',
      'media_piece_media_fk',
      'rejected_row_delivery_fk',
      'session_account_fk',
    ]);
    const bare = foreign.filter(
      (k) =>
        !indexes.some(
          (i) =>
            i.relation === k.relation &&
            [...i.columns.slice(0, k.columns.length)].sort().join() === [...k.columns].sort().join(),
        ),
    );
    expect(bare).toEqual([]);
  });

  it('has a message for every constraint, and none for what is not there', async () => {
    const names = (await ask<Key>(KEYS)).filter((k) => !GLOBAL.includes(k.relation)).map((k) => k.name);
    expect(Object.keys(CONSTRAINT_MESSAGES).sort()).toEqual(names.sort());
    for (const message of Object.values(CONSTRAINT_MESSAGES)) expect(message).toMatch(/^[\p{sc=Han}].*。$/u);
  });

  it('has row security and a policy on every table, and nothing granted to everybody', async () => {
    const tables = await ask<{ name: string; secured: boolean; policies: number; open: number }>(
      `select c.relname as name, c.relrowsecurity as secured,
         (select count(*) from pg_policy p where p.polrelid = c.oid) as policies,
         (select count(*) from aclexplode(c.relacl) a where a.grantee = 0) as open
       from pg_class c where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace = 'public'::regnamespace`,
    );
    expect(tables.filter((t) => !t.secured || t.open > 0)).toEqual([]);
    expect(tables.filter((t) => t.policies === 0).map((t) => t.name)).toEqual(GLOBAL);
  });

  it('compares places byte by byte', async () => {
    const other = await ask(
      `select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
         join pg_collation l on l.oid = a.attcollation
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and l.collname <> 'C'
         and a.attname in ('county', 'region', 'code', 'parent', 'scheme_code', 'successor')`,
    );
    // Only what a row was refused for; not a place.
    expect(other).toEqual([{ relname: 'rejected_row', attname: 'code' }]);
  });

  it('has no trigger', async () => {
    expect(await ask(`select tgname from pg_trigger where not tgisinternal`)).toEqual([]);
  });

  it('has a place for every table on Citus, referenced ones first', async () => {
    const tables = await ask<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    expect(Object.keys(PLACEMENT).sort()).toEqual(tables.map((t) => t.name).sort());
    const order = Object.keys(PLACEMENT);
    for (const key of (await ask<Key>(KEYS)).filter((k) => k.type === 'f')) {
      expect(order.indexOf(key.target as string)).toBeLessThan(order.indexOf(key.relation));
    }
    const columns = await ask<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'county'
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`,
    );
    const spread = Object.entries(PLACEMENT).filter(([, place]) => place === 'distributed');
    expect(spread.map(([name]) => name).sort()).toEqual(columns.map((c) => c.name).sort());
  });
});

describe('the statements for Citus', () => {
  it('spread by county what is not yet spread', () => {
    const all = citusStatements(new Set());
    expect(all[0]).toBe(`select create_distributed_table('county', 'county')`);
    expect(all).toContain(`select create_distributed_table('claim', 'county', colocate_with => 'county')`);
    expect(all.join()).not.toContain('quanbao_migration');
    expect(citusStatements(new Set(Object.keys(PLACEMENT)))).toEqual([]);
    expect(citusStatements(new Set(Object.keys(PLACEMENT).slice(1, -1)))).toHaveLength(1);
  });

  it('know every table of bulk loads', () => {
    for (const table of BULK_TABLES) expect(PLACEMENT).toHaveProperty(table, 'distributed');
  });
});
