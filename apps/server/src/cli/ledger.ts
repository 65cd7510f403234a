import { basename } from 'node:path';
import { INDICATORS } from '@quanbao/domain/indicators/indicators';
import { Refusal } from '@quanbao/domain/kernel/problem';
import {
  CLOSING_PAPER_WORDS,
  CLOSING_PAPERS,
  findLedgerKind,
  LEDGER_KINDS,
} from '@quanbao/domain/ledger/kinds';
import type { Command } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import {
  assignItems,
  closeItems,
  itemLife,
  listLedger,
  readLedger,
  rebuildLedger,
  undoClosing,
} from '../features/ledger/index.ts';
import { keepFile } from '../features/originals/index.ts';
import { parseDay, parseNumber, parseText } from './arguments.ts';
import { countyScope, knownPlace, print, printJson, progress, withInstance } from './terminal.ts';

const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;
const JSON_OUT = ['--json', '输出 JSON'] as const;

/** Indicators that count items: what a form, a bulletin or a score prints of them opens here. */
const ITEM_COUNTS = INDICATORS.filter((one) => one.kind === 'count' && one.over === 'items');

interface ListOptions {
  indicator?: string;
  kind?: string;
  state?: string;
  region?: string;
  group?: string;
  asOf?: string;
  tag?: string;
  assignee?: string;
  limit?: number;
  county?: string;
  json?: boolean;
}

export function addLedgerCommands(program: Command): void {
  const ledger = program
    .command('ledger')
    .description(
      `台账：${LEDGER_KINDS.map((kind) => kind.title).join('、')}；开账、落实、销号随名单和走访自动进行`,
    );
  ledger
    .command('list')
    .description(
      '列出台账；缺省只列未销号的（待核实和已落实）；--json 为 total、byState、items，另写明截止日期 asOf',
    )
    .option(
      '--indicator <CODE>',
      `某个指标所数的台账，可再用种类、状态缩小：${ITEM_COUNTS.map(({ code }) => code).join('、')}`,
      parseText,
    )
    .option('--kind <K>', '种类，如 应保未保 或 uninsured')
    .option('--state <S>', '待核实 verify、已落实 settled、销号 closed、全部 all')
    .option('--region <CODE>', '县、乡镇或村的代码')
    .option('--group <G>', '村民小组，如 3组；连同 --region 村代码', parseText)
    .option('--as-of <DATE>', '哪一天，缺省为最新一份在用名单的截止日期', parseDay)
    .option('--tag <T>', '组别，如 建档立卡、低保、临近领取年龄')
    .option('--assignee <NAME>', '承办人')
    .option('--limit <N>', '最多列出多少条', parseNumber)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: ListOptions) => withInstance((instance) => list(instance, options)));
  ledger
    .command('show')
    .description('一笔台账的来龙去脉：开账、落实、销号、重开，何时记下')
    .argument('<NUMBER>', '台账编号，如 A-123')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((number: string, options: { county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const life = await itemLife(instance, await countyScope(instance, options.county), number);
        if (options.json) return printJson(life);
        print(`${life.number}  ${life.title}${life.subject === '' ? '' : `（${life.subject}）`}`);
        print(`开账：${life.rule.opens}\n销号：${life.rule.closes}\n重开：${life.rule.reopens}`);
        for (const one of life.life)
          print(`  ${one.from} 至 ${one.to ?? '今'}  ${one.stateTitle}：${one.why}`);
        print('记录：');
        for (const one of life.events) print(`  ${one.at}  ${one.day} 起${one.what}：${one.why}`);
        for (const one of life.closings)
          print(
            `  人工销号 ${one.closing}（${one.from}，${one.actor}）：${one.reason}，材料 ${one.paper === null ? '' : `${one.paper} `}${one.document}${one.undone ? '（已撤回）' : ''}`,
          );
      }),
    );
  ledger
    .command('close')
    .description('人工销号，只限允许的种类；undo 用 ledger reopen')
    .argument('<NUMBER...>', '台账编号')
    .requiredOption('--reason <TEXT>', '理由', parseText)
    .requiredOption('--document <FILE>', '佐证文件')
    .option(
      '--paper <K>',
      `文件是哪一种材料，须是该种台账所要的：${CLOSING_PAPERS.map((paper) => `${paper} ${CLOSING_PAPER_WORDS[paper]}`).join('，')}`,
      parseText,
    )
    .option('--from <DATE>', '自哪一天起，缺省为最新一份在用名单的截止日期', parseDay)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action(
      (
        numbers: string[],
        options: {
          reason: string;
          document: string;
          paper?: string;
          from?: string;
          county?: string;
          json?: boolean;
        },
      ) =>
        withInstance(async (instance) => {
          const scope = await countyScope(instance, options.county);
          const { digest } = await keepFile(instance, scope, options.document).catch(() => {
            throw new Refusal('ledger.document', `读不到佐证文件 ${options.document}；请检查路径。`);
          });
          const done = await closeItems(
            instance,
            scope,
            { numbers, reason: options.reason, paper: options.paper, from: options.from },
            { name: basename(options.document), digest },
          );
          if (options.json) printJson(done);
          else print(`已销号 ${done.closed} 笔。`);
        }),
    );
  ledger
    .command('reopen')
    .description('撤回一次人工销号')
    .argument('<CLOSING>', '销号的编号（ledger show 里有）', parseNumber)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((closing: number, options: { county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const done = await undoClosing(instance, await countyScope(instance, options.county), closing);
        if (options.json) printJson(done);
        else print(`已撤回第 ${done.closing} 号销号。`);
      }),
    );
  ledger
    .command('assign')
    .description('分派台账，指定承办人和期限')
    .argument('<NUMBER...>', '台账编号')
    .requiredOption('--to <NAME>', '承办人（账号或姓名）', parseText)
    .option('--due <DATE>', '办结期限', parseDay)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((numbers: string[], options: { to: string; due?: string; county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const order = { numbers, assignee: options.to, due: options.due };
        const done = await assignItems(instance, scope, order, scope);
        if (options.json) printJson(done);
        else print(`已分派 ${done.assigned} 笔给 ${options.to}。`);
      }),
    );
  ledger
    .command('rebuild')
    .description('升级后按全部名单重算台账；平时随名单自动更新，不必运行')
    .option(...COUNTY)
    .action((options: { county?: string }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const { people } = await rebuildLedger(instance, scope, (n) => progress(`  已重算 ${n} 人`));
        print(`已按 ${people} 人的全部名单重算台账。`);
      }),
    );
}

/** Printed at most, unless more are asked for; the rest is counted. */
const PRINTED = 50;
const WHOLE = 100_000;

async function list(instance: OpenedInstance, options: ListOptions): Promise<void> {
  const scope: Scope = await countyScope(instance, options.county);
  const { limit, county, json, group, ...asked } = options;
  const region = await knownPlace(instance, scope, options.region, group);
  const question = {
    ...asked,
    region,
    kind: options.kind && (findLedgerKind(options.kind)?.kind ?? options.kind),
  };
  const page = await listLedger(instance, scope, question, {
    limit: Math.min(limit ?? (json ? WHOLE : PRINTED), 2_000),
  });
  const items = [...page.items];
  const most = limit ?? (json ? WHOLE : PRINTED);
  for (let after = page.next; after !== null && items.length < most; ) {
    const at = after;
    const more = await instance.db.transaction(scope, (tx) =>
      readLedger(
        tx,
        instance,
        scope,
        { ...question, asOf: page.asOf },
        { after: at, limit: Math.min(2_000, most - items.length) },
      ),
    );
    items.push(...more.items);
    after = more.next;
  }
  const { total, byState, asOf } = page;
  if (json) return printJson({ asOf, total, byState, items });
  print(
    `${asOf}：共 ${total} 笔；待核实 ${byState.verify}，已落实 ${byState.settled}，销号 ${byState.closed}`,
  );
  for (const item of items)
    print(
      `  ${item.number}  ${item.title}${item.subject === '' ? '' : `（${item.subject}）`}  ${item.stateTitle}  ${item.name}  ${item.id}  ${item.region.path}  自 ${item.from}：${item.why}`,
    );
  if (total > items.length) print(`  …… 只列出前 ${items.length} 笔，全部用 --json 或 --limit。`);
}
