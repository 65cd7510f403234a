import { basename } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Rhythm } from '@quanbao/domain/supervision/calendar';
import { ORDER_WORDS, type OrderState } from '@quanbao/domain/supervision/order';
import { SUBMISSION_WORDS, type SubmissionState } from '@quanbao/domain/supervision/submission';
import { COLOUR_WORDS, type Colour } from '@quanbao/domain/supervision/warning';
import { type Command, Option } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import { keepFile } from '../features/originals/index.ts';
import {
  answerOrder,
  decideOrder,
  decideSubmission,
  listOrders,
  prepareSubmission,
  raiseOrder,
  readCalendar,
  readWarnings,
  submitSubmission,
} from '../features/supervision/index.ts';
import { parseDay, parseNumber, parseText } from './arguments.ts';
import { countyScope, knownRegion, print, printJson, withInstance } from './terminal.ts';

const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;
const JSON_OUT = ['--json', '输出 JSON'] as const;
const REGION = ['--region <CODE>', '县、乡镇或村的代码'] as const;
const AS_OF = ['--as-of <DATE>', '哪一天', parseDay] as const;

interface Common {
  county?: string;
  json?: boolean;
}
interface Placed extends Common {
  region?: string;
  asOf?: string;
}

export function addSupervisionCommands(program: Command): void {
  program
    .command('warnings')
    .description('预警：各乡镇（一个乡镇的各村）落后到黄、橙、红哪一档，从哪天起')
    .option(...REGION)
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Placed) => withInstance((instance) => showWarnings(instance, options)));
  addSubmissionCommands(program);
  addOrderCommands(program);
}

async function showWarnings(instance: OpenedInstance, options: Placed): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const found = await readWarnings(instance, scope, { region, asOf: options.asOf });
  if (options.json) return printJson(found);
  const lit = found.items.filter(({ colour }) => colour !== null);
  print(`${found.region.name} 截至 ${found.asOf}：预警 ${lit.length} 项`);
  for (const one of lit) {
    const since = `${one.since}${one.older ? '或更早' : ''}起`;
    print(`  ${COLOUR_WORDS[one.colour as Colour]}  ${one.region.name}  ${one.words}（${since}）`);
  }
}

function addSubmissionCommands(program: Command): void {
  const submissions = program
    .command('submissions')
    .description('报表报送：按报送日历编制、报送、审定或退回；报过的数字固定不变');
  submissions
    .command('list')
    .description('报送日历：各表各期各单位报没报、迟没迟、后来变没变')
    .option(...REGION)
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Placed) => withInstance((instance) => showCalendar(instance, options)));
  submissions
    .command('submit')
    .description('编制并报送一份报表；不平的、下级没有全部审定的不能报')
    .argument('<FORM>', 'annex4、annex5 或本县自定表')
    .addOption(
      new Option('--every <RHYTHM>', '报期').choices(['week', 'month', 'quarter']).makeOptionMandatory(),
    )
    .requiredOption('--period <PERIOD>', '哪一期，如 2020-W36、2020-09、2020-Q3', parseText)
    .option(...REGION)
    .option('--reporter <NAME>', '填报人')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((form: string, options: Placed & { every: Rhythm; period: string; reporter?: string }) =>
      withInstance((instance) => submit(instance, form, options)),
    );
  for (const [name, act, description] of [
    ['approve', 'approve', '审定一份报送'],
    ['return', 'return', '退回一份报送，写明理由'],
    ['reopen', 'reopen', '重新打开一份审定了的报送，写明理由'],
  ] as const) {
    submissions
      .command(name)
      .description(description)
      .argument('<N>', '报送编号（submissions list 里有）', parseNumber)
      .option('--remark <TEXT>', '说明或理由', '')
      .option(...COUNTY)
      .option(...JSON_OUT)
      .action((no: number, options: Common & { remark: string }) =>
        withInstance(async (instance) => {
          const scope = await countyScope(instance, options.county);
          const done = await decideSubmission(instance, scope, no, act, options.remark);
          if (options.json) printJson(done);
          else print(`第 ${no} 号报送${SUBMISSION_WORDS[done.state as SubmissionState]}。`);
        }),
      );
  }
}

async function showCalendar(instance: OpenedInstance, options: Placed): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const found = await readCalendar(instance, scope, { region, asOf: options.asOf });
  if (options.json) return printJson(found);
  const said = found.lines.flatMap(({ formName, periods, places }) => {
    const lines = places.flatMap(({ name, cells }) =>
      cells.flatMap((cell, i) => {
        if (cell.submission === null && cell.standing !== 'late') return [];
        const state = cell.state === null ? '没有编制' : SUBMISSION_WORDS[cell.state as SubmissionState];
        const no = cell.submission === null ? '' : `第 ${cell.submission} 号  `;
        const late = cell.daysLate > 0 ? `，迟 ${cell.daysLate} 天` : '';
        return [
          `  ${periods[i]?.code}  ${name}  ${no}${state}${late}${cell.moved ? '，报送以后有变动' : ''}`,
        ];
      }),
    );
    return lines.length === 0 ? [] : [formName, ...lines];
  });
  print(
    said.length === 0
      ? `${found.region.name} 截至 ${found.asOf}：没有报送过的报表，也没有逾期的。`
      : said.join('\n'),
  );
}

async function submit(
  instance: OpenedInstance,
  form: string,
  options: Placed & { every: Rhythm; period: string; reporter?: string },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const { every, period, reporter } = options;
  const made = await prepareSubmission(instance, scope, {
    form,
    every,
    period,
    region,
    ...(reporter === undefined ? {} : { reporter }),
  });
  const { state } = await submitSubmission(instance, scope, made.submission);
  if (options.json) printJson({ submission: made.submission, version: made.version, state });
  else print(`已报送第 ${made.submission} 号，第 ${made.version} 版。`);
}

interface RaiseOptions extends Placed {
  office?: string;
  subject?: string;
  asked?: string;
  warning?: string;
  due: string;
}

function addOrderCommands(program: Command): void {
  const orders = program.command('orders').description('督办单：下达、答复、办结；逾期自动升级');
  orders
    .command('list')
    .description('列出督办单')
    .addOption(
      new Option('--state <STATE>', '只列未办结、逾期或已办结的').choices(['open', 'late', 'closed']),
    )
    .option(...REGION)
    .option(...AS_OF)
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: Placed & { state?: 'open' | 'late' | 'closed' }) =>
      withInstance((instance) => showOrders(instance, options)),
    );
  orders
    .command('raise')
    .description('下达督办单：由预警带出事项和数字，或写明事项和要求')
    .requiredOption('--due <DATE>', '办结时限', parseDay)
    .option(...REGION)
    .option('--office <NAME>', '承办部门，如 税务')
    .option('--warning <RULE>', '由哪一项预警产生，如 verify-behind')
    .option('--subject <TEXT>', '事项')
    .option('--asked <TEXT>', '办理要求')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((options: RaiseOptions) => withInstance((instance) => raise(instance, options)));
  orders
    .command('answer')
    .description('代承办单位答复督办单')
    .argument('<N>', '督办单编号', parseNumber)
    .requiredOption('--remark <TEXT>', '办理情况', parseText)
    .option('--document <FILE>', '佐证材料')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((no: number, options: Common & { remark: string; document?: string }) =>
      withInstance((instance) => answer(instance, no, options)),
    );
  orders
    .command('close')
    .description('办结（--return 退回重办）督办单，由下达人')
    .argument('<N>', '督办单编号', parseNumber)
    .option('--remark <TEXT>', '意见或理由', '')
    .option('--return', '退回重办')
    .option(...COUNTY)
    .option(...JSON_OUT)
    .action((no: number, options: Common & { remark: string; return?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const act = options.return ? 'return' : 'close';
        const done = await decideOrder(instance, scope, no, act, options.remark);
        if (options.json) printJson(done);
        else print(`第 ${no} 号督办单${ORDER_WORDS[done.state as OrderState]}。`);
      }),
    );
}

async function showOrders(
  instance: OpenedInstance,
  options: Placed & { state?: 'open' | 'late' | 'closed' },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const { state, asOf } = options;
  const found = await listOrders(instance, { scope, office: '' }, { region, asOf, state });
  if (options.json) return printJson(found);
  print(`未办结 ${found.open} 份，逾期 ${found.late} 份：`);
  for (const one of found.items) {
    const late =
      one.daysLate > 0 ? `，逾期 ${one.daysLate} 天${one.escalation ? `（${one.escalation}）` : ''}` : '';
    print(
      `  ${one.number}  ${one.to}  ${one.subject}  限 ${one.due}  ${ORDER_WORDS[one.state as OrderState]}${late}`,
    );
  }
}

async function raise(instance: OpenedInstance, options: RaiseOptions): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const region = await knownRegion(instance, scope, options.region);
  const { due, office, warning, subject, asked } = options;
  const done = await raiseOrder(instance, scope, {
    region,
    due,
    ...(office === undefined ? {} : { office }),
    ...(warning === undefined ? {} : { warning }),
    ...(subject === undefined ? {} : { subject }),
    ...(asked === undefined ? {} : { asked }),
  });
  if (options.json) printJson(done);
  else print(`已下达${done.number}。`);
}

async function answer(
  instance: OpenedInstance,
  no: number,
  options: Common & { remark: string; document?: string },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const path = options.document;
  const kept = path === undefined ? undefined : await keepFile(instance, scope, path).catch(unreadable(path));
  const document = kept === undefined ? undefined : { name: basename(path as string), digest: kept.digest };
  const done = await answerOrder(
    instance,
    { scope, office: '' },
    { order: no, remark: options.remark },
    document,
  );
  if (options.json) printJson(done);
  else print(`第 ${no} 号督办单已答复。`);
}

function unreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code !== 'ENOENT' && error.code !== 'EISDIR' && error.code !== 'EACCES') throw error;
    throw new Refusal('order.document', `读不到 ${basename(path)}；请检查 --document 的路径。`);
  };
}
