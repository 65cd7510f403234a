import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { inThread } from '../aside/thread.ts';
import { type OpenedInstance, settingsFromEnvironment } from '../composition.ts';
import {
  addAccount,
  DEMO_PASSWORD,
  demoAccounts,
  doorScope,
  listAccounts,
  resetPassword,
} from '../features/access/index.ts';
import { isLoopback } from '../http/loopback.ts';
import { countyScope, print, printJson, progress, withInstance } from './terminal.ts';

const DEFAULT_PORT = 8080;

interface ServeOptions {
  county?: string;
  port?: number;
  host?: string;
}

export function addServeCommands(program: Command): void {
  program
    .command('serve')
    .description('启动服务：浏览器打开打印的地址登录；Ctrl+C 停止')
    .option('--port <N>', '端口，缺省为环境变量 PORT 或 8080', parsePort)
    .option('--host <ADDRESS>', '监听地址，缺省只供本机；对外服务请放在带 HTTPS 的反向代理后面')
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .action((options: ServeOptions) =>
      withInstance((instance) => serve(instance, options), { indexes: false }),
    );
  const account = program.command('account').description('账号：第一批账号在命令行建立，以后可在页面上管理');
  account
    .command('add')
    .description('新建账号，初始密码只显示一次')
    .argument('<LOGIN>', '账号名：小写字母开头，2 至 32 位')
    .requiredOption('--name <NAME>', '姓名')
    .requiredOption(
      '--role <ROLE>',
      'county、office、town、village、reader、system-admin、security-admin、audit-admin',
    )
    .option('--office <OFFICE>', '部门（office 角色）')
    .option('--region <CODE>', '管辖范围，缺省为全县')
    .option('--subject <SUBJECT>', '省统一认证的标识')
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '输出 JSON')
    .action(
      (
        login: string,
        options: {
          name: string;
          role: string;
          office?: string;
          region?: string;
          subject?: string;
          county?: string;
          json?: boolean;
        },
      ) =>
        withInstance(async (instance) => {
          const { county, actor } = await countyScope(instance, options.county);
          const made = await addAccount(
            instance,
            doorScope(county, actor),
            {
              login,
              name: options.name,
              role: options.role,
              office: options.office,
              region: options.region ?? county,
              subject: options.subject,
            },
            { approved: true },
          );
          if (options.json) return printJson({ login: made.account.login, password: made.password });
          print(
            `已建立账号 ${made.account.login}（${made.account.name}），初始密码 ${made.password}；首次登录须修改。`,
          );
        }),
    );
  account
    .command('list')
    .description('账号清单')
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '输出 JSON')
    .action((options: { county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const { county, actor } = await countyScope(instance, options.county);
        const items = await listAccounts(instance, doorScope(county, actor));
        if (options.json) return printJson({ accounts: items });
        if (items.length === 0) return print('还没有账号；用 quanbao account add 建立第一个。');
        for (const one of items)
          print(`${one.login}  ${one.name}  ${one.role}  ${one.region.path}  ${one.state}`);
      }),
    );
  account
    .command('reset')
    .description('重置密码，新密码只显示一次')
    .argument('<LOGIN>', '账号名')
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '输出 JSON')
    .action((login: string, options: { county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const { county, actor } = await countyScope(instance, options.county);
        const scope = doorScope(county, actor);
        const found = (await listAccounts(instance, scope)).find((one) => one.login === login);
        if (found === undefined) throw new Refusal('access.unknown', `没有名为 ${login} 的账号。`);
        const { password } = await resetPassword(instance, scope, found.account, { atTheMachine: true });
        if (options.json) return printJson({ login, password });
        print(`${login} 的新密码 ${password}；首次登录须修改。`);
      }),
    );
}

function parsePort(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0 || n > 65_535) throw new InvalidArgumentError('应为 0 至 65535 的整数。');
  return n;
}

/** Listens until it is told to stop. */
export async function serve(instance: OpenedInstance, options: ServeOptions): Promise<void> {
  const { county } = await countyScope(instance, options.county);
  const host = options.host ?? process.env.HOST ?? '127.0.0.1';
  const { demo } = await demoAccounts(instance, county);
  if (demo.length > 0 && host !== 'localhost' && !isLoopback(host)) {
    throw new Refusal(
      'serve.demo',
      '这里有演示账号，密码人人知道，只能在本机打开；对外服务请用没有演示账号的数据目录。',
    );
  }
  const settings = settingsFromEnvironment(process.env);
  // Only here: what serves takes as long to load as everything else.
  const { startService } = await import('../http/service.ts');
  const service = await startService(instance, {
    county,
    ...(settings.url === undefined ? {} : { aside: inThread(settings) }),
    host,
    port: options.port ?? parsePort(process.env.PORT ?? String(DEFAULT_PORT)),
    logger: process.stderr.isTTY
      ? { level: 'warn' }
      : { level: process.env.LOG_LEVEL ?? 'info', stream: process.stderr },
  });
  print(`\n全保已启动：${service.url.replace('127.0.0.1', 'localhost')}　Ctrl+C 停止`);
  if (demo.length > 0) {
    print(`演示账号（密码都是 ${DEMO_PASSWORD}）：`);
    for (const { login, title } of demo) print(`  ${login.padEnd(10)} ${title}`);
  } else if ((await listAccounts(instance, doorScope(county, 'serve'))).length === 0) {
    print(
      '还没有账号：另开一个窗口停止服务后运行 quanbao account add，建立系统、安全、审计管理员和县级经办。',
    );
  }
  await stopped();
  progress('正在停止：等正在进行的工作做完……');
  await service.stop();
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
