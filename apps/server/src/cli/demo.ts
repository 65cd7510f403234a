import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import { settingsFromEnvironment } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import {
  compareWithTruth,
  type DemoFiles,
  generate,
  handOutBooks,
  makeCampaign,
  makeManagement,
  makeVisits,
  placeByRules,
  receiveLaterList,
  signNotices,
  takeBooksBack,
  workLedger,
} from '../demo/index.ts';
import { addDemoAccounts, demoAccounts } from '../features/access/index.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import {
  annex3Lines,
  annex3ToXlsx,
  askableDays,
  chooseDay,
  countedForm,
  toText,
  toXlsx,
} from '../features/reports/index.ts';
import { type DeliveryReport, initCounty, readManifest, receive } from '../features/sources/index.ts';
import { serve } from './serve.ts';
import {
  countyScope,
  EXIT,
  listCounties,
  noticeTrial,
  print,
  printJson,
  progress,
  withInstance,
} from './terminal.ts';

interface DemoCommandOptions {
  county: string;
  residents: number;
  seed: number;
  files?: string;
  format: 'mixed' | 'csv';
  filesOnly?: boolean;
  json?: boolean;
}

const DEFAULTS = { county: '430981', residents: 70_000, seed: 20_200_801 } as const;
const MOST = 2_000_000;

export function addDemoCommands(program: Command): void {
  program
    .command('demo')
    .description('演示县：写出一个虚构县各部门 2020 年 8 月至 10 月的名单文件，再按正常流程全部接收')
    .option('--county <CODE>', '430981 沅江市或 450324 全州县', DEFAULTS.county)
    .option('--residents <N>', `户籍人口数，100 至 ${MOST}`, parseResidents, DEFAULTS.residents)
    .option('--seed <S>', '同一个数生成同样的内容', parseSeed, DEFAULTS.seed)
    .option('--files <DIR>', '名单文件写到哪里，缺省为数据目录下的 demo-files')
    .addOption(
      new Option('--format <FORMAT>', 'mixed 如各部门实际报送的样子；csv 全部为一行表头的 UTF-8 文本')
        .choices(['mixed', 'csv'])
        .default('mixed'),
    )
    .option('--files-only', '只写文件，不接收')
    .option('--json', '输出 JSON')
    .action(runDemo);
  program
    .command('demo-verify', { hidden: true })
    .description('把附件4、附件5 的每一格与演示县的答案文件 truth.json 核对；有不同时退出码为 1')
    .argument('<DIR>', '演示县名单文件所在目录')
    .option('--county <CODE>')
    .option('--json', '输出 JSON')
    .action((dir: string, options: { county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const { cells, differences } = await compareWithTruth(instance, scope, resolve(dir), progress);
        if (options.json)
          printJson({ cells, different: differences.length, differences: differences.slice(0, 200) });
        else {
          print(`核对 ${cells} 格，不同 ${differences.length} 格。`);
          for (const d of differences.slice(0, 40)) {
            print(
              `${d.form} ${d.day} ${d.region} ${d.name} 第 ${d.column} 栏：应为 ${d.expected}，实为 ${d.found}`,
            );
          }
        }
        if (differences.length > 0) process.exitCode = EXIT.checkFailed;
      }),
    );
  program
    .command('start')
    .description('空的数据目录：建立演示县并打印附件4、附件5，然后启动服务；已有县时直接启动服务')
    .option('--port <N>', '端口，缺省为环境变量 PORT 或 8080', Number)
    .option('--no-serve', '不启动服务')
    .action((options: { port?: number; serve: boolean }) =>
      withInstance(
        async (instance) => {
          await runStart(instance);
          if (options.serve && (await listCounties(instance)).length === 1) await serve(instance, options);
        },
        { creates: true },
      ),
    );
}

function parseResidents(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 100 || n > MOST)
    throw new InvalidArgumentError(`应为 100 至 ${MOST} 的整数。`);
  return n;
}

function parseSeed(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0 || n > 0xffffffff)
    throw new InvalidArgumentError('应为不超过 4294967295 的非负整数。');
  return n;
}

async function runDemo(options: DemoCommandOptions): Promise<void> {
  const dir = resolve(options.files ?? join(settingsFromEnvironment(process.env).dir, 'demo-files'));
  if (options.filesOnly) {
    const files = await write(options, dir);
    if (options.json) printJson({ dir, ...files });
    else print(`已写出 ${files.deliveries} 份报送、${files.files} 个文件：${dir}`);
    return;
  }
  await withInstance(
    async (instance) => {
      await requireEmpty(instance, options.county);
      noticeTrial(instance);
      const { files, reports, visits } = await fill(instance, options, dir);
      if (options.json) {
        const deliveries = reports.map(({ headers, rejected, ...rest }) => ({
          ...rest,
          rejected: rejected.length,
        }));
        return printJson({ dir, ...files, deliveries, visits });
      }
      sayReceived(reports, dir, visits);
    },
    { creates: true },
  );
}

type CountyChoice = Pick<DemoCommandOptions, 'county' | 'residents' | 'seed' | 'format'>;

async function write(options: CountyChoice, dir: string): Promise<DemoFiles> {
  progress(`写出演示县 ${options.county} 的名单文件：约 ${options.residents} 人`);
  const { county, residents, seed, format } = options;
  return generate({ county, residents, seed, format, dir, onProgress: progress });
}

interface CountyHeld {
  readonly county: string;
  readonly name: string;
  /** Made for invented people. */
  readonly demo: boolean;
  readonly people: boolean;
  readonly deliveries: number;
  /** A household register was received: there are days to ask about. */
  readonly register: boolean;
}

async function countiesHeld(instance: OpenedInstance): Promise<CountyHeld[]> {
  return instance.db.asOwner((tx) =>
    tx.query<CountyHeld>(
      `select county, name, coalesce(settings ->> 'demo', '') = 'true' as demo,
         exists (select 1 from person p where p.county = county.county) as people,
         (select count(*)::int from delivery d where d.county = county.county and undone_at is null) as deliveries,
         exists (select 1 from delivery d where d.county = county.county and undone_at is null
           and source = 'household-register') as register
       from county order by county`,
    ),
  );
}

/** People of another origin are never mixed with invented ones. */
async function requireEmpty(instance: OpenedInstance, county: string): Promise<void> {
  const held = await countiesHeld(instance);
  if (held.some((one) => one.county !== county || !one.demo || one.people)) {
    throw new Refusal(
      'demo.not-empty',
      '这里已有县或人员，演示县只能建在空的实例里；请另设 QUANBAO_DATA 目录（或另用一个数据库）再试。',
    );
  }
}

async function fill(
  instance: OpenedInstance,
  options: CountyChoice,
  dir: string,
): Promise<{ files: DemoFiles; reports: DeliveryReport[]; visits: number }> {
  if (!(await listCounties(instance)).includes(options.county)) {
    await initCounty(instance, options.county, 'county-office', { demo: true });
  }
  // A start that was interrupted may have left a county without anybody who could sign in.
  if ((await demoAccounts(instance, options.county)).demo.length === 0) {
    await addDemoAccounts(instance, options.county);
  }
  const files = await write(options, dir);
  const scope = await countyScope(instance, options.county);
  const manifest = await readManifest(files.manifest);
  const reports = await receive(instance, scope, manifest.deliveries, {
    acceptWithdrawals: true,
    onProgress: progress,
  });
  progress('下发底册，送达村里的走访答复');
  await handOutBooks(instance, options.county, dir);
  const sent = await makeVisits(instance, options.county, dir, new Date());
  progress('布置走访任务、抽查、核定人数');
  await makeCampaign(instance, options.county, sent);
  await signNotices(instance, options.county, sent.visited);
  progress('返回底册并合并，接收补报的名单');
  await takeBooksBack(instance, options.county, dir);
  await receiveLaterList(instance, options.county, dir);
  progress('按地址归村，分派台账、人工销号');
  await placeByRules(instance, options.county, dir);
  await workLedger(instance, options.county, sent.visited);
  progress('下达任务，编发通报，督办和考核');
  await makeManagement(instance, options.county);
  return { files, reports, visits: sent.arrived };
}

function sayReceived(reports: readonly DeliveryReport[], dir: string, visits: number): void {
  const bySource = new Map<
    string,
    { deliveries: number; rows: number; accepted: number; duplicate: number; rejected: number }
  >();
  for (const report of reports) {
    const sum = bySource.get(report.source) ?? {
      deliveries: 0,
      rows: 0,
      accepted: 0,
      duplicate: 0,
      rejected: 0,
    };
    bySource.set(report.source, sum);
    sum.deliveries++;
    sum.rows += report.rows;
    sum.accepted += report.accepted;
    sum.duplicate += report.duplicate;
    sum.rejected += report.rejected.length;
  }
  for (const [source, sum] of bySource) {
    print(
      `${findSource(source)?.title ?? source}：${sum.deliveries} 份报送，${sum.rows} 行，接收 ${sum.accepted}，重复 ${sum.duplicate}，拒收 ${sum.rejected}`,
    );
  }
  print(`村里的走访答复：${visits} 条`);
  print(`名单文件在 ${dir}`);
}

async function runStart(instance: OpenedInstance): Promise<void> {
  const forms = join(instance.dir, 'forms');
  const held = await countiesHeld(instance);
  const [first] = held;
  const interrupted = held.length === 1 && first?.demo === true && !first.people;
  if (first !== undefined && !interrupted) return sayWhatIsThere(instance, held, forms);
  noticeTrial(instance);
  const county = first?.county ?? DEFAULTS.county;
  const dir = join(instance.dir, 'demo-files');
  const { reports, visits } = await fill(instance, { ...DEFAULTS, county, format: 'mixed' }, dir);
  sayReceived(reports, dir, visits);
  const scope = await countyScope(instance, county);
  await printForms(instance, scope, forms);
  await sayNext(instance, scope, forms);
}

async function printForms(instance: OpenedInstance, scope: Scope, forms: string): Promise<void> {
  mkdirSync(forms, { recursive: true, mode: 0o700 });
  progress('写出法定报表');
  await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    for (const form of ['annex4', 'annex5'] as const) {
      const table = await countedForm(tx, scope, form, scope.county, undefined);
      print(`\n${toText(table)}`);
      const { asOf } = table;
      for (const region of [scope.county, ...tree.children(scope.county, asOf).map((town) => town.code)]) {
        const one = region === scope.county ? table : await countedForm(tx, scope, form, region, undefined);
        await writeFile(join(forms, `${one.form.number}-${one.region.name}-${asOf}.xlsx`), await toXlsx(one));
      }
      if (form === 'annex5') continue;
      const name = table.region.name;
      const pages = annex3Lines(tx, instance, scope, tree, scope.county, asOf);
      async function* cells(): AsyncGenerator<string[]> {
        for await (const page of pages) for (const line of page) yield line.cells;
      }
      const head = {
        region: { code: scope.county, name },
        county: { code: scope.county, name },
        asOf,
        unit: name,
      };
      await annex3ToXlsx(head, cells(), join(forms, `附件3-${name}-${asOf}.xlsx`));
    }
  });
}

async function sayWhatIsThere(
  instance: OpenedInstance,
  held: readonly CountyHeld[],
  forms: string,
): Promise<void> {
  const [first] = held;
  for (const { county, name, demo, deliveries } of held)
    print(`这里已有${demo ? '演示县' : '县'} ${name}（${county}），在用报送 ${deliveries} 份。`);
  print('start 只在没有任何县的地方建立演示县，这里没有放入虚构人员；要试用请另设 QUANBAO_DATA 目录。');
  if (held.length !== 1 || first === undefined) return;
  const scope = await countyScope(instance, first.county);
  if (!first.register) return sayFirstList();
  if (first.demo && !existsSync(forms)) await printForms(instance, scope, forms);
  await sayNext(instance, scope, forms);
}

function sayFirstList(): void {
  print(
    [
      '',
      '接着可以：',
      '  npx quanbao sources                                              有哪些名单、各要哪些列',
      '  npx quanbao import 户籍.xlsx --source household-register --as-of 2020-08-31 --dry-run   先试算一份户籍名单',
    ].join('\n'),
  );
}

async function sayNext(instance: OpenedInstance, scope: Scope, forms: string): Promise<void> {
  const [latest, town] = await instance.db.transaction(scope, async (tx) => {
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    return [day, (await loadRegionTree(tx, scope.county)).children(scope.county, day)[0]?.code] as const;
  });
  const report = `  npx quanbao report annex4 --region ${town ?? scope.county} --as-of ${latest}`;
  print(
    [
      '',
      ...(existsSync(forms) ? [`打印用报表（xlsx）在 ${forms}`] : []),
      '接着可以：',
      `${report}   任一乡镇、任一天的附件4`,
      '  npx quanbao deliveries                                           已收到的报送',
      '  npx quanbao conflicts                                            矛盾清单',
      '  npx quanbao check                                                逐项核对',
    ].join('\n'),
  );
}
