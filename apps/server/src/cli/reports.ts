import { writeFile } from 'node:fs/promises';
import { maskId, maskPhone } from '@quanbao/domain/kernel/resident-id';
import { type Command, Option } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import type { Scope, Tx } from '../db/port.ts';
import { record } from '../features/audit/index.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import {
  annex3Lines,
  annex3ToXlsx,
  askableDays,
  chooseDay,
  countedForm,
  requireRegion,
  toCsv,
  toJson,
  toText,
  toXlsx,
} from '../features/reports/index.ts';
import { countyScope, print, progress, withInstance } from './terminal.ts';

interface ReportOptions {
  region?: string;
  asOf?: string;
  format?: 'xlsx' | 'csv' | 'json';
  out?: string;
  limit?: string;
  county?: string;
  json?: boolean;
}

export function addReportCommands(program: Command): void {
  program
    .command('report')
    .description('法定报表：附件3 摸底明细表、附件4 摸底统计表、附件5 调度表')
    .argument('<FORM>', 'annex3、annex4 或 annex5')
    .option('--region <CODE>', '县、乡镇或村的代码，缺省为全县')
    .option('--as-of <DATE>', '哪一天，缺省为最新一份在用名单的截止日期')
    .addOption(new Option('--format <FORMAT>', '文件格式').choices(['xlsx', 'csv', 'json']))
    .option('--out <FILE>', '写到文件')
    .option('--limit <N>', '附件3 只取前 N 行')
    .option('--county <CODE>')
    .option('--json', '同 --format json')
    .action((form: string, options: ReportOptions, command: Command) => {
      if (form !== 'annex3' && form !== 'annex4' && form !== 'annex5')
        command.error(`没有名为 ${form} 的报表；可用 annex3、annex4、annex5。`);
      return withInstance((instance) => runReport(instance, form as 'annex3', options));
    });
}

async function runReport(
  instance: OpenedInstance,
  form: 'annex3' | 'annex4' | 'annex5',
  options: ReportOptions,
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = options.region ?? scope.county;
  const format = options.json ? 'json' : (options.format ?? formatOf(options.out));
  await instance.db.transaction(scope, async (tx) => {
    if (form === 'annex3') return annex3(tx, instance, scope, region, format, options);
    const table = await countedForm(tx, scope, form, region, options.asOf);
    if (format !== undefined || options.out !== undefined) {
      await recordExport(tx, scope, form, region, table.asOf, format ?? 'xlsx', table.rows.length);
    }
    if (format === 'json') return put(options.out, `${JSON.stringify(toJson(table))}\n`);
    if (format === 'csv') return put(options.out, toCsv(table));
    if (format === 'xlsx') {
      const out = options.out ?? `${table.form.number}-${table.region.name}-${table.asOf}.xlsx`;
      await writeFile(out, await toXlsx(table));
      return progress(`已写出 ${out}`);
    }
    print(toText(table));
  });
}

function formatOf(out: string | undefined): ReportOptions['format'] {
  const ending = /\.(xlsx|csv|json)$/.exec(out ?? '')?.[1];
  return ending as ReportOptions['format'];
}

async function put(out: string | undefined, text: string): Promise<void> {
  if (out === undefined) process.stdout.write(text);
  else {
    await writeFile(out, text);
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
  const name = requireRegion(tree, scope, region);
  const day = chooseDay(await askableDays(tx, scope.county), options.asOf);
  const limit = options.limit === undefined ? undefined : Number(options.limit);
  const pages = annex3Lines(tx, instance, scope, tree, region, day, {
    limit,
    sight: true,
    pageSize: limit === undefined ? 5_000 : Math.min(limit, 5_000),
  });
  const county = { code: scope.county, name: tree.get(scope.county)?.name ?? scope.county };
  let rows = 0;
  async function* cells(): AsyncGenerator<string[]> {
    for await (const page of pages) {
      for (const line of page) {
        rows++;
        yield line.cells;
      }
    }
  }
  if (format === 'xlsx') {
    const out = options.out ?? `附件3-${name}-${day}.xlsx`;
    await annex3ToXlsx({ region: { code: region, name }, county, asOf: day, unit: name }, cells(), out);
    progress(`已写出 ${out}，共 ${rows} 人`);
  } else if (format === 'json') {
    const list: Record<string, string>[] = [];
    for await (const row of cells())
      list.push(Object.fromEntries(row.map((cell, i) => [String(i + 1), cell])));
    await put(options.out, `${JSON.stringify({ form: 'annex3', region, asOf: day, rows: list })}\n`);
  } else if (format === 'csv') {
    const lines = [Array.from({ length: 20 }, (_, i) => String(i + 1)).join(',')];
    for await (const row of cells()) lines.push(row.map(csvCell).join(','));
    await put(options.out, `\ufeff${lines.join('\r\n')}\r\n`);
  } else {
    for await (const row of cells()) {
      print(
        [
          ...row.slice(0, 3),
          maskId(row[3] ?? ''),
          row[4],
          row[5],
          `第 ${row.findIndex((c, i) => i >= 6 && i <= 16 && c !== '') + 1} 栏`,
          row[17],
          maskPhone(row[18] ?? ''),
          row[19],
        ].join('  '),
      );
    }
  }
  await recordExport(tx, scope, 'annex3', region, day, format ?? 'text', rows);
}

/** A cell that a spreadsheet would take for a formula is made text. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
