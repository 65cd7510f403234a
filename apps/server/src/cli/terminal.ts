import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { groupCode, groupNamed, splitGroup } from '@quanbao/domain/addresses/groups';
import { chinaDay } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { regionLevel } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import { type OpenedInstance, openInstance, settingsFromEnvironment } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import { sealAndExport } from '../features/audit/index.ts';
import { sweepOriginals } from '../features/originals/index.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import { indexRegister } from '../features/register/index.ts';
import { requireRegion } from '../features/reports/index.ts';
import { dumpIfDue, trialNotice } from '../maintenance/dumps.ts';
import { sweepLeftovers } from '../maintenance/sweep.ts';

/** Exit codes scripts rely on. */
export const EXIT = { done: 0, checkFailed: 1, usage: 2, refused: 3 } as const;

/** Fewer people are searchable before anybody could read about it. */
const SAID_FROM = 5_000;

/** Progress and warnings for people go to stderr, so that stdout stays for results and machines. */
export function progress(text: string): void {
  const line = maskNumbers(text);
  if (process.stderr.isTTY && line.startsWith('  ')) process.stderr.write(`\r\x1b[K${line}`);
  else process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${line}\n`);
}

/** A file may be named after somebody's ID number: no message repeats one. */
export function maskNumbers(text: string): string {
  return text.replace(/[\d０-９]{15,}[XxＸｘ]?/g, maskId);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Where a row stands; a text file has no sheets. */
export function rowPlace(row: { file: string; sheet: string; row: number; column: string }): string {
  return `${[row.file, row.sheet].filter((part) => part !== '').join(' ')} 第 ${row.row} 行 ${row.column}`;
}

/** Once in a command that begins an instance: init, demo, start. */
export function noticeTrial(instance: OpenedInstance): void {
  const notice = trialNotice(instance);
  if (notice !== undefined) progress(notice);
}

/** The command line acts as the county office, or under the name its caller gives. */
export function actor(): string {
  return process.env.QUANBAO_ACTOR ?? 'county-office';
}

/** The day by the clock: asked only where no list gives one. */
export function today(): string {
  return chinaDay(new Date());
}

export function notInitialised(): Refusal {
  return new Refusal(
    'county.missing',
    '还没有初始化；先运行 quanbao init --county 代码（如 430981），或 quanbao demo。',
  );
}

/**
 * Opens the instance, runs the command, seals the trail, closes; a refusal ends with exit code 3.
 * @param options.creates the command may begin an instance; any other leaves an empty place empty
 * @param options.indexes false for a service, which follows by itself and stops at once
 */
export async function withInstance(
  work: (instance: OpenedInstance) => Promise<void>,
  options: { creates?: boolean; indexes?: boolean } = {},
): Promise<void> {
  const settings = settingsFromEnvironment(process.env);
  if (!options.creates && settings.url === undefined && !existsSync(join(settings.dir, 'pgdata')))
    throw notInitialised();
  const instance = await openInstance(settings);
  try {
    for (const warning of instance.warnings) progress(warning);
    await sweepLeftovers(instance);
    await sweepOriginals(instance, actor());
    await work(instance);
    for (const county of await listCounties(instance)) {
      if (options.indexes !== false) await index(instance, county);
      await sealAndExport(instance.db, county, instance.keyring.auditKey, instance.dir);
    }
    await dumpIfDue(instance, { onProgress: progress }).catch((error: Error) =>
      progress(`自动备份没有成功：${error.message}`),
    );
  } finally {
    await instance.close();
  }
}

/** What a command has committed can be searched when it ends; if it is ended before, the next one goes on. */
async function index(instance: OpenedInstance, county: string): Promise<void> {
  await indexRegister(instance, county, {
    onProgress: (people) => {
      if (people >= SAID_FROM) progress(`  已编入检索 ${people} 人`);
    },
  });
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
  if (known.length === 0) throw notInitialised();
  const chosen = county ?? (known.length === 1 ? known[0] : undefined);
  if (chosen === undefined) {
    throw new Refusal('county.choose', `这里有多个县：${known.join('、')}；请用 --county 指定。`);
  }
  if (!known.includes(chosen)) {
    throw new Refusal('county.unknown', `这里没有代码为 ${chosen} 的县；已有 ${known.join('、')}。`);
  }
  return { county: chosen, region: chosen, actor: actor() };
}

/** A division, or one of a village's groups: by its code or with `--group`. */
export async function knownPlace(
  instance: OpenedInstance,
  scope: Scope,
  region: string | undefined,
  group: string | undefined,
): Promise<string> {
  const asked = splitGroup(region ?? scope.county);
  const village = await knownRegion(instance, scope, asked.region);
  const known = asked.group === undefined ? village : groupCode(village, asked.group);
  if (group === undefined) return known;
  const number = groupNamed(group);
  if (regionLevel(known) !== 'village') {
    throw new Refusal('report.group', '--group 要和 --region 的 12 位村（社区）代码一起用。');
  }
  if (number === undefined) {
    throw new Refusal('report.group', `“${group}”不是村民小组；请写成 3组 的样子，未写明组的写 未分组。`);
  }
  return groupCode(known, number);
}

/** @throws Refusal `report.region` for a code that is no division of the county */
export async function knownRegion(
  instance: OpenedInstance,
  scope: Scope,
  region: string | undefined,
): Promise<string> {
  if (region === undefined || region === scope.county) return scope.county;
  await instance.db.transaction(scope, async (tx) =>
    requireRegion(await loadRegionTree(tx, scope.county), scope, region),
  );
  return region;
}
