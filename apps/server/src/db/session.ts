import { isWithin, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import pg from 'pg';
import { refusalOf } from './constraint-messages.ts';
import { BULK_TABLES, type Profile, type Scope, type Tx } from './port.ts';

/** bigint as number (every count and sum here is far below 2^53); a date stays the text it is. */
const PARSERS = new Map<number, (text: string) => unknown>([
  [20, Number],
  [1082, (text) => text],
]);

/** How values come out of the database, the same on every profile. */
export const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return (format !== 'binary' && PARSERS.get(oid)) || pg.types.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;

/** Sends the pieces as one bulk load; a profile's own way of doing it. */
export type Copy = (client: pg.ClientBase, target: string, chunks: AsyncIterable<string>) => Promise<number>;

/** Runs `work` between begin and commit; the connection can be used again afterwards unless it broke. */
export async function runTransaction<T>(
  client: pg.ClientBase,
  profile: Profile,
  copy: Copy,
  scope: Scope | undefined,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const enter = scope === undefined ? 'begin' : `begin; ${scopeSql(scope, profile)}`;
  const { tx, over } = openTx(client, copy, scope);
  try {
    await client.query(enter);
    const result = await work(tx);
    await over();
    await client.query('commit');
    return result;
  } catch (error) {
    await over();
    await client.query('rollback').catch(() => undefined);
    throw refusalOf(error) ?? error;
  }
}

/** @returns the transaction, and how to end it: what is under way is waited for, what comes later is refused */
function openTx(
  client: pg.ClientBase,
  copy: Copy,
  scope: Scope | undefined,
): { tx: Tx; over: () => Promise<void> } {
  // One after another, also when asked for at once: nothing may slip in while a bulk load is the owner, and
  // nothing may run after a rollback, when it would be a transaction of its own.
  let last: Promise<unknown> = Promise.resolve();
  let ended = false;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(() => {
      if (ended) throw new Error('the transaction is over');
      return work();
    });
    last = next.catch(() => undefined);
    return next;
  };
  const tx: Tx = {
    query: async (sql, params) => {
      const result: pg.QueryResult | pg.QueryResult[] = await client.query(sql, params as unknown[]);
      return (Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows) as never;
    },
    copyIn: async (table, columns, chunks) => {
      if (![table, ...columns].every((name) => /^[a-z_]+$/.test(name))) throw new Error('not a name');
      const target = `${table} (${columns.join(',')})`;
      if (scope === undefined) return copy(client, target, each(chunks));
      if (!BULK_TABLES.includes(table)) throw new Error(`no bulk load into ${table}`);
      if (roleOf(scope) !== APP_ROLE) throw new Error('no bulk load but by the county itself');
      if (columns[0] !== 'county') throw new Error('a bulk load starts with the county');
      await client.query('reset role');
      const n = await copy(client, target, ownLines(chunks, scope.county));
      await client.query(`set local role ${APP_ROLE}`);
      return n;
    },
  };
  return {
    tx: {
      query: (sql, params) => inTurn(() => tx.query(sql, params)),
      copyIn: (table, columns, chunks) => inTurn(() => tx.copyIn(table, columns, chunks)),
    },
    over: async () => {
      ended = true;
      await last;
    },
  };
}

async function* each(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  yield* chunks;
}

/** COPY as the owner passes the policies by, so the county on each line is looked at here. */
async function* ownLines(
  chunks: AsyncIterable<string> | Iterable<string>,
  county: string,
): AsyncGenerator<string> {
  const start = `${county}\t`;
  for await (const chunk of chunks) {
    if (chunk === '') continue;
    // A first line ended by a bare carriage return would make COPY take those for the ends of lines.
    if (chunk.includes('\r') || !chunk.endsWith('\n')) throw new Error('a bulk load has lines ended by \\n');
    for (let at = 0; at < chunk.length; at = chunk.indexOf('\n', at) + 1) {
      if (!chunk.startsWith(start, at)) throw new Error('a bulk load holds lines of another county');
    }
    yield chunk;
  }
}

/** The role that owns nothing and that row security binds: the county's own office at work. */
export const APP_ROLE = 'quanbao_app';
/** A town, a village, or whoever only reads: changes nothing but the trail. */
export const PLACE_ROLE = 'quanbao_place';
/** An office and its own lists. */
const OFFICE_ROLE = 'quanbao_office';
/** Accounts and sessions; no people. */
const DOOR_ROLE = 'quanbao_door';
export const ROLES = [APP_ROLE, PLACE_ROLE, OFFICE_ROLE, DOOR_ROLE] as const;

function roleOf({ county, region, duty }: Scope): (typeof ROLES)[number] {
  if (duty === 'door') return DOOR_ROLE;
  if (duty === 'office') return OFFICE_ROLE;
  return duty === 'read' || region !== county ? PLACE_ROLE : APP_ROLE;
}

/**
 * The statements that narrow a transaction to its scope. All of them are local to it: the next user of a
 * pooled connection finds the variables empty, and the policies take empty for nothing at all.
 * @throws when the scope is none; a fault of the caller
 */
export function scopeSql(scope: Scope, profile: Profile): string {
  const { county, region, actor } = scope;
  if (regionLevel(county) !== 'county') throw new Error('a scope names a county by six digits');
  if (regionLevel(region) === undefined || !isWithin(region, county)) {
    throw new Error('a scope is its county or a place in it');
  }
  if (actor === '' || actor.includes('\0') || /\d{15}/.test(actor.normalize('NFKC').replace(/\s/g, ''))) {
    throw new Error('an actor has a name, never an ID number');
  }
  const sources = scope.sources ?? [];
  if (sources.some((source) => !/^[a-z-]+$/.test(source))) throw new Error('not the code of a source');
  const { lo, hi } = regionRange(region);
  const statements = [
    `set local role ${roleOf(scope)}`,
    `set local app.county = '${county}'`,
    `set local app.lo = '${lo}'`,
    `set local app.hi = '${hi}'`,
    `set local app.sources = '${sources.join(',')}'`,
    `set local app.actor = ${pg.escapeLiteral(actor)}`,
  ];
  // Without it the workers' shards would be asked without a role and a range.
  if (profile === 'citus') statements.unshift(`set local citus.propagate_set_commands = 'local'`);
  return statements.join('; ');
}
