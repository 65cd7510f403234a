import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { packageFile } from '../package-file.ts';
import type { Database } from './port.ts';

export async function migrate(db: Database): Promise<void> {
  const dir = packageFile('src/db/migrations');
  const files = readdirSync(dir)
    .filter((f) => f.endsWith('.sql'))
    .sort();
  await db.asOwner(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(731)');
    await tx.query(
      `do $$ begin create role quanbao_app nologin; exception when duplicate_object or unique_violation then null; end $$`,
    );
    await tx.query(
      `create table if not exists quanbao_migration (version int primary key, name text, digest text, applied_at timestamptz default now())`,
    );
    const done = await tx.query<{ version: number; digest: string }>(
      'select version, digest from quanbao_migration',
    );
    for (const file of files) {
      const version = Number(file.slice(0, 4));
      const sql = readFileSync(`${dir}/${file}`, 'utf8');
      const digest = createHash('sha256').update(sql).digest('hex');
      if (done.some((d) => d.version === version)) continue;
      await tx.query('insert into quanbao_migration (version, name, digest) values ($1, $2, $3)', [
        version,
        file,
        digest,
      ]);
      await tx.query(sql);
    }
    if (done.some((d) => d.version > files.length))
      throw new Refusal('db.newer', '数据库比程序新；请升级程序。');
  });
}
