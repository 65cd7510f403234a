import { describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf } from '../../testing/instance.ts';
import { clearStage } from './stage.ts';

const COUNTY = '430981';
const SCOPE = scopeOf(COUNTY);
const row = (stage: number) =>
  `insert into stage_row (county, stage, person_no, slot, row_no, row_count, content) values ('${COUNTY}', ${stage}, 1, '', 1, 1, '{}')`;

describe.each(engines)('the stage on %s', (engine) => {
  it('is emptied when nobody else has rows on it, else only of one’s own', async () => {
    const instance = await openTestInstance(engine, { county: COUNTY });
    const stages = () =>
      instance.db.asOwner((tx) => tx.query<{ stage: number }>('select stage from stage_row order by 1'));
    try {
      await instance.db.asOwner((tx) => tx.query(`${row(1)}; ${row(2)}`));
      await clearStage(instance, SCOPE, [1]);
      expect(await stages()).toEqual([{ stage: 2 }]);
      await clearStage(instance, SCOPE, [2]);
      expect(await stages()).toEqual([]);
    } finally {
      await instance.close();
    }
  });

  const onServer = engine === 'postgres' ? it : () => undefined;
  onServer('is cleared while a commit reads it, without waiting for it', async () => {
    const instance = await openTestInstance(engine, { county: COUNTY });
    try {
      await instance.db.asOwner((tx) => tx.query(row(1)));
      await instance.db.transaction(SCOPE, async (tx) => {
        await tx.query('select 1 from stage_row');
        await clearStage(instance, SCOPE, [1]);
        expect(await tx.query('select 1 from stage_row')).toEqual([]);
      });
    } finally {
      await instance.close();
    }
  });
});
