import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../testing/instance.ts';
import { withoutIndexes } from './late-indexes.ts';
import type { Tx } from './port.ts';

const COUNTY = '430981';
const TABLES = ['step', 'person'];

function indexesOf(tx: Tx): Promise<unknown[]> {
  return tx.query('select indexname, indexdef from pg_indexes where tablename = any($1) order by 1', [
    TABLES,
  ]);
}

describe.each(engines)('indexes built late on %s', (engine) => {
  let instance: TestInstance;
  beforeEach(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
  });
  afterEach(() => instance?.close());

  it('are gone until they are rebuilt, and then the same; keys stay', async () => {
    await instance.db.transaction(scopeOf(COUNTY), async (tx) => {
      const before = await indexesOf(tx);
      const late = await withoutIndexes(tx, TABLES);
      const names = (await indexesOf(tx)).map((row) => (row as { indexname: string }).indexname);
      expect(names).toEqual(['person_pkey', 'step_pkey']);
      await tx.copyIn(
        'step',
        ['county', 'person_no', 'from_day', 'to_day', 'region', 'class', 'delivery', 'row_no'],
        [`${COUNTY}\t1\t2020-08-31\t9999-12-31\t${COUNTY}\t1\t1\t1\n`],
      );
      await late?.rebuild();
      expect(await indexesOf(tx)).toEqual(before);
      const [role] = await tx.query<{ role: string }>('select current_user as role');
      expect(role?.role).toBe('quanbao_app');
    });
    // Somebody has written to it: nothing is taken off any more.
    await instance.db.transaction(scopeOf(COUNTY), async (tx) => {
      expect(await withoutIndexes(tx, TABLES)).toBeUndefined();
      expect(await indexesOf(tx)).toHaveLength(4);
    });
  });

  it('come back with a commit that fails', async () => {
    const scope = scopeOf(COUNTY);
    const before = await instance.db.transaction(scope, indexesOf);
    const failing = instance.db.transaction(scope, async (tx) => {
      await withoutIndexes(tx, TABLES);
      throw new Error('on the way');
    });
    await expect(failing).rejects.toThrow('on the way');
    expect(await instance.db.transaction(scope, indexesOf)).toEqual(before);
  });

  it.skipIf(engine === 'pglite')('stay where somebody reads the tables meanwhile', async () => {
    const scope = scopeOf(COUNTY);
    await instance.db.transaction(scope, async (reader) => {
      await reader.query('select 1 from person');
      await instance.db.transaction(scope, async (tx) => {
        expect(await withoutIndexes(tx, TABLES)).toBeUndefined();
        expect(await indexesOf(tx)).toHaveLength(4);
        await tx.query('select 1 from step');
      });
    });
  });
});
