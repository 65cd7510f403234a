import { basename } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Command } from 'commander';
import {
  applyRules,
  importRules,
  listApplications,
  listRules,
  previewApplication,
  retireRule,
  testAddress,
  undoApplication,
  unplacedOverview,
} from '../features/addresses/index.ts';
import { parseDay, parseNumber, parseText } from './arguments.ts';
import { countyScope, knownRegion, print, printJson, progress, withInstance } from './terminal.ts';

const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;
const JSON_OUT = ['--json', '输出 JSON'] as const;
const REGION = ['--region <CODE>', '全县或一个乡镇的代码，缺省为全县'] as const;

interface Options {
  region?: string;
  county?: string;
  json?: boolean;
}

export function addAddressCommands(program: Command): void {
  const addresses = program
    .command('addresses')
    .description('地址分村：按县里自己的规则，把名单没有写明村（社区）的人归入村（社区）');
  addresses
    .command('unplaced')
    .description('未分村的人：各乡镇人数，地址里最多见的写法')
    .option(...REGION)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Options) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const region = await knownRegion(instance, scope, options.region);
        const found = await unplacedOverview(instance, scope, { region });
        if (options.json) return printJson(found);
        print(`${found.asOf}：未分村 ${found.total} 人，其中 ${found.blank} 人没有地址`);
        for (const place of found.places) print(`  ${place.path}  ${place.people} 人`);
        if (found.fragments.length > 0) print('地址里最多见的写法：');
        for (const one of found.fragments)
          print(`  ${one.text === '' ? '（只有乡镇）' : one.text}  ${one.people} 人`);
      }),
    );
  addresses
    .command('rules')
    .description('列出规则；给出文件时先按文件新增（种类、文字、不含、单双、起号、止号、村代码或村名称）')
    .option('--file <F>', 'xlsx、xls 或 csv；已有的不重复')
    .option('--replace', '文件就是全部规则：文件里没有的停用，次序按文件')
    .option(...REGION)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Options & { file?: string; replace?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const owner = await knownRegion(instance, scope, options.region);
        if (options.file !== undefined) {
          const file = { name: basename(options.file), path: options.file };
          const done = await importRules(instance, scope, file, { owner, replace: options.replace }).catch(
            unreadable,
          );
          if (options.json) return printJson(done);
          print(
            `读到 ${done.read} 条：新增 ${done.added} 条，已有 ${done.same} 条，停用 ${done.retired} 条。`,
          );
          for (const one of done.unreachable)
            print(`  注意：第 ${one.number} 号规则永远用不上：${one.because}`);
          return;
        }
        const rules = await listRules(instance, scope);
        if (options.json) return printJson({ rules });
        if (rules.length === 0) print('还没有规则；用 addresses rules --file 文件 添加。');
        for (const rule of rules) {
          print(
            `  第 ${rule.number} 号  ${rule.owner.name}  ${rule.words}${rule.village === null ? '' : ` → ${rule.village.path}`}`,
          );
          if (rule.unreachable !== null) print(`    注意：永远用不上：${rule.unreachable}`);
        }
      }),
    );
  addresses
    .command('retire')
    .description('停用规则；已按它归村的人不变，要退回用 addresses undo')
    .argument('<NUMBER>', '规则的编号', parseNumber)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((number: number, options: Options) =>
      withInstance(async (instance) => {
        const done = await retireRule(instance, await countyScope(instance, options.county), number);
        if (options.json) printJson(done);
        else print(`已停用第 ${number} 号规则。`);
      }),
    );
  addresses
    .command('test')
    .description('试一个地址：用哪一条规则，为什么')
    .argument('<TEXT>', '地址', parseText)
    .option('--region <CODE>', '此人已知所在的乡镇')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((text: string, options: Options) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const { region } = options;
        const found = await testAddress(instance, scope, {
          text,
          region: region && (await knownRegion(instance, scope, region)),
        });
        if (options.json) return printJson(found);
        print(found.because);
        if (found.rule !== null) print(`  ${found.rule.words}`);
        for (const one of found.near) print(`  第 ${one.number} 号没有用上：${one.because}（${one.words}）`);
      }),
    );
  addresses
    .command('apply')
    .description('按规则归村；先用 --dry-run 看人数和例子')
    .option(...REGION)
    .option('--from <DATE>', '自哪一天起，缺省为最新一份在用名单的截止日期', parseDay)
    .option('--dry-run', '只预览，不改动数据')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Options & { from?: string; dryRun?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const region = await knownRegion(instance, scope, options.region);
        const order = { region, from: options.from };
        if (options.dryRun) {
          const found = await previewApplication(instance, scope, order);
          if (options.json) return printJson(found);
          print(
            `${found.region.path}：未分村 ${found.unplaced} 人，可归村 ${found.placed} 人（自 ${found.from} 起），余 ${found.left} 人`,
          );
          for (const rule of found.rules) {
            print(`  第 ${rule.number} 号  ${rule.people} 人  ${rule.words}`);
            if (rule.elsewhere > 0) print(`    另有 ${rule.elsewhere} 人文字相符，但已知在别的乡镇`);
            if (rule.unreachable !== null) print(`    注意：永远用不上：${rule.unreachable}`);
            for (const one of rule.samples) print(`    ${one.name}  ${one.address}  →  ${one.village}`);
          }
          if (found.torn > 0) print(`  ${found.torn} 户已知的人分在几个村，没有随户`);
          return;
        }
        progress('按规则归村');
        const done = await applyRules(instance, scope, order);
        if (options.json) return printJson(done);
        print(
          `第 ${done.application} 次分村：${done.people} 人自 ${done.from} 起归入村（社区），余 ${done.left} 人未分村。撤回用 addresses undo ${done.application}。`,
        );
      }),
    );
  addresses
    .command('history')
    .description('历次分村')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Options) =>
      withInstance(async (instance) => {
        const applications = await listApplications(instance, await countyScope(instance, options.county));
        if (options.json) return printJson({ applications });
        if (applications.length === 0) print('还没有按规则分过村。');
        for (const one of applications) {
          const undone = one.undone === null ? '' : `（已由 ${one.undone.by} 撤回）`;
          print(
            `  第 ${one.application} 次  ${one.madeAt}  ${one.region.path}  ${one.people} 人  ${one.actor}${undone}`,
          );
        }
      }),
    );
  addresses
    .command('undo')
    .description('撤回一次分村：那次归村的人都退回')
    .argument('<N>', '第几次分村', parseNumber)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((number: number, options: Options) =>
      withInstance(async (instance) => {
        const done = await undoApplication(instance, await countyScope(instance, options.county), number);
        if (options.json) printJson(done);
        else print(`已撤回第 ${done.application} 次分村：${done.people} 人退回。`);
      }),
    );
}

function unreadable(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'EACCES') throw error;
  throw new Refusal('address.file', '读不到规则文件；请检查路径，并写出一个文件。');
}
