import { isWithin, regionLevel, regionRange } from '@quanbao/domain/kernel/region';
import pg from 'pg';
import { refusalOf } from './constraint-messages.ts';
import { type Memory, mayWrite, sightOf } from './memory.ts';
import { BULK_TABLES, type Pieces, type Profile, type Scope, type Tx } from './port.ts';

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

/**
 * Sends the pieces as one bulk load; a profile's own way of doing it.
 * @param sql the statements, given where the lines come from; one COPY is among them
 */
export type Copy = (
  client: pg.ClientBase,
  sql: (source: string) => string,
  chunks: AsyncIterable<Buffer>,
) => Promise<number>;

/** Runs `work` between begin and commit; the connection can be used again afterwards unless it broke. */
export async function runTransaction<T>(
  client: pg.ClientBase,
  profile: Profile,
  copy: Copy,
  memory: Memory,
  scope: Scope | undefined,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const enter = scope === undefined ? 'begin' : `begin; ${scopeSql(scope, profile)}`;
  const { tx, over } = openTx(client, copy, memory, scope);
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
  memory: Memory,
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
  let written = false;
  let version: Promise<string> | undefined;
  const tx: Omit<Tx, 'remember'> = {
    query: async (sql, params) => {
      const result: pg.QueryResult | pg.QueryResult[] = await client.query(sql, params as unknown[]);
      return (Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows) as never;
    },
    copyIn: async (table, columns, chunks) => {
      if (![table, ...columns].every((name) => /^[a-z_]+$/.test(name))) throw new Error('not a name');
      const load = (source: string): string => `copy ${table} (${columns.join(',')}) from ${source}`;
      if (scope === undefined) return copy(client, load, each(chunks));
      if (!BULK_TABLES.includes(table)) throw new Error(`no bulk load into ${table}`);
      if (roleOf(scope) !== APP_ROLE) throw new Error('no bulk load but by the county itself');
      if (columns[0] !== 'county') throw new Error('a bulk load starts with the county');
      // One message: an answer waited for costs a turn of a busy event loop. An error ends the transaction, and with
      // it the owner's role.
      return copy(
        client,
        (source) => `reset role; ${load(source)}; set local role ${APP_ROLE}`,
        ownLines(chunks, scope.county),
      );
    },
  };
  const query: Tx['query'] = (sql, params) => {
    written ||= mayWrite(sql);
    return inTurn(() => tx.query(sql, params));
  };
  return {
    tx: {
      query,
      copyIn: (table, columns, chunks) => {
        written = true;
        return inTurn(() => tx.copyIn(table, columns, chunks));
      },
      remember: async (key, make) => {
        if (scope === undefined || written) return make();
        version ??= query<{ version: string }>(
          'select next_change::text as version from county where county = $1',
          [scope.county],
        ).then(([row]) => row?.version ?? '');
        return memory.answer(`${await version} ${sightOf(scope)} ${key}`, make);
      },
    },
    over: async () => {
      ended = true;
      await last;
    },
  };
}

async function* each(chunks: Pieces): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield asBytes(chunk);
}

/** COPY as the owner passes the policies by, so the county on each line is looked at here. */
async function* ownLines(chunks: Pieces, county: string): AsyncGenerator<Buffer> {
  const start = Buffer.from(`${county}\t`);
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    const bytes = asBytes(chunk);
    // A first line ended by a bare carriage return would make COPY take those for the ends of lines.
    if (bytes.includes(RETURN) || bytes.at(-1) !== NEWLINE)
      throw new Error('a bulk load has lines ended by \\n');
    for (let at = 0; at < bytes.length; at = bytes.indexOf(NEWLINE, at) + 1) {
      for (let i = 0; i < start.length; i++) {
        if (bytes[at + i] !== start[i]) throw new Error('a bulk load holds lines of another county');
      }
    }
    yield bytes;
  }
}

function asBytes(chunk: string | Buffer): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * For statements that look up a few thousand people by index among a million: compiling one takes longer than running it,
 * and the default price of a random page is a turning disk's, which made a change of 10,000 scan whole tables. Of fifty who ask at once, none takes several processors.
 */
export const PLANNER: Readonly<Record<string, string>> = {
  jit: 'off',
  random_page_cost: '1.1',
  max_parallel_workers_per_gather: '0',
};

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
