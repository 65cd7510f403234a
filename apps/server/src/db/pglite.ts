import { PGlite } from '@electric-sql/pglite';
import type { Database, Scope, Tx } from './port.ts';
import { scopeSql } from './postgres.ts';

export async function openPglite(dir: string): Promise<Database> {
  const lite = await PGlite.create({ dataDir: `${dir}/pgdata` });
  let queue: Promise<unknown> = Promise.resolve();
  const run = <T>(scope: Scope | undefined, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const next = queue.then(() =>
      lite.transaction(async (t) => {
        if (scope) await t.exec(scopeSql(scope));
        return work({
          query: async (sql, params) =>
            params
              ? ((await t.query(sql, params as unknown[])).rows as never)
              : ((await t.exec(sql)).at(-1)?.rows as never),
          copyIn: async (table, columns, chunks) => {
            let n = 0;
            if (scope) await t.exec('reset role');
            for await (const chunk of chunks)
              n +=
                (
                  await t.query(`copy ${table} (${columns.join(',')}) from '/dev/blob'`, [], {
                    blob: new Blob([chunk]),
                  })
                ).affectedRows ?? 0;
            if (scope) await t.exec('set local role quanbao_app');
            return n;
          },
        });
      }),
    );
    queue = next.catch(() => undefined);
    return next as Promise<T>;
  };
  return {
    profile: 'pglite',
    transaction: run,
    asOwner: (work) => run(undefined, work),
    close: () => lite.close(),
  };
}
