import { FACT_WORDS } from '@quanbao/domain/coverage/words';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { findSource } from '@quanbao/domain/sources/catalogue';
import type { Command } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import {
  adjudicate,
  findingQueue,
  type PersonPage,
  personPage,
  reindexRegister,
} from '../features/register/index.ts';
import { parseColumn, parseDay, parseNumber, parseText } from './arguments.ts';
import { allLines, firstLine } from './stdin.ts';
import { countyScope, knownRegion, print, printJson, withInstance } from './terminal.ts';

const DAY = ['--as-of <DATE>', '哪一天，缺省为最新一份在用名单的截止日期', parseDay] as const;
const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;

interface PersonOptions {
  asOf?: string;
  reveal?: boolean;
  reason?: string;
  county?: string;
  json?: boolean;
}

interface QueueOptions {
  region?: string;
  asOf?: string;
  limit?: number;
  county?: string;
  json?: boolean;
}

interface AdjudicateOptions {
  column?: number;
  village?: string;
  reason: string;
  document: string;
  from?: string;
  county?: string;
  json?: boolean;
}

export function addRegisterCommands(program: Command): void {
  program
    .command('person')
    .description('一个人为什么这样判定：结论、规则、证据、矛盾、历史')
    .argument('<ID>', '身份证号码；- 表示从标准输入读取')
    .option(...DAY)
    .option('--reveal', '显示完整号码（留痕）')
    .option('--reason <TEXT>', '查看完整号码的事由，记入留痕', parseText)
    .option(...COUNTY)
    .option('--json', '输出 JSON')
    .action((id: string, options: PersonOptions) =>
      withInstance(async (instance) => {
        const rawId = id === '-' ? await firstLine() : id;
        const scope = await countyScope(instance, options.county);
        const page = await personPage(instance, scope, rawId, options);
        if (options.json) return printJson(page);
        const tree = await instance.db.transaction(scope, (tx) => loadRegionTree(tx, scope.county));
        print(describe(page, tree));
      }),
    );
  for (const queue of ['conflict', 'quality'] as const) {
    program
      .command(queue === 'conflict' ? 'conflicts' : 'quality')
      .description(
        queue === 'conflict'
          ? '矛盾：各部门名单之间、名单与摸底之间对不上的人'
          : '数据待核：号码、村组、状态用语等需要补正的人',
      )
      .option('--region <CODE>', '县、乡镇或村的代码')
      .option(...DAY)
      .option('--limit <N>', '最多列出多少条', parseNumber)
      .option(...COUNTY)
      .option('--json', '输出 JSON')
      .action((options: QueueOptions) => withInstance((instance) => listQueue(instance, queue, options)));
  }
  program
    .command('reindex')
    .description('重编检索：quanbao check 说检索不一致时用；不改动任何人员')
    .option(...COUNTY)
    .action((options: { county?: string }) =>
      withInstance(async (instance) => {
        const { county } = await countyScope(instance, options.county);
        await instance.db.asOwner((tx) => reindexRegister(tx, county));
        print('已登记全部人员，现在重编。');
      }),
    );
  program
    .command('adjudicate')
    .description('裁定一人或多人的栏次或所在的村，需理由和材料；undo A编号 可撤销')
    .argument('<ID...>', '身份证号码；- 表示从标准输入逐行读取')
    .option('--column <N>', '附件3 栏次 7–17', parseColumn)
    .option('--village <CODE>', '所在村（社区）的 12 位代码')
    .requiredOption('--reason <TEXT>', '理由', parseText)
    .requiredOption('--document <FILE>', '证明材料文件')
    .option('--from <DATE>', '自哪一天起，缺省为最新一份在用名单的截止日期', parseDay)
    .option(...COUNTY)
    .option('--json', '输出 JSON')
    .action((ids: string[], options: AdjudicateOptions, command: Command) => {
      if (options.column === undefined && options.village === undefined)
        command.error('要写出裁定的栏次（--column）或所在的村（--village）。');
      return withInstance(async (instance) => {
        const people = ids.length === 1 && ids[0] === '-' ? await allLines() : ids;
        const done = await adjudicate(instance, await countyScope(instance, options.county), people, options);
        if (options.json) printJson(done);
        else
          print(
            `已裁定（A${done.adjudication}）：${done.people} 人${[
              ...(done.column === null ? [] : [`列第 ${done.column} 栏`]),
              ...(done.village === null ? [] : [`归入 ${done.village}`]),
            ].join('、')}，自 ${done.from} 起；${done.changed} 人的结论有变化。`,
          );
      });
    });
}

async function listQueue(
  instance: OpenedInstance,
  queue: 'conflict' | 'quality',
  options: QueueOptions,
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const found = await findingQueue(instance, scope, queue, { ...options, region });
  if (options.json) return printJson(found);
  for (const kind of found.kinds) print(`${kind.label}：${kind.n} 人`);
  print(
    `合计 ${found.total} 条（${found.asOf}）${found.decided > 0 ? `；另有 ${found.decided} 条已裁定，不再列出` : ''}`,
  );
  for (const item of found.items.slice(0, 50))
    print(`  ${item.label}  ${item.name}  ${item.person}  ${item.region}  自 ${item.from}：${item.advice}`);
  if (found.items.length > 50) print('  …… 只列出前 50 条，全部用 --json。');
}

function describe(page: PersonPage, tree: RegionTree): string {
  const until = (to: string | null): string => (to === null ? '至今' : `至 ${to} 前`);
  return [
    `${page.name}  ${page.id}  ${page.region.path}`,
    `${page.asOf} 的结论：${page.verdict}${page.column === null ? '' : `（附件3 第 ${page.column} 栏）`}，自 ${page.from} ${until(page.to)}`,
    ...(page.rule === null ? [] : [`依据规则 ${page.rule.rank}：${page.rule.because}`]),
    `户籍名单内：${page.inRegister ? '是' : '否'}；本年已缴费：${page.paid ? '是' : '否'}；参保意愿：${{ yes: '是', no: '否', unknown: '未知' }[page.willing]}`,
    ...(page.adjudication === null
      ? []
      : [
          `裁定 A${page.adjudication.number}：${page.adjudication.reason}（材料：${page.adjudication.document}，${page.adjudication.actor}）`,
        ]),
    ...(page.placement === null
      ? []
      : [
          `所在的村由裁定 A${page.placement.number} 确定：${page.placement.reason}（材料：${page.placement.document}，${page.placement.actor}）`,
        ]),
    ...(page.ruled === null
      ? []
      : [`所在的村按地址规则第 ${page.ruled.rule} 号归入（自 ${page.ruled.from}）：${page.ruled.words}`]),
    '证据：',
    ...page.evidence.map(
      (e) =>
        `  ${e.decides ? '★' : ' '} ${findSource(e.source)?.title ?? e.source}：${FACT_WORDS[e.fact]}  ${e.from} ${until(e.to)}  第 ${e.delivery} 号报送第 ${e.row} 行`,
    ),
    ...(page.unseen > 0 ? [`  另有 ${page.unseen} 条，有名单，内容不可见`] : []),
    ...(page.conflicts.length > 0
      ? ['矛盾与疑点：', ...page.conflicts.map((c) => `  ${c.label}（自 ${c.from}）：${c.advice}`)]
      : []),
    '历史：',
    ...page.history.map(
      (h) => `  ${h.from} ${until(h.to)}  ${h.verdict}  ${tree.path(h.region)}${h.paid ? '  已缴费' : ''}`,
    ),
  ].join('\n');
}
