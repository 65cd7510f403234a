import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { ACT_WORDS, type Act, STATE_WORDS } from '@quanbao/domain/checklist/life';
import { formatValue } from '@quanbao/domain/indicators/indicators';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type Command, InvalidArgumentError } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import {
  actOnItem,
  deriveList,
  listChecklists,
  loadListFile,
  loadShipped,
  viewChecklist,
  viewItemLife,
} from '../features/checklist/index.ts';
import { keepFile } from '../features/originals/index.ts';
import { parseDay, parseNumber, parseText } from './arguments.ts';
import { countyScope, knownRegion, print, printJson, withInstance } from './terminal.ts';

const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;
const JSON_OUT = ['--json', '输出 JSON'] as const;
const AS_OF = ['--as-of <DATE>', '哪一天，缺省为今天', parseDay] as const;

interface Common {
  county?: string;
  json?: boolean;
  asOf?: string;
}

/** 3/12, or 3/12/2021Q3 for one period of it. */
interface ItemKey {
  readonly list: number;
  readonly item: number;
  readonly period?: string;
}

function parseItem(text: string): ItemKey {
  const [, list, item, period] = /^(\d{1,9})\/(\d{1,9})(?:\/([\w-]{1,20}))?$/.exec(text) ?? [];
  if (list === undefined || item === undefined) {
    throw new InvalidArgumentError('应写成 清单/编号，如 1/4；某一期再加期名，如 1/6/w2020-08-31。');
  }
  return { list: Number(list), item: Number(item), ...(period === undefined ? {} : { period }) };
}

export function addChecklistCommands(program: Command): void {
  const checklist = program
    .command('checklist')
    .description('任务清单销账：附件2、全州县任务清单或自定清单，申请、审核、退回，乡镇工作细案');
  checklist
    .command('load')
    .description('载入清单：yuanjiang（附件2 十项）、quanzhou（全州县二十五项）或一个 xlsx、csv 文件')
    .argument('<LIST>', 'yuanjiang、quanzhou 或文件', parseText)
    .option('--deadline <DATE>', '按这个完成时限倒排各阶段和各项时限（只限 yuanjiang）', parseDay)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((list: string, options: Common & { deadline?: string }) =>
      withInstance(async (instance) => {
        const made = await load(instance, list, options);
        if (options.json) printJson(made);
        else print(`已载入第 ${made.list} 份清单，共 ${made.items} 项。`);
      }),
    );
  checklist
    .command('list')
    .description('各份清单的进度；给出编号则列出其中各项')
    .argument('[LIST]', '清单编号', parseNumber)
    .option('--region <CODE>', '只看这个县或乡镇的清单')
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((list: number | undefined, options: Common & { region?: string }) =>
      withInstance((instance) =>
        list === undefined ? showLists(instance, options) : showList(instance, list, options),
      ),
    );
  checklist
    .command('show')
    .description('一项任务的各期和经过')
    .argument('<ITEM>', '清单/编号，如 1/4', parseItem)
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((key: ItemKey, options: Common) => withInstance((instance) => showItem(instance, key, options)));
  checklist
    .command('derive')
    .description('乡镇从县清单制定本级工作细案')
    .argument('<LIST>', '县清单编号', parseNumber)
    .requiredOption('--region <CODE>', '乡镇代码')
    .option('--whole', '连责任单位不含乡镇的任务一起列入')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((list: number, options: Common & { region: string; whole?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const made = await deriveList(instance, scope, list, {
          region: options.region,
          whole: options.whole ?? false,
        });
        if (options.json) printJson(made);
        else print(`已制定第 ${made.list} 份清单（工作细案），共 ${made.items} 项。`);
      }),
    );
  checklist
    .command('close')
    .description('销账：登记佐证并审核通过（还没有申请的，同时记下申请）')
    .argument('<ITEM>', '清单/编号，如 1/4', parseItem)
    .requiredOption('--evidence <TEXT|FILE>', '完成情况，或佐证文件的路径', parseText)
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((key: ItemKey, options: Common & { evidence: string }) =>
      withInstance((instance) => closeItem(instance, key, options)),
    );
  for (const act of ['return', 'reopen'] as const) {
    checklist
      .command(act)
      .description(act === 'return' ? '把申请退回' : '恢复一项已销账的任务')
      .argument('<ITEM>', '清单/编号，如 1/4', parseItem)
      .requiredOption('--reason <TEXT>', '理由', parseText)
      .option(...AS_OF)
      .option(...COUNTY)
      .option(...JSON_OUT)
      .action((key: ItemKey, options: Common & { reason: string }) =>
        withInstance(async (instance) => {
          const scope = await countyScope(instance, options.county);
          tell(
            key,
            act,
            options,
            await actOnItem(instance, scope, 'county', key, order(key, act, options.reason, options)),
          );
        }),
      );
  }
}

async function load(
  instance: OpenedInstance,
  list: string,
  options: Common & { deadline?: string },
): Promise<{ list: number; items: number }> {
  const scope = await countyScope(instance, options.county);
  if (list === 'yuanjiang' || list === 'quanzhou') {
    return loadShipped(instance, scope, {
      origin: list,
      ...(options.deadline === undefined ? {} : { deadline: options.deadline }),
    });
  }
  return loadListFile(instance, scope, { name: basename(list), path: list });
}

async function showLists(instance: OpenedInstance, options: Common & { region?: string }): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region =
    options.region === undefined ? undefined : await knownRegion(instance, scope, options.region);
  const answer = await listChecklists(instance, scope, 'county', options.asOf);
  const items = answer.items.filter((one) => region === undefined || one.region.code === region);
  if (options.json) return printJson({ asOf: answer.asOf, items });
  if (items.length === 0) print('没有清单；用 quanbao checklist load yuanjiang 载入附件2。');
  for (const { list, title, region: place, counts } of items) {
    const { items: all, closed, requested, late } = counts;
    print(`${list}  ${place.name}  ${title}：${all} 项，已销账 ${closed}，待审核 ${requested}，逾期 ${late}`);
  }
}

async function showList(instance: OpenedInstance, list: number, options: Common): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const answer = await viewChecklist(instance, scope, 'county', list, options.asOf);
  if (options.json) return printJson(answer);
  print(`${answer.head.title}（${answer.asOf}）`);
  for (const { item, section, measure, units, period, progress } of answer.items) {
    const state = period === null ? '未开始' : STATE_WORDS[period.state];
    const due = period === null ? '' : `，${period.due} 前${period.late ? '（逾期）' : ''}`;
    const live =
      progress === null ? '' : `；${progress.name} ${formatValue(progress.indicator, progress.value)}`;
    print(`${list}/${item}  [${state}${due}] ${section}：${measure}（${units}）${live}`);
  }
}

async function showItem(instance: OpenedInstance, key: ItemKey, options: Common): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const life = await viewItemLife(instance, scope, key, options.asOf);
  if (options.json) return printJson(life);
  const { section, measure, units, deadline, rhythm } = life.item;
  print(`${section}：${measure}\n责任单位：${units}\n完成时限：${deadline}（${rhythm}）`);
  for (const { key: period, due, state, late } of life.periods) {
    print(`  ${period}  ${due} 前  ${STATE_WORDS[state]}${late ? '（逾期）' : ''}`);
  }
  for (const { at, period, act, note, document, actor } of life.events) {
    const proof = document === null ? '' : `，材料 ${document}`;
    print(`  ${at}  ${period}  ${ACT_WORDS[act as Act]}（${actor}）：${note}${proof}`);
  }
}

function order(key: ItemKey, act: Act, note: string, { asOf }: Common) {
  return {
    act,
    note,
    ...(key.period === undefined ? {} : { period: key.period }),
    ...(asOf === undefined ? {} : { asOf }),
  };
}

/** What evidence on file is called; a sentence does not end in one. */
const FILE_ENDING = /\.(pdf|ofd|docx?|wps|xlsx?|et|csv|txt|jpe?g|png|bmp|tiff?|heic|zip|rar|7z|mp[34])$/i;

/** A sentence may hold a slash (9/10户), but begins with none. */
const PATH_START = /^(?:\.{0,2}|~|[a-z]:)[/\\]/i;

/** Whether it names a file rather than being the text itself. @throws Refusal where it reads as a path and no file is there */
function readsFile(evidence: string): boolean {
  const there = statSync(evidence, { throwIfNoEntry: false })?.isFile() ?? false;
  if (!there && (PATH_START.test(evidence) || FILE_ENDING.test(evidence))) {
    throw new Refusal(
      'checklist.document',
      '--evidence 写的像是文件，但没有找到这个文件；请检查路径。如果是文字说明，请不要以斜杠开头，也不要以文件后缀结尾。',
    );
  }
  return there;
}

async function closeItem(
  instance: OpenedInstance,
  key: ItemKey,
  options: Common & { evidence: string },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const life = await viewItemLife(instance, scope, key, options.asOf);
  const state = life.periods.find((one) => one.key === (key.period ?? life.item.period?.key))?.state;
  const isFile = readsFile(options.evidence);
  if (state === 'requested' && isFile) {
    throw new Refusal(
      'checklist.evidence',
      '这一项已申请销账，佐证材料随申请登记过；请把 --evidence 改为审核意见的文字。',
    );
  }
  if (state !== 'requested') {
    if (!isFile && life.item.evidence !== '') {
      throw new Refusal(
        'checklist.evidence',
        `这一项销账要附佐证：${life.item.evidence}；请用 --evidence 给出文件。`,
      );
    }
    const document = isFile
      ? {
          name: basename(options.evidence),
          digest: (await keepFile(instance, scope, options.evidence)).digest,
        }
      : undefined;
    const note = document === undefined ? options.evidence : '见附件';
    await actOnItem(instance, scope, 'county', key, order(key, 'request', note, options), document);
  }
  const note = state === 'requested' ? options.evidence : '';
  tell(
    key,
    'close',
    options,
    await actOnItem(instance, scope, 'county', key, order(key, 'close', note, options)),
  );
}

function tell(key: ItemKey, act: Act, options: Common, done: { state: keyof typeof STATE_WORDS }): void {
  if (options.json) printJson(done);
  else print(`${key.list}/${key.item} ${ACT_WORDS[act]}：${STATE_WORDS[done.state]}。`);
}
