import { access, constants } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import { record } from '../features/audit/index.ts';
import {
  type DeliveryReport,
  type DeliveryRequest,
  readManifest,
  receive,
  writeReasons,
} from '../features/sources/index.ts';
import { parseDay, parseHeaderChoice, parseText } from './arguments.ts';
import { countyScope, maskNumbers, print, printJson, progress, rowPlace, withInstance } from './terminal.ts';

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
  map?: Readonly<Record<string, string>>;
  county?: string;
  json?: boolean;
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('接收一份报送（一个或多个文件），或按清单一次接收多份')
    .argument('[FILE...]', '名单文件：xlsx、xls、csv、txt')
    .option('--source <CODE>', '来源代码，见 quanbao sources')
    .option('--as-of <DATE>', '名单截止日期 YYYY-MM-DD', parseDay)
    .option('--sender <NAME>', '报送单位，缺省为来源的主管部门', parseText)
    .option('--region <CODE>', '名单所属区划，缺省为全县')
    .option('--sheet <NAME>', '只读这个工作表')
    .option('--full', '全量名单（缺省按来源目录）')
    .addOption(new Option('--delta', '变动名单（缺省按来源目录）').conflicts('full'))
    .option('--map <HEADER=COLUMN>', '更正表头对应，可写多次，如 --map 证件=id', parseHeaderChoice)
    .option('--dry-run', '只试算：显示表头对应和会有的变化，不写入')
    .option('--accept-withdrawals', '确认名单中大量人员不再在册')
    .option(
      '--errors <OUT.xlsx>',
      '有拒收行时，把原文件加上“拒收原因”一列写到这里；多个文件各写一份，加序号',
      parseWorkbookPath,
    )
    .option('--manifest <FILE.json>', '清单文件：多份报送一次提交')
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '输出 JSON')
    .action(runImport);
}

function parseWorkbookPath(path: string): string {
  if (extname(path).toLowerCase() !== '.xlsx') throw new InvalidArgumentError('文件名应以 .xlsx 结尾。');
  return path;
}

async function runImport(files: string[], options: ImportOptions, command: Command): Promise<void> {
  if (options.manifest === undefined) {
    if (files.length === 0 || options.source === undefined || options.asOf === undefined) {
      command.error('需要 FILE、--source 和 --as-of；或者 --manifest。');
    }
  } else if (files.length > 0 || options.source !== undefined || options.asOf !== undefined) {
    command.error('--manifest 里已写明文件、来源和日期，不能再写 FILE、--source 或 --as-of。');
  }
  await withInstance(async (instance) => {
    const manifest = options.manifest === undefined ? undefined : await readManifest(options.manifest);
    const scope = await countyScope(instance, options.county ?? (manifest?.county || undefined));
    const requests = (manifest?.deliveries ?? [fromOptions(files, options)]).map(withSafeNames);
    for (const request of requests) checkSender(request);
    const inputs = requests.flatMap((request) => request.files.map((file) => resolve(file.path)));
    if (options.errors !== undefined) await checkErrorsPath(options.errors, inputs);
    const reports = await receive(instance, scope, requests, {
      dryRun: options.dryRun,
      acceptWithdrawals: options.acceptWithdrawals,
      onProgress: progress,
    });
    if (options.errors !== undefined) await giveBack(instance, scope, requests, reports, options.errors);
    if (options.json) {
      const machines = reports.map((report) => machine(report, options.dryRun));
      printJson(manifest === undefined ? machines[0] : { deliveries: machines });
    } else for (const report of reports) print(maskNumbers(describe(report, options.dryRun)));
  });
}

function fromOptions(files: readonly string[], options: ImportOptions): DeliveryRequest {
  return {
    source: options.source as string,
    asOf: options.asOf as string,
    sender: options.sender,
    region: options.region,
    sheet: options.sheet,
    mode: options.full ? 'full' : options.delta ? 'delta' : undefined,
    files: files.map((file) => ({ name: basename(file), path: resolve(file) })),
    headerChoices: options.map ?? {},
  };
}

/** Names are shown and kept: none holds an ID number, and no two of one delivery are the same. */
function withSafeNames(request: DeliveryRequest): DeliveryRequest {
  const names = request.files.map((file) => maskNumbers(basename(file.name)));
  const files = request.files.map((file, i) => {
    const name = names[i] as string;
    return { ...file, name: names.indexOf(name) === names.lastIndexOf(name) ? name : `${i + 1}-${name}` };
  });
  return { ...request, files };
}

function checkSender({ sender }: DeliveryRequest): void {
  if (sender !== undefined && maskNumbers(sender) !== sender) {
    throw new Refusal('import.sender', '报送单位里不能写身份证号码；请写单位名称。');
  }
}

/** Before anything changes: a result that cannot be written must not come after the commit. */
async function checkErrorsPath(path: string, inputs: readonly string[]): Promise<void> {
  if (inputs.includes(resolve(path))) {
    throw new Refusal('import.errors-path', '--errors 不能写到报送的原文件上；请换一个文件名。');
  }
  await access(dirname(resolve(path)), constants.W_OK).catch(() => {
    throw new Refusal('import.errors-path', `写不到 ${dirname(resolve(path))}；请检查 --errors 的路径。`);
  });
}

/** The sender's own files with a column of reasons: one workbook for each file that has refused rows. */
async function giveBack(
  instance: OpenedInstance,
  scope: Scope,
  requests: readonly DeliveryRequest[],
  reports: readonly DeliveryReport[],
  out: string,
): Promise<void> {
  const all = requests.flatMap((request, r) => request.files.map((file) => ({ file, report: reports[r] })));
  let written = 0;
  for (const [i, { file, report }] of all.entries()) {
    const wrong = (report?.rejected ?? []).filter((row) => row.file === file.name);
    if (wrong.length === 0) continue;
    const path = all.length === 1 ? out : `${out.slice(0, -extname(out).length)}-${i + 1}${extname(out)}`;
    await instance.db.transaction(scope, async (tx) => {
      await record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: 'rejected.export',
        subject: report?.delivery == null ? 'dry run' : `delivery ${report.delivery}`,
        detail: { source: report?.source, rows: wrong.length },
      });
      await writeReasons(
        [file],
        wrong.map((row) => ({ ...row, fileNo: 1 })),
        path,
      );
    });
    written++;
    progress(`已写出 ${path}：《${file.name}》有 ${wrong.length} 处拒收。文件内有身份证号码，请妥善保管。`);
  }
  if (written === 0) progress('没有被拒收的行，没有写出 --errors 文件。');
}

function machine(report: DeliveryReport, dryRun: boolean | undefined): object {
  const { headers, effects: _, ...rest } = report;
  return dryRun ? { ...rest, dryRun: true, headers } : rest;
}

interface ReadTable {
  readonly name: string;
  readonly sheet: string;
  readonly headerRow: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly unknown: readonly string[];
  readonly rows: number;
}

function describe(report: DeliveryReport, dryRun: boolean | undefined): string {
  const title = findSource(report.source)?.title ?? report.source;
  const lines = report.unchanged
    ? [`${title}：与在用的第 ${report.delivery ?? ''} 号报送内容相同，没有改动。`]
    : [
        `${dryRun ? '【试算，没有写入】' : `第 ${report.delivery} 号报送 `}${title}：共 ${report.rows} 行，接收 ${report.accepted}（新增 ${report.new}，变化 ${report.changed}，相同 ${report.same}），` +
          `重复 ${report.duplicate}，拒收 ${report.rejected.length}，不再在册 ${report.withdrawn}，未见户籍 ${report.unmatched}，新矛盾 ${report.contradicting}。`,
      ];
  if (dryRun) lines.push(...describeHeaders(report));
  lines.push(
    ...report.warnings.map((warning) => `  注意：${warning}`),
    ...report.rejected.slice(0, 10).map((r) => `  拒收 ${rowPlace(r)}：${r.message}（${r.value}）`),
  );
  if (report.rejected.length > 10) {
    const all = report.delivery === null ? '--errors 写出' : `quanbao rejected ${report.delivery} 查看`;
    lines.push(`  …… 另有 ${report.rejected.length - 10} 行，用 ${all}全部。`);
  }
  return lines.join('\n');
}

function describeHeaders(report: DeliveryReport): string[] {
  const columns = findSource(report.source)?.columns ?? [];
  return (report.headers as readonly ReadTable[]).flatMap((table) => {
    const pairs = Object.entries(table.headers).map(
      ([key, header]) => `${header}→${columns.find((column) => column.key === key)?.title ?? key}`,
    );
    const place = `${table.name}${table.sheet === '' ? '' : ` ${table.sheet}`}`;
    return [
      `  ${place} 第 ${table.headerRow} 行表头：${pairs.join('，')}`,
      ...(table.unknown.length === 0
        ? []
        : [`  ${place} 未用的列：${table.unknown.join('、')}（可用 --map 表头=列 更正）`]),
    ];
  });
}
