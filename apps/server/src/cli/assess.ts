import { access, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Graded, gradeTitle } from '@quanbao/domain/assessment/grades';
import type { Scheme } from '@quanbao/domain/assessment/scheme';
import { plain } from '@quanbao/domain/assessment/source';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Command } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import {
  acceptanceOf,
  advance,
  beginRound,
  countyReach,
  enterFactFile,
  handInSelfFile,
  listRounds,
  resultFile,
  resultToXlsx,
  schemesOf,
  tryScheme,
  verifyRound,
  viewRound,
} from '../features/assessment/index.ts';
import { parseDay, parseNumber, parseText } from './arguments.ts';
import { countyScope, EXIT, print, printJson, progress, withInstance } from './terminal.ts';

const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;
const JSON_OUT = ['--json', '输出 JSON'] as const;
const DATE = ['--date <D>', '哪一天，缺省为最新一份在用名单的截止日期', parseDay] as const;

interface Common {
  county?: string;
  json?: boolean;
}

const STATES: Readonly<Record<string, string>> = {
  self: '自查评估',
  draft: '初评',
  frozen: '已定案',
  published: '已公布',
};

export function addAssessCommands(program: Command): void {
  const assess = program
    .command('assess')
    .description('考核：按方案计算得分和等次；轮次从开始、自查、初评、定案到公布，验收通报数据，核对')
    .argument('[SCHEME]', '方案代码，如 yuanjiang-2020-10（assess list 里有）；只试算，不留轮次')
    .option(...DATE)
    .option('--out <FILE.xlsx>', '写成 xlsx：排名定级、逐项得分、依据')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action(
      (scheme: string | undefined, options: Common & { date?: string; out?: string }, command: Command) => {
        if (scheme === undefined) command.error('请写方案代码，或用 assess list 查看；--help 显示用法。');
        if (options.out !== undefined && !options.out.endsWith('.xlsx'))
          command.error('--out 的文件名应以 .xlsx 结尾。');
        return withInstance((instance) => compute(instance, scheme as string, options));
      },
    );
  assess
    .command('list')
    .description('考核方案和轮次')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((_: object, command: Command) =>
      withInstance((instance) => list(instance, command.optsWithGlobals())),
    );
  addRoundCommands(assess);
  assess
    .command('freeze')
    .description('把一轮初评定案：连同全部数据冻结，给出 SM3 摘要')
    .argument('<ROUND>', '轮次编号', parseNumber)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((no: number, _: object, command: Command) =>
      withInstance(async (instance) => {
        const options = command.optsWithGlobals<Common>();
        const scope = await countyScope(instance, options.county);
        const done = await advance(instance, scope, no, { to: 'frozen' });
        if (options.json) return printJson({ assessment: no, ...done });
        print(`第 ${no} 轮考核已定案，SM3 ${done.digest}`);
      }),
    );
  assess
    .command('verify')
    .description('用定案时的数据重新计算一轮，核对摘要；不同时退出码为 1')
    .argument('<ROUND>', '轮次编号', parseNumber)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((no: number, _: object, command: Command) =>
      withInstance(async (instance) => {
        const options = command.optsWithGlobals<Common>();
        const verified = await verifyRound(instance, await countyScope(instance, options.county), no);
        if (!verified.same) process.exitCode = EXIT.checkFailed;
        if (options.json) return printJson({ assessment: no, ...verified });
        print(
          verified.same
            ? `第 ${no} 轮考核重新计算相同，SM3 ${verified.digest}`
            : `第 ${no} 轮考核与定案不同：`,
        );
        for (const words of verified.differences) print(`  ${words}`);
      }),
    );
  assess
    .command('acceptance')
    .description('一轮考核的验收通报数据：合格、不合格、表扬和问责')
    .argument('<ROUND>', '轮次编号', parseNumber)
    .option('--out <FILE.xlsx>', '另把这一轮写成 xlsx')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((no: number, _: object, command: Command) =>
      withInstance((instance) => acceptance(instance, no, command.optsWithGlobals())),
    );
}

interface Beginning extends Common {
  date?: string;
  title?: string;
  selfDue?: string;
}

/** A round from its beginning to its publication: 自查评估, 初评, 定案 (`freeze`), 公布. */
function addRoundCommands(assess: Command): void {
  assess
    .command('begin')
    .description('开始一轮考核：按方案数出当天各单位的数，进入自查评估')
    .argument('<SCHEME>', '方案代码')
    .option(...DATE)
    .option('--title <TEXT>', '名称，缺省为方案名称', parseText)
    .option('--self-due <D>', '自查评估截止日期，缺省为考核日前 11 天，已过的为今天', parseDay)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((scheme: string, _: object, command: Command) =>
      withInstance((instance) => begin(instance, scheme, command.optsWithGlobals())),
    );
  for (const [name, description, words] of [
    [
      'self',
      '录入各单位的自查评估：一个表，列为 单位、自查评估情况、考核内容、数值、说明，一项一行',
      '自查评估',
    ],
    ['facts', '登记名单数不出的事项：一个表，列为 单位、考核内容、数值、依据，一项一行', '登记事项'],
  ] as const) {
    const command = assess
      .command(name)
      .description(description)
      .argument('<ROUND>', '轮次编号', parseNumber)
      .argument('<FILE>', 'xlsx、xls 或 csv 文件')
      .option(...COUNTY)
      .option(...JSON_OUT)
      .action((no: number, file: string, _: object, self: Command) =>
        withInstance(async (instance) => {
          const options = self.optsWithGlobals<Common & { date?: string }>();
          const reach = countyReach(await countyScope(instance, options.county));
          const from = { name: basename(file), path: resolve(file) };
          await access(from.path).catch(() => {
            throw new Refusal('assessment.file', `读不到 ${from.path}；请检查路径。`);
          });
          const done =
            name === 'self'
              ? await handInSelfFile(instance, reach, no, from, options.date)
              : await enterFactFile(instance, reach, no, from);
          if (options.json) return printJson({ assessment: no, ...done });
          print(`第 ${no} 轮考核已录入 ${done.units} 个单位的${words}，共 ${done.lines} 项。`);
        }),
      );
    if (name === 'self') command.option('--date <D>', '哪天交的，缺省为今天', parseDay);
  }
  assess
    .command('advance')
    .description('结束自查评估，进入初评；初评期间各单位可以申诉')
    .argument('<ROUND>', '轮次编号', parseNumber)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((no: number, _: object, command: Command) =>
      withInstance(async (instance) => {
        const options = command.optsWithGlobals<Common>();
        const scope = await countyScope(instance, options.county);
        const { state } = await advance(instance, scope, no, { to: 'draft' });
        if (options.json) return printJson({ assessment: no, state });
        print(`第 ${no} 轮考核已进入初评；没有待裁决的申诉后用 assess freeze 定案。`);
      }),
    );
  assess
    .command('publish')
    .description('公布定案的一轮：各单位可以看到名次和等次')
    .argument('<ROUND>', '轮次编号', parseNumber)
    .requiredOption('--document <TEXT>', '通报的文件和文号', parseText)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((no: number, _: object, command: Command) =>
      withInstance(async (instance) => {
        const options = command.optsWithGlobals<Common & { document: string }>();
        const scope = await countyScope(instance, options.county);
        const done = await advance(instance, scope, no, { to: 'published', document: options.document });
        if (options.json) return printJson({ assessment: no, ...done });
        print(`第 ${no} 轮考核已公布（${options.document}），SM3 ${done.digest}`);
      }),
    );
}

async function begin(instance: OpenedInstance, scheme: string, options: Beginning): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const { date: day, title, selfDue } = options;
  const { assessment } = await beginRound(instance, scope, { scheme, day, title, selfDue });
  const { round, items } = await viewRound(instance, countyReach(scope), assessment);
  if (options.json)
    return printJson({
      assessment,
      title: round.title,
      day: round.day,
      selfDue: round.selfDue,
      units: items.map(({ unit, name }) => ({ unit, name })),
    });
  print(
    `已开始第 ${assessment} 轮考核：${round.title}，截至 ${round.day}，${items.length} 个单位，自查评估至 ${round.selfDue}。`,
  );
}

async function compute(
  instance: OpenedInstance,
  code: string,
  options: Common & { date?: string; out?: string },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const sheet = await tryScheme(instance, scope, code, options.date);
  const { scheme, day } = sheet.inputs;
  if (options.out !== undefined) {
    await writeFile(options.out, await resultToXlsx(sheet));
    progress(`已写出 ${options.out}`);
  }
  if (options.json) {
    const result = sheet.result.map((one) => ({ ...one, gradeTitle: gradeTitle(scheme, one.grade) }));
    return printJson({ scheme: code, title: scheme.title, day, full: scheme.full, items: result });
  }
  if (options.out !== undefined) return;
  print(`${scheme.title}　截至 ${day}`);
  if (scheme.sure === 'own') print('权重和分档由系统自拟，待县里按文件改定。');
  printRanking(scheme, sheet.result);
  print('名次　得分／可计分满分（未计分满分另列）　得分率　等次；手工登记的事项在考核轮次里计入。');
}

function printRanking(scheme: Scheme, result: readonly Graded[]): void {
  for (const one of result) {
    const left = one.leftOut > 0 ? `（另有 ${plain(one.leftOut)} 分未计）` : '';
    const percent = one.percent === null ? '—' : `${one.percent.toFixed(2)}%`;
    print(
      `  ${String(one.rank ?? '—').padStart(2)}  ${one.name}　${plain(one.total)}／${plain(one.judged)}${left}　${percent}　${gradeTitle(scheme, one.grade)}`,
    );
  }
}

async function list(instance: OpenedInstance, options: Common): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const schemes = await instance.db.transaction(scope, (tx) => schemesOf(tx, scope.county));
  const { items } = await listRounds(instance, countyReach(scope));
  if (options.json) return printJson({ schemes: schemes.map(({ head }) => head), rounds: items });
  print('方案：');
  for (const { head } of schemes) {
    print(
      `  ${head.code}  ${head.title}（${head.version === 0 ? '随系统提供' : `第 ${head.version} 版`}，自 ${head.from} 起）`,
    );
  }
  print(items.length === 0 ? '还没有考核轮次。' : '轮次：');
  for (const one of items) {
    print(
      `  ${one.assessment}  ${one.title}　${one.day}　${STATES[one.state]}${one.digest === null ? '' : `　SM3 ${one.digest}`}`,
    );
  }
}

async function acceptance(
  instance: OpenedInstance,
  no: number,
  options: Common & { out?: string },
): Promise<void> {
  const reach = countyReach(await countyScope(instance, options.county));
  const paper = await acceptanceOf(instance, reach, no);
  if (options.out !== undefined) {
    await writeFile(options.out, (await resultFile(instance, reach, no)).bytes);
    progress(`已写出 ${options.out}`);
  }
  if (options.json) return printJson(paper);
  print(`${paper.title}　截至 ${paper.day}${paper.document === '' ? '' : `　${paper.document}`}`);
  const names = (rows: readonly { name: string }[]): string =>
    rows.map(({ name }) => name).join('、') || '无';
  print(`  合格 ${paper.passed.length} 个：${names(paper.passed)}`);
  print(`  不合格 ${paper.failed.length} 个：${names(paper.failed)}`);
  if (paper.unjudged.length > 0) print(`  无法计分 ${paper.unjudged.length} 个：${names(paper.unjudged)}`);
  for (const grade of paper.grades)
    print(`  ${grade.title} ${grade.units} 个：${grade.names.join('、') || '无'}`);
  for (const one of paper.acts) {
    print(`  ${one.kind === 'award' ? '通报表扬' : '问责'}：${one.name}，${one.words}（${one.document}）`);
  }
  print(`  SM3 ${paper.digest}`);
}
