import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf } from './instance.ts';

describe.each(engines)('a test instance on %s', (engine) => {
  it('is migrated, holds a county, opens again and leaves nothing behind', async () => {
    let instance = await openTestInstance(engine, { county: '430981' });
    instance = await instance.reopen();
    const rows = await instance.db.transaction(scopeOf('430981'), (tx) =>
      tx.query<{ name: string }>('select name from county'),
    );
    expect(rows).toEqual([{ name: '沅江市' }]);
    await instance.close();
    expect(existsSync(instance.dir)).toBe(false);
  });
});
