import type { SettingValue } from '@quanbao/domain/coverage/settings';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Command } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import { listSettings, setSetting } from '../features/coverage/index.ts';
import { latestDay } from '../features/sources/index.ts';
import { parseDay } from './arguments.ts';
import { countyScope, print, printJson, progress, today, withInstance } from './terminal.ts';

interface SettingsOptions {
  from?: string;
  document?: string;
  asOf?: string;
  county?: string;
  json?: boolean;
}

export function addSettingsCommand(program: Command): void {
  program
    .command('settings')
    .description('全县的分期设置：list 列出，show 看一项的各期取值和依据，set 自某日起改为另一个值')
    .argument('<ACTION>', 'list、show 或 set')
    .argument('[KEY]', '设置的名称，如 coverage.scope-age')
    .argument('[VALUE]', 'set 的新值')
    .option('--from <DATE>', 'set：自哪一天起', parseDay)
    .option('--document <NUMBER>', 'set：所依据文件的文号')
    .option('--as-of <DATE>', '看哪一天的取值，缺省为最新一份在用名单的截止日期', parseDay)
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '输出 JSON')
    .action(
      (action: string, key: string | undefined, value: string | undefined, options, command: Command) => {
        if (!['list', 'show', 'set'].includes(action)) command.error('只支持 settings list、show、set。');
        if (action !== 'list' && key === undefined) command.error(`settings ${action} 要写出设置的名称。`);
        if (action === 'set' && value === undefined) command.error('settings set 要写出新值。');
        return withInstance(async (instance) => {
          const scope = await countyScope(instance, options.county);
          if (action === 'set') return set(instance, scope, key as string, value as string, options);
          return show(instance, scope, action === 'show' ? key : undefined, options);
        });
      },
    );
}

async function set(
  instance: OpenedInstance,
  scope: Scope,
  key: string,
  value: string,
  { from = '', document = '', json }: SettingsOptions,
): Promise<void> {
  const done = await setSetting(instance, scope, { key, value, from, document }, (people) =>
    progress(`  已重新判定 ${people} 人`),
  );
  if (json) return printJson(done);
  print(
    `${key} 自 ${done.from} 起由 ${inWords(done.before)} 改为 ${inWords(done.value)}（${done.document}）；${done.changed} 人的结论有变化。`,
  );
}

async function show(
  instance: OpenedInstance,
  scope: Scope,
  key: string | undefined,
  options: SettingsOptions,
): Promise<void> {
  const { day, all } = await instance.db.transaction(scope, async (tx) => {
    const asked = options.asOf ?? (await latestDay(tx, scope)) ?? today();
    return { day: asked, all: await listSettings(tx, scope.county, asked) };
  });
  const shown = key === undefined ? all : all.filter((setting) => setting.key === key);
  if (shown.length === 0) {
    throw new Refusal(
      'settings.unknown',
      `没有名为 ${key} 的设置；可用 ${all.map((s) => s.key).join('、')}。`,
    );
  }
  if (options.json) return printJson({ asOf: day, settings: shown });
  for (const setting of shown) {
    print(`${setting.key}  ${setting.title}：${inWords(setting.value)}（${day}）`);
    if (key === undefined) continue;
    print(`  可取：${setting.allowed}`);
    for (const { from, value } of setting.shipped) print(`  自 ${from} 起 ${inWords(value)}（随软件提供）`);
    for (const source of setting.legalSources) print(`    依据：${source}`);
    for (const { from, value, document } of setting.own) {
      print(`  自 ${from} 起 ${inWords(value)}（本县，${document}）`);
    }
  }
}

function inWords(value: SettingValue): string {
  return typeof value === 'boolean' ? (value ? '是' : '否') : String(value);
}
