import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Command } from 'commander';
import { settingsFromEnvironment } from '../composition.ts';
import { initCounty } from '../features/sources/index.ts';
import { backup, restore } from '../maintenance/backup.ts';
import { checkInstance } from '../maintenance/check.ts';
import { rotateKeys } from '../maintenance/rotate.ts';
import { version } from '../version.ts';
import {
  actor,
  countyScope,
  EXIT,
  listCounties,
  notInitialised,
  noticeTrial,
  print,
  printJson,
  progress,
  withInstance,
} from './terminal.ts';

interface CommonOptions {
  county?: string;
  json?: boolean;
}

const CREATES = { creates: true };

/** A restore under a new key would only leave a key file in the way of the right one. */
function requireKeyFile(): void {
  const { dir } = settingsFromEnvironment(process.env);
  if (existsSync(join(dir, 'keys.json'))) return;
  throw new Refusal(
    'restore.keys',
    `请先把备份时的 keys.json 放到 ${dir}（权限 0600），再恢复；没有它，备份无法读出。`,
  );
}

export function addInstanceCommands(program: Command): void {
  program
    .command('init')
    .description('建立一个空的县：区划入库，不含任何人员')
    .requiredOption('--county <CODE>', '6 位县级代码；430981 沅江市、450324 全州县随软件提供')
    .option('--divisions <FILE.csv>', '其他县的区划')
    .option('--scheme-codes <FILE.csv>', '居保系统的区划代码各时期指哪里（列：schemeCode,from,to,region）')
    .option('--json', '输出 JSON')
    .action((options: { county: string; divisions?: string; schemeCodes?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        noticeTrial(instance);
        const made = await initCounty(instance, options.county, actor(), options);
        if (options.json) printJson(made);
        else
          print(
            `已建立 ${made.name}（${made.county}）：${made.towns} 个乡镇，${made.villages} 个村（社区）。`,
          );
      }, CREATES),
    );
  program
    .command('check')
    .description('按原始名单重读、逐人重新判定、重新加总、核对报表、验证留痕；有不一致时退出码为 1')
    .option('--skip-journal', '不重读原始文件')
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '输出 JSON')
    .action((options: CommonOptions & { skipJournal?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const results = await checkInstance(instance, scope, { ...options, onProgress: progress });
        const ok = results.every((result) => result.ok);
        if (options.json) printJson({ ok, results });
        else for (const result of results) print(`${result.ok ? '✓' : '✗'} ${result.message}`);
        if (!ok) process.exitCode = EXIT.checkFailed;
      }),
    );
  program
    .command('backup')
    .description('把数据库和原始文件备份成一个加密文件；密钥文件 keys.json 要另外保存')
    .argument('<FILE>', '备份文件')
    .option('--json', '输出 JSON')
    .action((file: string, options: CommonOptions) =>
      withInstance(async (instance) => {
        if ((await listCounties(instance)).length === 0) throw notInitialised();
        const done = await backup(instance, file, { actor: actor(), onProgress: progress });
        if (options.json) printJson({ file, ...done });
        else print(`已备份到 ${file}：${done.rows} 行，${done.files} 个原始文件。恢复时需要 keys.json。`);
      }),
    );
  program
    .command('restore')
    .description('把备份恢复到一个空的实例')
    .argument('<FILE>', '备份文件')
    .option('--json', '输出 JSON')
    .action((file: string, options: CommonOptions) => {
      requireKeyFile();
      return withInstance(async (instance) => {
        const done = await restore(instance, file, { actor: actor(), onProgress: progress });
        if (options.json) printJson({ file, ...done });
        else print(`已恢复：${done.rows} 行，${done.files} 个原始文件。请运行 quanbao check 核对。`);
      }, CREATES);
    });
  program
    .command('keys')
    .description('密钥管理：rotate 更换密钥，改写已存的号码和原始文件；中断后再次运行即继续')
    .argument('<ACTION>', 'rotate')
    .option('--json', '输出 JSON')
    .action((action: string, options: CommonOptions, command: Command) => {
      if (action !== 'rotate') command.error('只支持 quanbao keys rotate。');
      return withInstance(async (instance) => {
        if ((await listCounties(instance)).length === 0) throw notInitialised();
        const done = await rotateKeys(instance, { actor: actor(), onProgress: progress });
        if (options.json) printJson(done);
        else {
          print(
            `已启用第 ${done.key} 号数据密钥，改写 ${done.values} 个值、${done.files} 个原始文件。请重新另存 keys.json。`,
          );
          if (done.unreadable > 0)
            print(`${done.unreadable} 个原始文件读不出，未改写；请运行 quanbao check。`);
        }
      });
    });
  program
    .command('version')
    .description('版本')
    .option('--json', '输出 JSON')
    .action((options: CommonOptions) => {
      if (options.json) printJson({ version: version(), node: process.versions.node });
      else print(`全保 ${version()}（Node ${process.versions.node}）`);
    });
}
