import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { numbersOf, PAPER_KINDS, PAPER_WORDS, type PaperKind } from '@quanbao/domain/supervision/paper/paper';
import { type Command, InvalidArgumentError } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import {
  draftPaper,
  issuePaper,
  openPaper,
  paperDocx,
  previewPaper,
  recordExport,
} from '../features/supervision/papers/index.ts';
import { parseDay } from './arguments.ts';
import { countyScope, knownRegion, print, printJson, withInstance } from './terminal.ts';

interface Options {
  date?: string;
  region?: string;
  out?: string;
  issue?: boolean;
  dated?: string;
  county?: string;
  json?: boolean;
}

function parseKind(text: string): PaperKind {
  const found = PAPER_KINDS.find((kind) => kind === text);
  if (found === undefined) throw new InvalidArgumentError(`应为 ${PAPER_KINDS.join('、')} 之一。`);
  return found;
}

export function addBulletinCommand(program: Command): void {
  program
    .command('bulletin')
    .description('周报、月通报、验收通报、情况报告、季度分析：全部数字由名单算出，每个数字都有出处')
    .argument('<KIND>', 'weekly、monthly、acceptance、report 或 quarterly', parseKind)
    .option('--date <DATE>', '统计到哪一天，缺省为最新一份在用名单的截止日期', parseDay)
    .option('--region <CODE>', '县或乡镇的代码，缺省为全县')
    .option('--out <FILE>', '写成 Word 文件（.docx）')
    .option('--issue', '印发：编期号，留存全部数据和摘要，以后不再变')
    .option('--dated <DATE>', '成文日期，缺省为统计日期', parseDay)
    .option('--county <CODE>', '县（一个数据库有多个县时）')
    .option('--json', '输出 JSON：全文和每个数字的出处')
    .action((kind: PaperKind, options: Options, command: Command) => {
      if (options.out !== undefined && !/\.docx$/i.test(options.out))
        command.error('--out 的文件名应以 .docx 结尾。');
      if (options.dated !== undefined && !options.issue) command.error('--dated 只在 --issue 时有用。');
      return withInstance((instance) => runBulletin(instance, kind, options));
    });
}

async function runBulletin(instance: OpenedInstance, kind: PaperKind, options: Options): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const order = { kind, region, day: options.date };
  const issued = options.issue ? await issue() : undefined;
  const opened = issued === undefined ? undefined : await openPaper(instance, scope, issued);
  const { paper } = opened ?? (await previewPaper(instance, scope, order));
  if (options.out !== undefined) {
    const path = resolve(options.out);
    await writeFile(path, await paperDocx(paper), { mode: 0o600 }).catch(() => {
      throw new Refusal('paper.out', `写不到 ${path}；请检查 --out 的路径。`);
    });
    if (opened && issued !== undefined) await recordExport(instance, scope, issued, opened.row);
  }
  if (options.json) {
    const { blocks, ...head } = paper;
    return printJson({
      ...head,
      paper: issued ?? null,
      digest: opened?.digest ?? null,
      out: options.out ?? null,
      numbers: numbersOf(paper),
      blocks,
    });
  }
  print(`${paper.title}（${PAPER_WORDS[kind]}，${paper.number}）`);
  for (const block of paper.blocks) {
    if (block.type === 'heading') print(block.text);
    if (block.type === 'paragraph') print(`　　${block.runs.map((run) => run.text).join('')}`);
  }
  if (opened) print(`已印发，第 ${issued} 号；摘要（SM3）${opened.digest}`);
  if (options.out !== undefined) print(`已写出 ${resolve(options.out)}`);

  async function issue(): Promise<number> {
    const { paper: number } = await draftPaper(instance, scope, order);
    await issuePaper(instance, scope, number, { dated: options.dated });
    return number;
  }
}
