import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { type PersonPage, personPage } from '../features/register/index.ts';
import { countyScope, print, printJson, withInstance } from './terminal.ts';

export function addRegisterCommands(program: Command): void {
  program
    .command('person')
    .description('一个人为什么这样判定：结论、规则、证据、矛盾、历史')
    .argument('<ID>', '身份证号码；- 表示从标准输入读取')
    .option('--as-of <DATE>', '哪一天')
    .option('--reveal', '显示完整号码（留痕）')
    .option('--county <CODE>')
    .option('--json', '输出 JSON')
    .action((id: string, options: { asOf?: string; reveal?: boolean; county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const rawId = id === '-' ? await firstLine() : id;
        const page = await personPage(instance, await countyScope(instance, options.county), rawId, options);
        if (options.json) printJson(page);
        else print(describe(page));
      }),
    );
}

export async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line.trim();
  return '';
}

function describe(page: PersonPage): string {
  const until = (to: string | null): string => (to === null ? '至今' : `至 ${to} 前`);
  return [
    `${page.name}  ${page.id}  ${page.region.path}`,
    `${page.asOf} 的结论：${page.verdict}（附件3 第 ${page.column} 栏），自 ${page.from} ${until(page.to)}`,
    `依据规则 ${page.rule.rank}：${page.rule.because}`,
    `户籍名单内：${page.inRegister ? '是' : '否'}；本年已缴费：${page.paid ? '是' : '否'}；参保意愿：${{ yes: '是', no: '否', unknown: '未知' }[page.willing]}`,
    '证据：',
    ...page.evidence.map(
      (e) =>
        `  ${e.decides ? '★' : ' '} ${e.source} ${e.fact}  ${e.from} ${until(e.to)}  第 ${e.delivery} 号报送第 ${e.row} 行`,
    ),
    ...(page.conflicts.length > 0
      ? ['矛盾与疑点：', ...page.conflicts.map((c) => `  ${c.label}（自 ${c.from}）：${c.advice}`)]
      : []),
    '历史：',
    ...page.history.map(
      (h) => `  ${h.from} ${until(h.to)}  ${h.verdict}  ${h.region}${h.paid ? '  已缴费' : ''}`,
    ),
  ].join('\n');
}
