import { Refusal } from '@quanbao/domain/kernel/problem';
import { type OpenedInstance, openInstance, settingsFromEnvironment } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import { sealAndExport } from '../features/audit/index.ts';
import { dumpIfDue, trialNotice } from '../maintenance/dumps.ts';

/** Exit codes scripts rely on. */
export const EXIT = { done: 0, checkFailed: 1, usage: 2, refused: 3 } as const;

/** Progress and warnings for people go to stderr, so that stdout stays for results and machines. */
export function progress(text: string): void {
  if (process.stderr.isTTY && text.startsWith('  ')) process.stderr.write(`\r\x1b[K${text}`);
  else process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Once in a command that begins an instance: init, demo, start. */
export function noticeTrial(instance: OpenedInstance): void {
  const notice = trialNotice(instance);
  if (notice !== undefined) progress(notice);
}

/** Opens the instance, runs the command, seals the trail, closes; a refusal ends with exit code 3. */
export async function withInstance(work: (instance: OpenedInstance) => Promise<void>): Promise<void> {
  const instance = await openInstance(settingsFromEnvironment(process.env));
  try {
    for (const warning of instance.warnings) progress(warning);
    await work(instance);
    for (const county of await listCounties(instance)) {
      await sealAndExport(instance.db, county, instance.keyring.auditKey, instance.dir);
    }
    await dumpIfDue(instance, { onProgress: progress }).catch((error: Error) =>
      progress(`自动备份没有成功：${error.message}`),
    );
  } finally {
    await instance.close();
  }
}

export async function listCounties(instance: OpenedInstance): Promise<string[]> {
  const rows = await instance.db.asOwner((tx) =>
    tx.query<{ county: string }>('select county from county order by county'),
  );
  return rows.map((row) => row.county);
}

/** The command line acts as the county office of the one county the instance holds, or of the one named. */
export async function countyScope(instance: OpenedInstance, county?: string): Promise<Scope> {
  const known = await listCounties(instance);
  const chosen = county ?? (known.length === 1 ? known[0] : undefined);
  if (chosen === undefined) {
    throw known.length === 0
      ? new Refusal(
          'county.missing',
          '还没有初始化；先运行 quanbao init --county 代码（如 430981），或 quanbao demo。',
        )
      : new Refusal('county.choose', `这里有多个县：${known.join('、')}；请用 --county 指定。`);
  }
  return { county: chosen, region: chosen, actor: process.env.QUANBAO_ACTOR ?? 'county-office' };
}
