import { basename, resolve } from 'node:path';
import { findSource, SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import { type Command, InvalidArgumentError } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import { undoAdjudication } from '../features/register/index.ts';
import {
  type DeliveryReport,
  fixRow,
  overdueSources,
  readManifest,
  receive,
  undoDelivery,
  undoFix,
} from '../features/sources/index.ts';
import { firstLine } from './register.ts';
import { countyScope, print, printJson, progress, withInstance } from './terminal.ts';

interface ImportOptions {
  source?: string;
  asOf?: string;
  sender?: string;
  region?: string;
  sheet?: string;
  full?: boolean;
  delta?: boolean;
  dryRun?: boolean;
  acceptWithdrawals?: boolean;
  errors?: string;
  manifest?: string;
  map?: string[];
  county?: string;
  json?: boolean;
}

export function addDeliveryCommands(program: Command): void {
  program
    .command('import')
    .description('接收一份报送（一个或多个文件），或按清单一次接收多份')
    .argument('[FILE...]', '名单文件：xlsx、xls、csv、txt')
    .option('--source <CODE>', '来源代码，见 quanbao sources')
    .option('--as-of <DATE>', '名单截止日期 YYYY-MM-DD')
    .option('--sender <NAME>', '报送单位，缺省为来源的主管部门')
    .option('--region <CODE>', '名单所属区划，缺省为全县')
    .option('--sheet <NAME>', '只读这个工作表')
    .option('--full', '全量名单')
    .option('--delta', '变动名单')
    .option('--map <HEADER=COLUMN...>', '更正表头对应，如 --map 证件=id')
    .option('--dry-run', '只试算，不写入')
    .option('--accept-withdrawals', '确认名单中大量人员不再在册')
    .option('--errors <OUT.xlsx>', '把原文件加上“拒收原因”一列写到这里')
    .option('--manifest <FILE.json>', '清单文件：多份报送一次提交')
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '输出 JSON')
    .action(runImport);
  program
    .command('deliveries')
    .description('已收到的报送')
    .option('--county <CODE>')
    .option('--json', '输出 JSON')
    .action((options) => withInstance(async (instance) => listDeliveries(instance, options)));
  program
    .command('undo')
    .description('撤销一份报送；A 加编号撤销裁定，F 加编号撤销更正')
    .argument('<DELIVERY>', '报送编号，或 A3（裁定）、F2（更正）')
    .option('--county <CODE>')
    .option('--json', '输出 JSON')
    .action((what: string, options: { county?: string; json?: boolean }) => runUndo(what, options));
  program
    .command('rejected')
    .description('一份报送里被拒收的行')
    .argument('<DELIVERY>', '报送编号', parseNumber)
    .option('--county <CODE>')
    .option('--json', '输出 JSON')
    .action((delivery: number, options) =>
      withInstance((instance) => listRejected(instance, delivery, options)),
    );
  program
    .command('fix')
    .description('给被拒收的一行更正身份证号码；以后同一错误号码自动更正')
    .argument('<DELIVERY>', '报送编号', parseNumber)
    .argument('<ROW>', '行号', parseNumber)
    .requiredOption('--id <NEW>', '正确的身份证号码；- 表示从标准输入读取')
    .option('--county <CODE>')
    .option('--json', '输出 JSON')
    .action((delivery: number, row: number, options: { id: string; county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const id = options.id === '-' ? await firstLine() : options.id;
        const done = await fixRow(instance, await countyScope(instance, options.county), delivery, row, id);
        if (options.json) printJson(done);
        else
          print(
            `已更正（F${done.fix}）：涉及报送 ${done.deliveries.join('、')}，${done.changed} 人的结论有变化。`,
          );
      }),
    );
  program
    .command('overdue')
    .description('该报未报的来源')
    .option('--as-of <DATE>', '哪一天，缺省为最新一份在用名单的截止日期')
    .option('--county <CODE>')
    .option('--json', '输出 JSON')
    .action((options: { asOf?: string; county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const { day, overdue } = await instance.db.transaction(scope, async (tx) => {
          const [row] = await tx.query<{ latest: string | null }>(
            'select max(as_of) as latest from delivery where county = $1 and undone_at is null',
            [scope.county],
          );
          const asked = options.asOf ?? row?.latest ?? new Date().toISOString().slice(0, 10);
          return { day: asked, overdue: await overdueSources(tx, scope, asked) };
        });
        if (options.json) return printJson({ asOf: day, overdue });
        if (overdue.length === 0) return print(`到 ${day}，各来源都按期报送。`);
        for (const late of overdue) {
          print(
            `${late.title}（${late.office}）：${late.latest === null ? '从未收到' : `上次 ${late.latest}，应于 ${late.due} 前再报`}`,
          );
        }
      }),
    );
  program
    .command('sources')
    .description('来源目录：哪个部门、证明什么、需要哪些列、多久一次')
    .option('--json', '输出 JSON')
    .action((options) => {
      if (options.json) return printJson(SHIPPED_SOURCES);
      for (const source of SHIPPED_SOURCES) {
        print(`${source.code.padEnd(26)} ${source.title}（${source.office}）`);
        print(
          `${' '.repeat(27)}必填：${source.columns
            .filter((c) => c.required)
            .map((c) => c.title)
            .join('、')}`,
        );
      }
    });
}

export function parseNumber(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError('应为编号（正整数）。');
  return n;
}

async function runImport(files: string[], options: ImportOptions, command: Command): Promise<void> {
  if (
    options.manifest === undefined &&
    (files.length === 0 || options.source === undefined || options.asOf === undefined)
  ) {
    command.error('需要 FILE、--source 和 --as-of；或者 --manifest。');
  }
  if (options.full && options.delta) command.error('--full 与 --delta 只能选一个。');
  await withInstance(async (instance) => {
    const manifest = options.manifest === undefined ? undefined : await readManifest(options.manifest);
    const scope = await countyScope(instance, options.county ?? (manifest?.county || undefined));
    const requests = manifest?.deliveries ?? [
      {
        source: options.source as string,
        asOf: options.asOf as string,
        sender: options.sender,
        region: options.region,
        sheet: options.sheet,
        mode: options.full ? ('full' as const) : options.delta ? ('delta' as const) : undefined,
        files: files.map((file) => ({ name: basename(file), path: resolve(file) })),
        headerChoices: Object.fromEntries(
          (options.map ?? []).map((pair) => pair.split('=') as [string, string]),
        ),
      },
    ];
    const reports = await receive(instance, scope, requests, {
      dryRun: options.dryRun,
      acceptWithdrawals: options.acceptWithdrawals,
      onProgress: progress,
    });
    if (options.json)
      printJson(manifest === undefined ? machine(reports[0] as DeliveryReport) : reports.map(machine));
    else for (const report of reports) print(describe(report, options.dryRun ?? false));
  });
}

function machine(report: DeliveryReport): Omit<DeliveryReport, 'headers'> {
  const { headers, ...rest } = report;
  return rest;
}

function describe(report: DeliveryReport, dryRun: boolean): string {
  const title = findSource(report.source)?.title ?? report.source;
  if (report.unchanged) return `${title}：与在用的第 ${report.delivery} 号报送内容相同，没有改动。`;
  const lines = [
    `${dryRun ? '【试算】' : `第 ${report.delivery} 号报送 `}${title}：共 ${report.rows} 行，接收 ${report.accepted}（新增 ${report.new}，变化 ${report.changed}，相同 ${report.same}），` +
      `重复 ${report.duplicate}，拒收 ${report.rejected.length}，不再在册 ${report.withdrawn}，未见户籍 ${report.unmatched}，新矛盾 ${report.contradicting}。`,
    ...report.warnings.map((warning) => `  注意：${warning}`),
    ...report.rejected
      .slice(0, 10)
      .map((r) => `  拒收 ${r.file} ${r.sheet} 第 ${r.row} 行 ${r.column}：${r.message}（${r.value}）`),
  ];
  if (report.rejected.length > 10)
    lines.push(
      `  …… 另有 ${report.rejected.length - 10} 行，用 quanbao rejected ${report.delivery ?? ''} 查看全部。`,
    );
  return lines.join('\n');
}

interface DeliveryLine {
  delivery: number;
  source: string;
  sender: string;
  region: string;
  asOf: string;
  mode: string;
  receivedAt: string;
  undone: boolean;
  inForce: boolean;
  counts: Record<string, number>;
}

async function listDeliveries(
  instance: OpenedInstance,
  options: { county?: string; json?: boolean },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<DeliveryLine>(
      `select d.delivery, d.source, d.sender, d.region, d.as_of as "asOf", d.mode, d.received_at::text as "receivedAt",
         d.undone_at is not null as undone, d.counts,
         d.undone_at is null and not (d.mode = 'full' and exists (select 1 from delivery l where l.county = d.county and l.source = d.source
           and l.sender = d.sender and l.region = d.region and l.as_of = d.as_of and l.mode = 'full' and l.undone_at is null
           and l.delivery > d.delivery)) as "inForce"
       from delivery d where d.county = $1 order by d.delivery`,
      [scope.county],
    ),
  );
  if (options.json) return printJson({ deliveries: rows });
  if (rows.length === 0) return print('还没有收到报送。');
  for (const row of rows) {
    const state = row.undone ? '已撤销' : row.inForce ? '在用' : '已被重报替代';
    print(
      `${String(row.delivery).padStart(4)}  ${row.asOf}  ${row.mode === 'full' ? '全量' : '变动'}  ${findSource(row.source)?.title ?? row.source}  ` +
        `${row.sender}${row.region === scope.county ? '' : `（${row.region}）`}  ${row.counts.rows ?? 0} 行  ${state}`,
    );
  }
}

async function runUndo(what: string, options: { county?: string; json?: boolean }): Promise<void> {
  const match = /^([AaFf]?)(\d+)$/.exec(what);
  if (match === null) throw new InvalidArgumentError('应为报送编号，或 A3（裁定）、F2（更正）。');
  const number = Number(match[2]);
  await withInstance(async (instance) => {
    const scope = await countyScope(instance, options.county);
    if (match[1] !== '') {
      const done =
        match[1]?.toUpperCase() === 'A'
          ? await undoAdjudication(instance, scope, number)
          : await undoFix(instance, scope, number);
      if (options.json) printJson(done);
      else print(`已撤销 ${what.toUpperCase()}；${done.changed} 人的结论有变化。`);
      return;
    }
    const report = await undoDelivery(instance, scope, number, progress);
    if (options.json) printJson(report);
    else print(`已撤销第 ${number} 号报送；重新判定 ${report.people} 人，其中 ${report.changed} 人有变化。`);
  });
}

async function listRejected(
  instance: OpenedInstance,
  delivery: number,
  options: { county?: string; json?: boolean },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<{
      file: string;
      sheet: string;
      row: number;
      column: string;
      code: string;
      message: string;
      value: string;
    }>(
      `select file, sheet, row_no as row, column_name as "column", code, message, masked as value
       from rejected_row where county = $1 and delivery = $2 order by no`,
      [scope.county, delivery],
    ),
  );
  if (options.json) return printJson({ delivery, rejected: rows });
  if (rows.length === 0) return print(`第 ${delivery} 号报送没有被拒收的行。`);
  for (const r of rows) print(`${r.file} ${r.sheet} 第 ${r.row} 行 ${r.column}：${r.message}（${r.value}）`);
}
