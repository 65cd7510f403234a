import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { inventedId } from '../../testing/command.ts';
import { engines, openTestInstance, scopeOf } from '../../testing/instance.ts';
import { type DeliveryRequest, receive } from './index.ts';
import { anyMeeting, chooseMeeting } from './series.ts';
import { clearStage } from './stage.ts';

const COUNTY = '430981';
const SCOPE = scopeOf(COUNTY);
const row = (stage: number) =>
  `insert into stage_row (county, stage, person_no, slot, row_no, row_count, content) values ('${COUNTY}', ${stage}, 1, '', 1, 1, '{}')`;

function fileOf(instance: Instance, name: string, text: string): { name: string; path: string } {
  const path = join(instance.dir, name);
  writeFileSync(path, text);
  return { name, path };
}

/** That so many people died, whom no other list names. */
function deaths(instance: Instance, people: number): DeliveryRequest {
  const lines = Array.from({ length: people }, (_, i) => `${inventedId(i)},人${i}`);
  const files = [fileOf(instance, '死亡.csv', `身份证号码,姓名\n${lines.join('\n')}\n`)];
  return { source: 'deaths', asOf: people === 1 ? '2020-07-31' : '2020-08-31', files };
}

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

  it('is empty after a reading that failed while its last write was still on its way', async () => {
    const instance = await openTestInstance(engine, { county: COUNTY });
    try {
      // A first load needs no stage.
      await receive(instance, SCOPE, [deaths(instance, 1)]);
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let written: Promise<unknown> = Promise.resolve();
      const transaction: Database['transaction'] = (scope, work) => {
        const all = instance.db.transaction(scope, (tx) =>
          work({
            ...tx,
            copyIn: async (table, columns, chunks) => {
              // Held back until whoever does not wait for it is done; whoever does waits a moment.
              if (table === 'stage_row') await released;
              return tx.copyIn(table, columns, chunks);
            },
          }),
        );
        written = Promise.allSettled([written, all]);
        return all;
      };
      const db: Database = { ...instance.db, transaction };
      setTimeout(release, 2_000);
      const header = '身份证号码,姓名,户籍地址';
      const files = [
        fileOf(instance, '1.csv', `${header}\n${inventedId(1)},张三,草尾镇\n`),
        fileOf(instance, '2.csv', `${header}\n合计,,\n`),
      ];
      const asked = [{ source: 'household-register', asOf: '2020-08-31', files }];
      await expect(receive({ ...instance, db }, SCOPE, asked).finally(release)).rejects.toThrow();
      await written;
      expect(await instance.db.asOwner((tx) => tx.query('select stage from stage_row'))).toEqual([]);
    } finally {
      await instance.close();
    }
  });

  it('meets open claims by looking each row up when there are few, by hashing both sides otherwise', async () => {
    const instance = await openTestInstance(engine, { county: COUNTY });
    const stage = (n: number, rows: number) =>
      `insert into stage_row (county, stage, person_no, slot, row_no, row_count, content)
       select '${COUNTY}', ${n}, i, '', i, 1, '{}' from generate_series(1, ${rows}) as i`;
    try {
      await instance.db.transaction(SCOPE, async (tx) => {
        await tx.query(`${stage(1, 20_000)}; ${stage(2, 1)}`);
        const chosen = async (stages: number[], full: boolean) => {
          const meeting = await chooseMeeting(tx, COUNTY, stages, full);
          const [row] = await tx.query<{ enable_nestloop: string }>('show enable_nestloop');
          return [meeting, row?.enable_nestloop];
        };
        expect(await chosen([1], false)).toEqual(['index', 'on']);
        expect(await chosen([1], true)).toEqual(['hash', 'off']);
        expect(await chosen([2], false)).toEqual(['index', 'on']);
        expect(await chosen([1, 2], false)).toEqual(['hash', 'off']);
        await anyMeeting(tx);
        expect(await tx.query('show enable_nestloop')).toEqual([{ enable_nestloop: 'on' }]);
      });
    } finally {
      await instance.close();
    }
  });

  it.each([
    ['index', 3],
    ['hash', 20_001],
  ] as const)(
    'has the counts of a commit choose as its lists do: %s',
    async (meeting, rows) => {
      const instance = await openTestInstance(engine, { county: COUNTY });
      try {
        const counted: [string, boolean][] = [];
        const transaction: Database['transaction'] = (scope, work) =>
          instance.db.transaction(scope, (tx) =>
            work({
              ...tx,
              query: async <R>(sql: string, params?: readonly unknown[]) => {
                // People whom the register does not know are counted by their rows on the stage.
                if (/select s\.stage, sum\(s\.row_count\)/.test(sql)) {
                  const [row] = await tx.query<{ enable_nestloop: string }>('show enable_nestloop');
                  counted.push([row?.enable_nestloop as string, sql.includes('offset 0')]);
                }
                return tx.query<R>(sql, params);
              },
            }),
          );
        const db: Database = { ...instance.db, transaction };
        await receive(instance, SCOPE, [deaths(instance, 1)]);
        const [report] = await receive({ ...instance, db }, SCOPE, [deaths(instance, rows)]);
        expect(report?.unmatched).toBe(rows);
        expect(counted).toEqual([meeting === 'index' ? ['on', true] : ['off', false]]);
      } finally {
        await instance.close();
      }
    },
    120_000,
  );
});
