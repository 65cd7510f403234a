import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import { settingsFromEnvironment } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import { compareWithTruth, type DemoFiles, generate } from '../demo/index.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import { annex3Lines, annex3ToXlsx, countedForm, toText, toXlsx } from '../features/reports/index.ts';
import { type DeliveryReport, initCounty, readManifest, receive } from '../features/sources/index.ts';
import { countyScope, EXIT, listCounties, print, printJson, progress, withInstance } from './terminal.ts';

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
    .description('空的数据目录：建立演示县并打印附件4、附件5；已有数据时只说明现状')
    .action(() => withInstance(runStart, { creates: true }));
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
      const { files, reports } = await fill(instance, options, dir);
      if (options.json) {
        const deliveries = reports.map(({ headers, rejected, ...rest }) => ({
          ...rest,
          rejected: rejected.length,
        }));
        return printJson({ dir, ...files, deliveries });
      }
      sayReceived(reports, dir);
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

/** People of another origin are never mixed with invented ones. */
async function requireEmpty(instance: OpenedInstance, county: string): Promise<void> {
  const known = await listCounties(instance);
  const people = await instance.db.asOwner((tx) => tx.query('select 1 from person limit 1'));
  if (people.length > 0 || known.some((one) => one !== county)) {
    throw new Refusal(
      'demo.not-empty',
      '这里已有数据，演示县只能建在空的实例里；请另设 QUANBAO_DATA 目录（或另用一个数据库）再试。',
    );
  }
}

async function fill(
  instance: OpenedInstance,
  options: CountyChoice,
  dir: string,
): Promise<{ files: DemoFiles; reports: DeliveryReport[] }> {
  if (!(await listCounties(instance)).includes(options.county)) {
    await initCounty(instance, options.county, 'county-office');
  }
  const files = await write(options, dir);
  const scope = await countyScope(instance, options.county);
  const manifest = await readManifest(files.manifest);
  const reports = await receive(instance, scope, manifest.deliveries, {
    acceptWithdrawals: true,
    onProgress: progress,
  });
  return { files, reports };
}

function sayReceived(reports: readonly DeliveryReport[], dir: string): void {
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
  print(`名单文件在 ${dir}`);
}

async function runStart(instance: OpenedInstance): Promise<void> {
  const forms = join(instance.dir, 'forms');
  const people = await instance.db.asOwner((tx) => tx.query('select 1 from person limit 1'));
  if (people.length > 0) return sayWhatIsThere(instance, forms);
  const known = await listCounties(instance);
  const county = known[0] ?? DEFAULTS.county;
  const dir = join(instance.dir, 'demo-files');
  const { reports } = await fill(instance, { ...DEFAULTS, county, format: 'mixed' }, dir);
  sayReceived(reports, dir);
  const scope = await countyScope(instance, county);
  await printForms(instance, scope, forms);
  sayNext(forms);
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

async function sayWhatIsThere(instance: OpenedInstance, forms: string): Promise<void> {
  const known = await listCounties(instance);
  const [{ n } = { n: 0 }] = await instance.db.asOwner((tx) =>
    tx.query<{ n: number }>('select count(*)::int as n from delivery where undone_at is null'),
  );
  if (known.length === 1 && !existsSync(forms))
    await printForms(instance, await countyScope(instance), forms);
  print(`数据目录 ${instance.dir} 里已有县 ${known.join('、')}，在用报送 ${n} 份；没有重新生成。`);
  sayNext(forms);
}

function sayNext(forms: string): void {
  print(
    [
      '',
      `打印用报表（xlsx）在 ${forms}`,
      '接着可以：',
      '  npx quanbao report annex4 --region 430981114 --as-of 2020-09-30   任一乡镇、任一天的附件4',
      '  npx quanbao deliveries                                           已收到的报送',
      '  npx quanbao conflicts                                            矛盾清单',
      '  npx quanbao check                                                逐项核对',
    ].join('\n'),
  );
}
