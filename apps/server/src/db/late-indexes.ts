import type { Tx } from './port.ts';

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Takes the indexes off tables that nobody in the database has ever written to, until `rebuild`: sorted once at the end
 * they cost a third of what a million lines cost them one by one. Only for a commit that nobody works beside: whoever asks
 * for one of the tables waits until it ends. Primary keys stay.
 * @returns how to build them again; undefined where somebody uses or has used one of the tables, and all stays as it was
 */
export async function withoutIndexes(
  tx: Tx,
  tables: readonly string[],
): Promise<{ rebuild: () => Promise<void> } | undefined> {
  if (!(await neverUsed(tx, tables))) return undefined;
  await tx.query('savepoint without_indexes');
  const locked = await asOwner(tx, `lock table ${tables.join(', ')} in access exclusive mode nowait`).then(
    () => neverUsed(tx, tables),
    (error: { code?: string }) => {
      if (error.code === LOCK_NOT_AVAILABLE) return false;
      throw error;
    },
  );
  if (!locked) {
    await tx.query('rollback to savepoint without_indexes');
    return undefined;
  }
  const indexes = await tx.query<{ drop: string; build: string }>(
    `select coalesce('alter table ' || i.indrelid::regclass || ' drop constraint ' || quote_ident(c.conname),
         'drop index ' || i.indexrelid::regclass) as drop,
       coalesce('alter table ' || i.indrelid::regclass || ' add constraint ' || quote_ident(c.conname) || ' ' ||
         pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)) as build
     from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.conrelid = i.indrelid
     where i.indrelid = any($1::text[]::regclass[]) and not i.indisprimary order by i.indexrelid::regclass::text`,
    [tables],
  );
  await asOwner(tx, indexes.map(({ drop }) => drop).join('; '));
  return {
    rebuild: () =>
      asOwner(
        tx,
        `set local maintenance_work_mem = '256MB'; ${indexes.map(({ build }) => build).join('; ')}`,
      ),
  };
}

async function neverUsed(tx: Tx, tables: readonly string[]): Promise<boolean> {
  const [row] = await tx.query<{ bytes: number }>(
    'select sum(pg_relation_size(name::regclass))::float8 as bytes from unnest($1::text[]) as t (name)',
    [tables],
  );
  return row?.bytes === 0;
}

async function asOwner(tx: Tx, statements: string): Promise<void> {
  await tx.query(`reset role; ${statements}; set local role quanbao_app`);
}
