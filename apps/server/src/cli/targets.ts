import { access } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { PLAN_WORDS } from '@quanbao/domain/targets/plan';
import { type Command, Option } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import {
  importAnnex1,
  issuePlan,
  listPlans,
  makePlan,
  revisePlan,
  signPlan,
  splitPlan,
  viewPlan,
} from '../features/targets/index.ts';
import { parseDay, parseNumber, parseText } from './arguments.ts';
import { countyScope, knownRegion, print, printJson, withInstance } from './terminal.ts';

const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;
const JSON_OUT = ['--json', '输出 JSON'] as const;
const REGION = ['--region <CODE>', '县、乡镇或村的代码'] as const;
const AS_OF = ['--as-of <DATE>', '哪一天，缺省为最新一份在用名单的截止日期', parseDay] as const;

interface Common {
  county?: string;
  json?: boolean;
  region?: string;
  asOf?: string;
}

interface ImportOptions extends Common {
  kind: 'verify' | 'expand';
  title?: string;
  from?: string;
  due?: string;
  issue?: string;
  document?: string;
}

export function addTargetCommands(program: Command): void {
  const targets = program
    .command('targets')
    .description('目标任务：导入附件1、按权重分解到乡镇和村、下达、签收，按时间进度看谁落后');
  targets
    .command('import')
    .description(
      '导入附件1（核对合计和单位），建一项任务；不给文件时，核实任务取随软件带的沅江附件1，扩面任务取当日摸底有参保意愿人数',
    )
    .argument('[FILE]', '附件1（xlsx、xls 或 csv）')
    .addOption(
      new Option('--kind <KIND>', '核实任务、扩面任务').choices(['verify', 'expand']).default('verify'),
    )
    .option('--title <TEXT>', '名称')
    .option('--from <DAY>', '开始日期', parseDay)
    .option('--due <DAY>', '完成期限', parseDay)
    .option('--issue <DAY>', '随即下达，从这一天起执行', parseDay)
    .option('--document <TEXT>', '文号')
    .option('--as-of <DATE>', '扩面任务取哪一天的人数', parseDay)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((file: string | undefined, options: ImportOptions) =>
      withInstance((instance) => importPlan(instance, file, options)),
    );
  targets
    .command('split')
    .description('把任务分解到村（社区），之和等于各乡镇的任务数')
    .argument('<PLAN>', '任务编号（targets list 里有）', parseNumber)
    .option(
      '--by <INDICATOR>',
      '按哪个指标的人数，或 equal 平均；核实任务缺省按省厅名单人数，扩面任务按摸底有参保意愿人数',
    )
    .option('--towns', '连同各乡镇一起重新分解（只限草稿）')
    .option(...REGION)
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((plan: number, options: Common & { by?: string; towns?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const order = { by: options.by, asOf: options.asOf };
        if (options.towns) await splitPlan(instance, scope, plan, { ...order, level: 'towns' });
        const done = await splitPlan(instance, scope, plan, {
          ...order,
          level: 'villages',
          ...(options.region === undefined ? {} : { town: options.region }),
        });
        if (options.json) printJson({ plan, ...done });
        else print(`第 ${plan} 号任务第 ${done.version} 版已分解到村（社区）。`);
      }),
    );
  targets
    .command('show')
    .description('一项任务：各单位的任务数、完成数、应完成数、落后多少、预计完成多少；缺省为最近的一项')
    .argument('[PLAN]', '任务编号', parseNumber)
    .option(...REGION)
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((plan: number | undefined, options: Common) =>
      withInstance((instance) => show(instance, plan, options)),
    );
  targets
    .command('list')
    .description('全部目标任务')
    .option(...REGION)
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Common) => withInstance((instance) => list(instance, options)));
  targets
    .command('issue')
    .description('下达草稿；合计与分解不符时拒绝')
    .argument('<PLAN>', '任务编号', parseNumber)
    .requiredOption('--day <DAY>', '从哪一天起执行', parseDay)
    .option('--document <TEXT>', '文号')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((plan: number, options: Common & { day: string; document?: string }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const done = await issuePlan(instance, scope, plan, options);
        if (options.json) printJson({ plan, ...done });
        else print(`第 ${plan} 号任务第 ${done.version} 版已下达，从 ${options.day} 起执行。`);
      }),
    );
  targets
    .command('revise')
    .description('在已下达的一版上起草新的一版')
    .argument('<PLAN>', '任务编号', parseNumber)
    .requiredOption('--reason <TEXT>', '事由', parseText)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((plan: number, options: Common & { reason: string }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const done = await revisePlan(instance, scope, plan, options.reason);
        if (options.json) printJson({ plan, ...done });
        else print(`第 ${plan} 号任务已起草第 ${done.version} 版。`);
      }),
    );
  targets
    .command('sign')
    .description('登记一个单位已签收')
    .argument('<PLAN>', '任务编号', parseNumber)
    .requiredOption('--region <CODE>', '签收的乡镇或村的代码')
    .option('--remark <TEXT>', '备注')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((plan: number, options: Common & { region: string; remark?: string }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const done = await signPlan(instance, scope, plan, options);
        if (options.json) printJson({ plan, ...done });
        else print(`${options.region} 已签收第 ${plan} 号任务第 ${done.version} 版。`);
      }),
    );
}

async function importPlan(
  instance: OpenedInstance,
  file: string | undefined,
  options: ImportOptions,
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const { kind, title, from, due, document } = options;
  const about = { kind, title, from, due, document };
  const path = file === undefined ? undefined : resolve(file);
  if (path !== undefined) {
    await access(path).catch(() => {
      throw new Refusal('annex1.file', `读不到 ${path}；请检查路径。`);
    });
  }
  const { plan } =
    path !== undefined
      ? await importAnnex1(instance, scope, about, { name: basename(path), path })
      : await makePlan(instance, scope, {
          ...about,
          basis: kind === 'verify' ? { of: 'annex1' } : { of: 'count', asOf: options.asOf },
        });
  if (options.issue !== undefined) await issuePlan(instance, scope, plan, { day: options.issue });
  const made = await viewPlan(instance, scope, plan, {});
  if (options.json) {
    return printJson({ plan, version: made.version, total: made.total, units: made.places.length });
  }
  print(
    `第 ${plan} 号任务《${made.plan.title}》：${made.places.length} 个单位，合计 ${made.total}，${made.issued === null ? '草稿，未下达' : `已下达，从 ${made.issued} 起执行`}。`,
  );
}

async function show(instance: OpenedInstance, number: number | undefined, options: Common): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const asked = { region, asOf: options.asOf };
  const plan = number ?? (await listPlans(instance, scope, asked)).items[0]?.plan.plan;
  if (plan === undefined)
    throw new Refusal('targets.none', '还没有目标任务；先用 targets import 导入附件1。');
  const page = await viewPlan(instance, scope, plan, asked);
  if (options.json) return printJson(page);
  const { title, from, due, milestones } = page.plan;
  print(`第 ${plan} 号 ${title}　${page.region.path}　${page.asOf}`);
  const course = milestones.map(({ day, percent }) => `${day} ${percent}%`).join('，');
  print(
    `  ${from} 至 ${due}${course === '' ? '' : `（${course}）`}，第 ${page.version} 版${page.issued === null ? '（草稿）' : ''}，合计 ${page.total}`,
  );
  for (const { place, standing, forecast } of [page.whole, ...page.places]) {
    const [next] = forecast;
    print(
      `  ${place.name}  任务 ${standing.amount}  完成 ${standing.done ?? '待接入'}  应完成 ${standing.planned}  ${standing.words}${next === undefined ? '' : `  按近 ${next.over} 天进度到期 ${next.atDue}`}`,
    );
  }
  for (const failure of page.failures) print(`  不符：${failure}`);
}

async function list(instance: OpenedInstance, options: Common): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const page = await listPlans(instance, scope, { region, asOf: options.asOf });
  if (options.json) return printJson(page);
  if (page.items.length === 0) print('还没有目标任务。');
  for (const { plan, standing, unsigned } of page.items) {
    const state = plan.ended ? `已于 ${plan.ended} 终止` : plan.version === null ? '未执行' : '';
    print(
      [
        `${plan.plan}  ${PLAN_WORDS[plan.kind as keyof typeof PLAN_WORDS]}  ${plan.title}  ${plan.from} 至 ${plan.due}`,
        ...(standing ? [`任务 ${standing.amount}`, standing.words] : ['草稿']),
        ...(unsigned > 0 ? [`${unsigned} 个单位未签收`] : []),
        ...(plan.late ? ['4月底后下达'] : []),
        ...(state === '' ? [] : [state]),
      ].join('  '),
    );
  }
}
