import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { packageFile } from '../package-file.ts';
import { distribute } from './citus.ts';
import type { Database, Tx } from './port.ts';
import { ROLES } from './session.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

/** Among programs that start at once on one database: one migrates, the others wait and find it done. */
const LOCK = 731;

/**
 * Brings the database to this program's version, each migration in a transaction of its own.
 * @throws Refusal with nothing changed when the database is newer, or was made by migrations that read otherwise
 */
export async function migrate(
  db: Database,
  migrations: readonly Migration[] = shippedMigrations(),
): Promise<void> {
  const done = await db.asOwner((tx) => appliedMigrations(tx));
  refuseOthers(done, migrations);
  if (done.length < migrations.length) {
    await db.asOwner(prepare);
    for (const migration of migrations) {
      if (!done.some((d) => d.version === migration.version)) {
        await db.asOwner((tx) => apply(tx, migration, migrations));
      }
    }
  }
  if (db.profile === 'citus') await db.asOwner(distribute);
}

export function shippedMigrations(): Migration[] {
  const dir = packageFile('src/db/migrations');
  const migrations = readdirSync(dir)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((name) => {
      // A checkout on Windows may have turned the ends of lines.
      const sql = readFileSync(`${dir}/${name}`, 'utf8').replaceAll('\r\n', '\n');
      return {
        version: Number(name.slice(0, 4)),
        name,
        sql,
        digest: createHash('sha256').update(sql).digest('hex'),
      };
    });
  // Of two with one number the second would be taken for done.
  const twice = migrations.find((m, i) => migrations[i - 1]?.version === m.version);
  if (twice !== undefined) throw new Error(`two migrations numbered ${twice.version}`);
  return migrations;
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly digest: string;
}

async function appliedMigrations(tx: Tx): Promise<Applied[]> {
  const [found] = await tx.query<{ there: boolean }>(
    `select to_regclass('public.quanbao_migration') is not null as there`,
  );
  if (!found?.there) return [];
  return tx.query<Applied>('select version, name, digest from quanbao_migration order by version');
}

function refuseOthers(done: readonly Applied[], migrations: readonly Migration[]): void {
  for (const applied of done) {
    const known = migrations.find((m) => m.version === applied.version);
    if (known === undefined) {
      throw new Refusal(
        'db.newer',
        `数据库的结构（第 ${applied.version} 版）比程序新，没有改动任何数据；请升级程序，或换一个数据库。`,
      );
    }
    if (known.digest !== applied.digest) {
      throw new Refusal(
        'db.migration-changed',
        `数据库由另一个版本的程序建立（第 ${applied.version} 版结构 ${applied.name} 不一致），没有改动任何数据；` +
          '请用建立它的版本打开，或备份后换一个新的数据库恢复。',
      );
    }
  }
}

/** The roles belong to the whole server: another database of it may be creating them at this moment. */
async function prepare(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${LOCK})`);
  try {
    for (const role of ROLES) {
      await tx.query(
        `do $$ begin
           if not exists (select 1 from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
         exception when duplicate_object or unique_violation then null;
         end $$`,
      );
      await tx.query(
        `do $$ begin
           if not pg_has_role(current_user, '${role}', 'member') then
             execute format('grant ${role} to %I', current_user);
           end if;
         end $$`,
      );
    }
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new Refusal(
      'db.role',
      `数据库用户不能建立角色；请管理员执行：${ROLES.map((role) => `create role ${role} nologin; grant ${role} to 该用户;`).join(' ')} 然后再试。`,
    );
  }
  await tx.query(
    `create table if not exists quanbao_migration (
       version integer primary key, name text not null, digest text not null, applied_at timestamptz not null default now())`,
  );
  // Nothing in it is anybody's but the owner's.
  await tx.query('alter table quanbao_migration enable row level security');
}

async function apply(tx: Tx, migration: Migration, migrations: readonly Migration[]): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${LOCK})`);
  const done = await appliedMigrations(tx);
  refuseOthers(done, migrations);
  if (done.some((d) => d.version === migration.version)) return;
  await tx.query(migration.sql);
  await tx.query('insert into quanbao_migration (version, name, digest) values ($1, $2, $3)', [
    migration.version,
    migration.name,
    migration.digest,
  ]);
}
