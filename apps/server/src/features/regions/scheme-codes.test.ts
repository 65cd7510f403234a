import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf } from '../../testing/instance.ts';
import { initCounty } from '../sources/index.ts';
import { loadRegionTree } from './index.ts';

describe.each(engines)('codes of the residents’ scheme on %s', (engine) => {
  it('mean the place the county says they meant on the day, never the one with equal digits', async () => {
    const instance = await openTestInstance(engine);
    try {
      const path = join(instance.dir, 'codes.csv');
      await writeFile(
        path,
        'schemeCode,from,to,region\n43098113,2010-01-01,2018-12-31,430981112\n43098113,2019-01-01,,430981113\n',
      );
      await initCounty(instance, '430981', 'test', { schemeCodes: path });
      const tree = await instance.db.transaction(scopeOf('430981'), (tx) => loadRegionTree(tx, '430981'));
      expect(tree.fromSchemeCode('43098113', '2016-06-01')).toBe('430981112');
      expect(tree.fromSchemeCode('43098113', '2020-06-01')).toBe('430981113');
      expect(tree.fromSchemeCode('430981113', '2020-06-01')).toBeUndefined();
    } finally {
      await instance.close();
    }
  });

  it('are refused when they point nowhere', async () => {
    const instance = await openTestInstance(engine);
    try {
      const path = join(instance.dir, 'codes.csv');
      await writeFile(path, 'schemeCode,from,to,region\n43098113,2019-01-01,,430981999\n');
      await expect(initCounty(instance, '430981', 'test', { schemeCodes: path })).rejects.toThrow(
        '430981999',
      );
    } finally {
      await instance.close();
    }
  });
});
