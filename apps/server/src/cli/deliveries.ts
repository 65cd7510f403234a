import { findSource, SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import { DUE_WORDS, MODE_WORDS, neededColumns, PROVES_WORDS } from '@quanbao/domain/sources/words';
import type { Command } from 'commander';
import type { OpenedInstance } from '../composition.ts';
import { undoAdjudication } from '../features/register/index.ts';
import {
  findRefusedRow,
  fixRow,
  latestDay,
  listDeliveries,
  listRejected,
  overdueSources,
  undoDelivery,
  undoFix,
} from '../features/sources/index.ts';
import { parseDay, parseNumber, parseUndoTarget, type UndoTarget } from './arguments.ts';
import { firstLine } from './stdin.ts';
import { countyScope, print, printJson, progress, rowPlace, today, withInstance } from './terminal.ts';

interface CommonOptions {
  county?: string;
  json?: boolean;
}

interface FixOptions extends CommonOptions {
  id: string;
  file?: string;
  sheet?: string;
}

const COUNTY = ['--county <CODE>', '县（一个数据库有多个县时）'] as const;

export function addDeliveryCommands(program: Command): void {
  program
    .command('deliveries')
    .description('已收到的报送')
    .option(...COUNTY)
    .option('--json', '输出 JSON')
    .action((options) => withInstance(async (instance) => printDeliveries(instance, options)));
  program
    .command('undo')
    .description('撤销一份报送；A 加编号撤销裁定，F 加编号撤销更正')
    .argument('<DELIVERY>', '报送编号，或 A3（裁定）、F2（更正）', parseUndoTarget)
    .option(...COUNTY)
    .option('--json', '输出 JSON')
    .action((what: UndoTarget, options: CommonOptions) =>
      withInstance((instance) => runUndo(instance, what, options)),
    );
  program
    .command('rejected')
    .description('一份报送里被拒收的行')
    .argument('<DELIVERY>', '报送编号', parseNumber)
    .option(...COUNTY)
    .option('--json', '输出 JSON')
    .action((delivery: number, options) =>
      withInstance((instance) => printRejected(instance, delivery, options)),
    );
  program
    .command('fix')
    .description('给被拒收的一行更正身份证号码；以后同一错误号码自动更正')
    .argument('<DELIVERY>', '报送编号', parseNumber)
    .argument('<ROW>', '行号', parseNumber)
    .requiredOption('--id <NEW>', '正确的身份证号码；- 表示从标准输入读取')
    .option('--file <NAME>', '几个文件都有这一行时：文件名')
    .option('--sheet <NAME>', '几张工作表都有这一行时：工作表名')
    .option(...COUNTY)
    .option('--json', '输出 JSON')
    .action((delivery: number, row: number, options: FixOptions) =>
      withInstance(async (instance) => {
        const id = options.id === '-' ? await firstLine() : options.id;
        const scope = await countyScope(instance, options.county);
        const { file, sheet } = options;
        const no = await instance.db.transaction(scope, (tx) =>
          findRefusedRow(tx, scope, delivery, { row, file, sheet }),
        );
        const done = await fixRow(instance, scope, delivery, no, id);
        if (options.json) printJson(done);
        else {
          print(
            `已更正（F${done.fix}）：涉及报送 ${done.deliveries.join('、')}，${done.changed} 人的结论有变化。`,
          );
          for (const line of describeFixed(done)) print(line);
        }
      }),
    );
  program
    .command('overdue')
    .description('该报未报的来源')
    .option('--as-of <DATE>', '哪一天，缺省为最新一份在用名单的截止日期', parseDay)
    .option(...COUNTY)
    .option('--json', '输出 JSON')
    .action((options: { asOf?: string; county?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const scope = await countyScope(instance, options.county);
        const { day, overdue } = await instance.db.transaction(scope, async (tx) => {
          const asked = options.asOf ?? (await latestDay(tx, scope)) ?? today();
          return { day: asked, overdue: await overdueSources(tx, scope, asked) };
        });
        if (options.json) return printJson({ asOf: day, overdue });
        const other = options.asOf === undefined ? '（最新一份在用名单的截止日期；另问一天用 --as-of）' : '';
        if (overdue.length === 0) return print(`到 ${day}${other}，各来源都按期报送。`);
        print(`到 ${day}${other}，该报未报的来源 ${overdue.length} 个：`);
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
      if (options.json) return printJson({ sources: SHIPPED_SOURCES });
      for (const source of SHIPPED_SOURCES) {
        const indent = ' '.repeat(27);
        print(`${source.code.padEnd(26)} ${source.title}（${source.office}）`);
        print(
          `${indent}证明：${PROVES_WORDS[source.proves] ?? source.proves}；${DUE_WORDS[source.due]}，${MODE_WORDS[source.mode]}名单`,
        );
        print(`${indent}必填：${neededColumns(source).join('、')}`);
      }
    });
}

function describeFixed({ fix, person }: Awaited<ReturnType<typeof fixRow>>): string[] {
  const { id, named, known } = person;
  const listed = named ?? '（名单里没有写姓名）';
  if (known === null) return [`这一行现在是 ${listed} ${id}；此前没有名单提到这个号码。`];
  const said = `这一行现在是 ${listed} ${id}；这个号码此前已有的姓名：${known}。`;
  if (named === null || named === known) return [said];
  return [said, `注意：两处姓名不同，请核对号码；更正错了可用 quanbao undo F${fix} 撤销。`];
}

async function printDeliveries(
  instance: OpenedInstance,
  options: { county?: string; json?: boolean },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const rows = await instance.db.transaction(scope, (tx) => listDeliveries(tx, scope));
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

async function runUndo(instance: OpenedInstance, what: UndoTarget, options: CommonOptions): Promise<void> {
  const scope = await countyScope(instance, options.county);
  if (what.kind === 'delivery') {
    const report = await undoDelivery(instance, scope, what.number, progress);
    const { effects, ...counted } = report;
    if (options.json) printJson(counted);
    else
      print(
        `已撤销第 ${what.number} 号报送；重新判定 ${report.people} 人，其中 ${report.changed} 人有变化。`,
      );
    return;
  }
  const letter = what.kind === 'adjudication' ? 'A' : 'F';
  const done =
    what.kind === 'adjudication'
      ? await undoAdjudication(instance, scope, what.number)
      : await undoFix(instance, scope, what.number);
  if (options.json) printJson(done);
  else print(`已撤销 ${letter}${what.number}；${done.changed} 人的结论有变化。`);
}

async function printRejected(
  instance: OpenedInstance,
  delivery: number,
  options: { county?: string; json?: boolean },
): Promise<void> {
  const scope = await countyScope(instance, options.county);
  const rows = await instance.db.transaction(scope, (tx) => listRejected(tx, scope, delivery));
  if (options.json) return printJson({ delivery, rejected: rows });
  if (rows.length === 0) return print(`第 ${delivery} 号报送没有被拒收的行。`);
  for (const r of rows) print(`${rowPlace(r)}：${r.message}（${r.value}）`);
}
