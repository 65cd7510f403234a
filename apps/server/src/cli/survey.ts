import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { AUDIT_WORDS } from '@quanbao/domain/survey/audit';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import type { Scope } from '../db/port.ts';
import { zipChunks } from '../features/reports/index.ts';
import {
  bookFile,
  bookToXlsx,
  decideContradictions,
  type IssuedBook,
  issueBooks,
  listContradictions,
  type MergeReport,
  mergeBooks,
  type ReturnedBook,
  readOutboxFile,
  returnBooks,
  writeAudited,
} from '../features/survey/index.ts';
import { parseDay, parseNumber } from './arguments.ts';
import { countyScope, EXIT, knownRegion, print, printJson, progress, withInstance } from './terminal.ts';

const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;
const JSON_OUT = ['--json', '输出 JSON'] as const;
const AS_OF = ['--as-of <DATE>', '返回（合并）的日期，缺省为今天', parseDay] as const;

interface Common {
  county?: string;
  json?: boolean;
}

function parseNumbers(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, parseNumber(text)];
}

/** 3/12: the twelfth row of the third return. */
function parseRow(text: string, before: readonly RowKey[] = []): readonly RowKey[] {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError('应写成 返回/行，如 3/12（survey contradictions 里有）。');
  return [...before, { returnNo: Number(match[1]), position: Number(match[2]) }];
}

interface RowKey {
  readonly returnNo: number;
  readonly position: number;
}

export function addSurveyCommands(program: Command): void {
  const survey = program
    .command('survey')
    .description('摸底底册：下发、返回审核、与手机走访三方合并、裁决矛盾；接收手机导出的文件');
  survey
    .command('export')
    .description('按村下发底册（xlsx），乡镇或全县另打包；记下发时的名单和答复，作为合并的底')
    .requiredOption('--region <CODE>', '县、乡镇或村的代码')
    .requiredOption('--out <DIR>', '写到这个目录')
    .option('--tasks', '只下发有任务的人员（应保未保待核实）')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Common & { region: string; out: string; tasks?: boolean }) =>
      withInstance((instance) => exportBooks(instance, options)),
    );
  survey
    .command('return')
    .description('接收返回的底册，可以多份、可以是 zip：逐行审核，写出审核意见；加 --merge 随即合并')
    .argument('<FILE...>', '返回的底册')
    .option('--out <DIR>', '把各文件加上“审核意见”一列写到这个目录')
    .option('--merge', '审核后随即合并')
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((files: string[], options: Common & { out?: string; merge?: boolean; asOf?: string }) =>
      withInstance((instance) => receiveBooks(instance, files, options)),
    );
  survey
    .command('merge')
    .description('把审核采用的行与下发后手机和其他表写入的答复三方合并；相互矛盾的等人裁决')
    .option('--return <N>', '只合并第几号返回，可写多次；缺省为全部未合并的', parseNumbers)
    .option('--again', '连同合并后又撤销过的，和曾与别的答复相同或让给它的')
    .option('--dry-run', '只试算：显示会有的变化，不写入')
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action(
      (options: Common & { return?: readonly number[]; again?: boolean; dryRun?: boolean; asOf?: string }) =>
        withInstance(async (instance) => {
          const scope = await countyScope(instance, options.county);
          const report = await mergeBooks(instance, scope, { ...options, returns: options.return });
          if (options.json) printJson(report);
          else printMerge(report, options.dryRun === true);
        }),
    );
  survey
    .command('outbox')
    .description('接收手机导出的未上报文件：与手机自己上报一样，每条只算一次；有退回的，退出码为 1')
    .argument('<FILE>', '手机“上报”页导出的文件')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((file: string, options: Common) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const taken = await readOutboxFile(instance, scope, resolve(file));
        if (taken.refused.length > 0) process.exitCode = EXIT.checkFailed;
        if (options.json) return printJson(taken);
        print(
          `账号 ${taken.actor} 的手机：新记入 ${taken.applied} 条，早已收到 ${taken.known} 条，照片和签名 ${taken.pictures} 张，退回 ${taken.refused.length} 条。`,
        );
        for (const { day, answer, message } of taken.refused) print(`  ${day} ${answer}：${message}`);
      }),
    );
  survey
    .command('contradictions')
    .description('返回的底册与手机走访相互矛盾、等待裁决的行')
    .option('--region <CODE>', '县、乡镇或村的代码')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Common & { region?: string }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const region = await knownRegion(instance, scope, options.region);
        const page = await listContradictions(instance, scope, { region, limit: 500 });
        if (options.json) return printJson(page);
        print(`等待裁决 ${page.total} 行：`);
        for (const one of page.items) {
          print(`  ${one.returnNo}/${one.position}  ${one.name}  ${one.region.path}`);
          for (const part of one.parts)
            print(
              `      ${part.title}：表内“${part.theirs}”（${one.theirDay}），现有“${part.ours}”（${one.ourDay ?? ''} ${one.ourSender}）`,
            );
        }
      }),
    );
  survey
    .command('decide')
    .description('裁决矛盾：采用返回的表（theirs）或维持现有答复（ours）')
    .argument('<ROW...>', '返回/行，如 3/12', parseRow)
    .addOption(new Option('--take <WHICH>', '采用哪一边').choices(['theirs', 'ours']).makeOptionMandatory())
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((rows: readonly RowKey[], options: Common & { take: 'theirs' | 'ours'; asOf?: string }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const done = await decideContradictions(instance, scope, rows, options.take, options.asOf);
        if (options.json) return printJson(done);
        const brought = done.deliveries.length === 0 ? '' : `，写入第 ${done.deliveries.join('、')} 号报送`;
        print(`已裁决 ${done.decided} 行${brought}。`);
      }),
    );
}

async function exportBooks(
  instance: OpenedInstance,
  options: Common & { region: string; out: string; tasks?: boolean },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const out = resolve(options.out);
  await writable(out);
  const issues = await issueBooks(instance, scope, { region, openOnly: options.tasks }, { told: progress });
  const written = await writeBooks(instance, scope, issues, out, region.length < 12);
  if (options.json) return printJson(written);
  for (const one of written.issues)
    print(`  第 ${one.issue} 号  ${one.region.path}  ${one.people} 人  ${one.file}`);
  print(`已下发 ${written.issues.length} 份底册到 ${out}。文件内有身份证号码，请妥善保管。`);
}

/** Before anything is recorded: what cannot be written must not count as handed out. */
async function writable(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true }).catch(() => {
    throw new Refusal('survey.out', `写不到 ${dir}；请检查 --out 的路径。`);
  });
}

async function writeBooks(
  instance: OpenedInstance,
  scope: Scope,
  issues: readonly IssuedBook[],
  out: string,
  zipped: boolean,
): Promise<{ issues: (IssuedBook & { file: string })[]; zips: string[] }> {
  const written: (IssuedBook & { file: string })[] = [];
  const towns = new Map<string, { name: string; data: AsyncGenerator<Buffer> }[]>();
  for (const one of issues) {
    const { head, rows, name, townName } = await bookFile(instance, scope, one.issue);
    const dir = zipped ? join(out, townName) : out;
    await mkdir(dir, { recursive: true });
    const file = join(dir, name);
    await write(file, bookToXlsx(head, rows));
    written.push({ ...one, file });
    progress(`  已写出 ${file}`);
    if (!zipped) continue;
    const books = towns.get(townName) ?? [];
    towns.set(townName, books);
    books.push({ name, data: again(instance, scope, one.issue) });
  }
  const zips: string[] = [];
  for (const [town, books] of towns) {
    const path = join(out, `${town}底册.zip`);
    await write(path, zipChunks(books));
    zips.push(path);
  }
  return { issues: written, zips };
}

/** Read when its turn in the archive comes: a county's books do not fit into memory. */
async function* again(instance: OpenedInstance, scope: Scope, issue: number): AsyncGenerator<Buffer> {
  const { head, rows } = await bookFile(instance, scope, issue);
  yield* bookToXlsx(head, rows);
}

async function write(path: string, chunks: AsyncGenerator<Buffer>): Promise<void> {
  await pipeline(Readable.from(chunks, { objectMode: false }), createWriteStream(path, { mode: 0o600 }));
}

async function receiveBooks(
  instance: OpenedInstance,
  files: readonly string[],
  options: Common & { out?: string; merge?: boolean; asOf?: string },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  if (options.out !== undefined) await writable(resolve(options.out));
  const sources = files.map((file) => ({ name: basename(file), path: resolve(file) }));
  const report = await returnBooks(instance, scope, sources, { asOf: options.asOf });
  const [refused] = report.refused;
  if (report.returns.length === 0 && refused !== undefined) {
    throw new Refusal(refused.code, report.refused.map((one) => one.message).join('\n'));
  }
  const audited = new Map<number, string>();
  if (options.out !== undefined) {
    for (const { returnNo, file } of report.returns) {
      const path = join(resolve(options.out), `${file.replace(/\.[^.]*$/, '')}-审核意见-${returnNo}号.xlsx`);
      await writeAudited(instance, scope, returnNo, path);
      audited.set(returnNo, path);
    }
  }
  const returns = report.returns.map((one) => one.returnNo);
  const merged =
    options.merge && returns.length > 0
      ? await mergeBooks(instance, scope, { returns, asOf: options.asOf })
      : undefined;
  if (options.json) {
    printJson({
      returns: report.returns.map((one) => ({ ...one, audited: audited.get(one.returnNo) ?? null })),
      refused: report.refused,
      ...(merged === undefined ? {} : { merge: merged }),
    });
  } else {
    for (const one of report.returns) printReturn(one, audited.get(one.returnNo));
    for (const one of report.refused) print(`未接收：${one.message}`);
    if (merged !== undefined) printMerge(merged, false);
  }
  if (refused !== undefined) process.exitCode = EXIT.refused;
}

function printReturn(one: ReturnedBook, audited: string | undefined): void {
  const counts = Object.entries(AUDIT_WORDS).map(
    ([verdict, title]) => `${title} ${one.counts[verdict as keyof typeof AUDIT_WORDS]}`,
  );
  print(
    `第 ${one.returnNo} 号返回《${one.file}》（${one.region.path}）${one.known ? '以前收到过，没有改动' : ''}：${counts.join('，')}。`,
  );
  if (audited !== undefined) print(`  审核意见：${audited}（内有身份证号码，请妥善保管）`);
}

function printMerge(report: MergeReport, dryRun: boolean): void {
  const { apply, contradiction, ours, same, nothing } = report.outcomes;
  print(
    `${dryRun ? '【试算，没有写入】' : ''}采用 ${apply} 行，相互矛盾待裁决 ${contradiction} 行，维持手机答复 ${ours} 行，两边相同 ${same} 行，没有变化 ${nothing} 行。`,
  );
  for (const line of report.lines)
    print(
      `  ${line.name}  ${line.region.path}  ${line.outcome === 'apply' ? '采用' : '矛盾'}：${line.parts.map((part) => `${part.title} “${part.ours}”→“${part.theirs}”`).join('；')}`,
    );
  if (report.deliveries.length > 0) print(`写入第 ${report.deliveries.join('、')} 号报送，可用 undo 撤销。`);
}
