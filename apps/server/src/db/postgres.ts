import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { regionRange } from '@quanbao/domain/kernel/region';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import type { Database, Scope, Tx } from './port.ts';

pg.types.setTypeParser(20, (s) => Number(s));
pg.types.setTypeParser(1082, (s) => s);

export function scopeSql(scope: Scope): string {
  const { lo, hi } = regionRange(scope.region);
  return `set local role quanbao_app; set local app.county='${scope.county}'; set local app.lo='${lo}'; set local app.hi='${hi}'; set local app.actor='${scope.actor.replaceAll("'", "''")}'`;
}

export function openPostgres(url: string, profile: 'postgres' | 'citus'): Database {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const run = async <T>(scope: Scope | undefined, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      if (scope) await client.query(scopeSql(scope));
      const tx: Tx = {
        query: async (sql, params) => (await client.query(sql, params as unknown[])).rows as never,
        copyIn: async (table, columns, chunks) => {
          if (scope) await client.query('reset role');
          const stream = client.query(copyStreams.from(`copy ${table} (${columns.join(',')}) from stdin`));
          for await (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
          stream.end();
          await finished(stream);
          if (scope) await client.query('set local role quanbao_app');
          return stream.rowCount;
        },
      };
      const result = await work(tx);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      client.release();
      throw error;
    }
  };
  return { profile, transaction: run, asOwner: (work) => run(undefined, work), close: () => pool.end() };
}
