import { basename, resolve } from 'node:path';
import { findSource, SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import { type Command, InvalidArgumentError } from 'commander';
import { type DeliveryReport, readManifest, receive, undoDelivery } from '../features/sources/index.ts';
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
    .description('撤销一份报送')
    .argument('<DELIVERY>', '报送编号', parseNumber)
    .option('--county <CODE>')
    .option('--json', '输出 JSON')
    .action((delivery: number, options) =>
      withInstance(async (instance) => {
        const report = await undoDelivery(
          instance,
          await countyScope(instance, options.county),
          delivery,
          progress,
        );
        if (options.json) printJson(report);
        else
          print(
            `已撤销第 ${delivery} 号报送；重新判定 ${report.people} 人，其中 ${report.changed} 人有变化。`,
          );
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
  instance: Parameters<Parameters<typeof withInstance>[0]>[0],
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
