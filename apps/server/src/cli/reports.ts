import { createWriteStream } from 'node:fs';
import { access, constants, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { splitGroup } from '@quanbao/domain/addresses/groups';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { maskId, maskPhone } from '@quanbao/domain/kernel/resident-id';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { FORMS } from '@quanbao/domain/reports/forms';
import { type Command, Option } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import type { Scope, Tx } from '../db/port.ts';
import { record } from '../features/audit/index.ts';
import { annex2Of, annex2Table, checklistToXlsx } from '../features/checklist/index.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import {
  type Annex3Line,
  type Annex3Place,
  annex3Lines,
  annex3Page,
  annex3ToCsv,
  annex3ToJson,
  annex3ToXlsx,
  askableDays,
  chooseDay,
  countedForm,
  type PrintOptions,
  requirePlace,
  textsToCsv,
  toCsv,
  toJson,
  toText,
  toXlsx,
} from '../features/reports/index.ts';
import { annex1Table, verifyPlan } from '../features/targets/index.ts';
import { parseDay, parseNumber, parseText } from './arguments.ts';
import { countyScope, knownPlace, knownRegion, print, progress, withInstance } from './terminal.ts';

interface ReportOptions {
  region?: string;
  group?: string;
  asOf?: string;
  format?: 'xlsx' | 'csv' | 'json';
  out?: string;
  limit?: number;
  county?: string;
  json?: boolean;
  reporter?: string;
  contact?: string;
  ownCodes?: boolean;
}

const COUNTY_ONLY = '附件1、附件2 不分村民小组；请去掉 --group。';

export function addReportCommands(program: Command): void {
  program
    .command('report')
    .description(
      '法定报表：附件1 任务表、附件2 重点任务分工表、附件3 摸底明细表、附件4 摸底统计表、附件5 调度表',
    )
    .argument('<FORM>', 'annex1、annex2、annex3、annex4 或 annex5')
    .option('--region <CODE>', '县、乡镇或村的代码，缺省为全县')
    .option('--group <G>', '附件3、4、5 只要一个村民小组，如 3组；连同 --region 村代码', parseText)
    .option('--as-of <DATE>', '哪一天，缺省为最新一份在用名单的截止日期', parseDay)
    .addOption(new Option('--format <FORMAT>', '文件格式').choices(['xlsx', 'csv', 'json']))
    .option('--out <FILE>', '写到文件')
    .option('--limit <N>', '附件3 只取前 N 行', parseNumber)
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '同 --format json')
    .option('--reporter <NAME>', '填报人')
    .option('--contact <TEXT>', '联系方式')
    .option('--own-codes', '第 1 栏印各行自己的区划代码，缺省印县的 6 位代码')
    .action((form: string, options: ReportOptions, command: Command) => {
      if (options.group !== undefined && (form === 'annex1' || form === 'annex2')) command.error(COUNTY_ONLY);
      if (form === 'annex2') return withInstance((instance) => runAnnex2(instance, options));
      if (form !== 'annex1' && form !== 'annex3' && form !== 'annex4' && form !== 'annex5')
        command.error(`没有名为 ${form} 的报表；可用 annex1、annex2、annex3、annex4、annex5。`);
      if (options.out !== undefined && options.format === undefined && !options.json) {
        if (formatOf(options.out) === undefined)
          command.error('--out 的文件名应以 .xlsx、.csv 或 .json 结尾，或者用 --format 指明格式。');
      }
      if (form === 'annex1' && splitGroup(options.region ?? '').group !== undefined)
        command.error(COUNTY_ONLY);
      return withInstance((instance) => runReport(instance, form as 'annex3', options));
    });
}

/** 附件2: the list as the county has loaded it, or as the paper has it; a town's own from it. */
async function runAnnex2(instance: OpenedInstance, options: ReportOptions): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  if (options.out !== undefined) await checkPlace(options.out);
  const format = options.json ? 'json' : (options.format ?? formatOf(options.out));
  const { list, items } = await instance.db.transaction(scope, (tx) => annex2Of(tx, scope, region));
  const table = annex2Table(list, items);
  if (format === 'json') return put(options.out, `${JSON.stringify(table)}\n`);
  const lines = [[table.title], table.columns, ...table.rows];
  if (format === 'csv') return put(options.out, textsToCsv(lines));
  if (format === 'xlsx') {
    const out = options.out ?? '附件2.xlsx';
    await whole(out, async (path) => writeFile(path, await checklistToXlsx(list, items)));
    return progress(`已写出 ${out}`);
  }
  print(lines.map((row) => row.join('　')).join('\n'));
}

async function runReport(
  instance: OpenedInstance,
  form: 'annex1' | 'annex3' | 'annex4' | 'annex5',
  options: ReportOptions,
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownPlace(instance, scope, options.region, options.group);
  if (options.out !== undefined) await checkPlace(options.out);
  const format = options.json ? 'json' : (options.format ?? formatOf(options.out));
  await instance.db.transaction(scope, async (tx) => {
    if (form === 'annex3') return annex3(tx, instance, scope, region, format, options);
    const table =
      form === 'annex1'
        ? await annex1Table(tx, scope, await verifyPlan(tx, scope), { day: options.asOf, region })
        : await countedForm(tx, scope, form, region, options.asOf, printOptions(options));
    if (format !== undefined || options.out !== undefined) {
      await recordExport(tx, scope, form, region, table.asOf, format ?? 'xlsx', table.rows.length);
    }
    if (format === 'json') return put(options.out, `${JSON.stringify(toJson(table))}\n`);
    if (format === 'csv') return put(options.out, toCsv(table));
    if (format === 'xlsx') {
      const when = form === 'annex1' ? `${table.asOf.slice(0, 4)}年度` : table.asOf;
      const out = options.out ?? `${table.form.number}-${table.region.name}-${when}.xlsx`;
      await whole(out, async (path) => writeFile(path, await toXlsx(table)));
      return progress(`已写出 ${out}`);
    }
    print(toText(table));
  });
}

function printOptions({ reporter, contact, ownCodes }: ReportOptions): PrintOptions {
  return {
    ...(reporter === undefined ? {} : { reporter }),
    ...(contact === undefined ? {} : { contact }),
    ...(ownCodes ? { printedCode: 'own' as const } : {}),
  };
}

function formatOf(out: string | undefined): ReportOptions['format'] {
  const ending = /\.(xlsx|csv|json)$/.exec(out ?? '')?.[1];
  return ending as ReportOptions['format'];
}

async function checkPlace(out: string): Promise<void> {
  await access(dirname(resolve(out)), constants.W_OK).catch(() => {
    throw new Refusal('report.out', `写不到 ${dirname(resolve(out))}；请检查 --out 的路径。`);
  });
}

/** The file is there only when it is whole. */
async function whole(out: string, write: (path: string) => Promise<unknown>): Promise<void> {
  const part = `${out}.${process.pid}.part`;
  try {
    await write(part);
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function put(out: string | undefined, text: string): Promise<void> {
  if (out === undefined) process.stdout.write(text);
  else {
    await whole(out, (path) => writeFile(path, text));
    progress(`已写出 ${out}`);
  }
}

function recordExport(
  tx: Tx,
  scope: Scope,
  form: string,
  region: string,
  asOf: string,
  format: string,
  rows: number,
): Promise<void> {
  return record(tx, {
    county: scope.county,
    actor: scope.actor,
    act: 'report.export',
    subject: form,
    region,
    detail: { asOf, format, rows },
  });
}

async function annex3(
  tx: Tx,
  instance: OpenedInstance,
  scope: Scope,
  region: string,
  format: ReportOptions['format'],
  options: ReportOptions,
): Promise<void> {
  const tree = await loadRegionTree(tx, scope.county);
  const name = requirePlace(tree, scope, region);
  const day = chooseDay(await askableDays(tx, scope.county), options.asOf);
  let rows = 0;
  async function* lines(): AsyncGenerator<Annex3Line> {
    const pages =
      options.limit === undefined
        ? annex3Lines(tx, instance, scope, tree, region, day)
        : firstLines(tx, instance, scope, tree, region, day, options.limit);
    for await (const page of pages) {
      rows += page.length;
      yield* page;
    }
  }
  async function* cells(): AsyncGenerator<string[]> {
    for await (const line of lines()) {
      yield options.ownCodes ? line.cells.with(0, line.region) : line.cells;
    }
  }
  if (format === 'xlsx') {
    const out = options.out ?? `附件3-${name}-${day}.xlsx`;
    const county = { code: scope.county, name: tree.get(scope.county)?.name ?? scope.county };
    const head = { region: { code: region, name }, county, asOf: day, unit: name, ...printOptions(options) };
    await whole(out, (path) => annex3ToXlsx(head, cells(), path));
    progress(`已写出 ${out}，共 ${rows} 人`);
  } else if (format === 'json') {
    await putAll(options.out, annex3ToJson({ region, asOf: day }, lines()));
  } else if (format === 'csv') {
    await putAll(options.out, annex3ToCsv(cells()));
  } else {
    const { number, columns, name: title } = FORMS.annex3;
    const heading = (at: number): string => columns[at]?.title ?? '';
    print(`${number} ${title}　${name}　${day}`);
    print([...[0, 1, 2, 3, 4, 5].map(heading), '覆盖情形', ...[17, 18, 19].map(heading)].join('  '));
    const ticked = new Map<string, number>();
    for await (const row of cells()) {
      const column = columnWords(row);
      ticked.set(column, (ticked.get(column) ?? 0) + 1);
      print(
        [
          ...row.slice(0, 3),
          maskId(row[3] ?? ''),
          row[4],
          row[5],
          column,
          row[17],
          maskPhone(row[18] ?? ''),
          row[19],
        ].join('  '),
      );
    }
    print(sumUp(rows, ticked, options.limit === rows));
  }
  await recordExport(tx, scope, 'annex3', region, day, format ?? 'text', rows);
}

function columnWords(row: readonly string[]): string {
  const ticked = row.findIndex((cell, i) => i >= 6 && i <= 16 && cell !== '');
  return ticked < 0 ? '' : `第 ${ticked + 1} 栏`;
}

function sumUp(rows: number, ticked: ReadonlyMap<string, number>, cut: boolean): string {
  const parts = [...ticked]
    .map(([column, n]) => `${column === '' ? '原因由县掌握' : column} ${n} 人`)
    .toSorted((a, b) => a.localeCompare(b, 'zh', { numeric: true }));
  const sum = [`合计 ${rows} 人`, ...(parts.length === 0 ? [] : [parts.join('，')])].join('：');
  return `${sum}${cut ? '（只列到 --limit，以下未列）' : ''}`;
}

const PAGE = 5_000;

async function* firstLines(
  tx: Tx,
  instance: OpenedInstance,
  scope: Scope,
  tree: RegionTree,
  region: string,
  day: string,
  limit: number,
): AsyncGenerator<Annex3Line[]> {
  let left = limit;
  let after: Annex3Place | undefined;
  while (left > 0) {
    const size = Math.min(left, PAGE);
    const options = after === undefined ? { limit: size } : { limit: size, after };
    const page = await annex3Page(tx, instance, scope, tree, region, day, options);
    if (page.length > 0) yield page;
    if (page.length < size) return;
    left -= page.length;
    after = page.at(-1);
  }
}

/** Names, ID numbers and telephones: a file nobody else may read. */
async function putAll(out: string | undefined, pieces: AsyncIterable<string>): Promise<void> {
  const source = Readable.from(pieces, { objectMode: true });
  if (out === undefined) return pipeline(source, process.stdout, { end: false });
  await whole(out, (path) => pipeline(source, createWriteStream(path, { mode: 0o600 })));
  progress(`已写出 ${out}`);
}
