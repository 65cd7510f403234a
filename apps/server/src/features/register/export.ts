import { Readable } from 'node:stream';
import { FACT_WORDS } from '@quanbao/domain/coverage/words';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record, requireReason } from '../audit/index.ts';
import { exportMark, type ListHead, listToXlsx } from '../reports/index.ts';
import { type FindingsQuestion, openQueue, readFindings } from './findings.ts';
import { asRecorded, type PeopleQuestion, type PersonLine, readPeople } from './people.ts';

export interface ExportOrder {
  readonly reason: string;
  /** Whole ID numbers: whoever orders them may reveal. */
  readonly reveal: boolean;
  /** When, as it is printed on the list. */
  readonly at: string;
}

/** People read at a time, each time in a transaction of its own: a slow reader keeps nobody waiting. */
const PAGE = 2_000;

const PERSON_COLUMNS: ListHead['columns'] = [
  { title: '序号', width: 8 },
  { title: '姓名', width: 12 },
  { title: '身份证号码', width: 22 },
  { title: '性别', width: 6 },
  { title: '出生日期', width: 12 },
  { title: '所在地', width: 32 },
  { title: '附件3栏次', width: 10 },
  { title: '覆盖情形', width: 36 },
  { title: '参保登记', width: 10 },
  { title: '当年已缴费', width: 11 },
  { title: '是否愿意参保', width: 13 },
  { title: '标签', width: 24 },
];

const FINDING_COLUMNS: ListHead['columns'] = [
  ...PERSON_COLUMNS.slice(0, 8),
  { title: '矛盾或待核', width: 30 },
  { title: '自', width: 12 },
];

const WILLING: Readonly<Record<string, string>> = { yes: '是', no: '否', unknown: '' };

function personCells(no: number, line: PersonLine): string[] {
  return [
    String(no),
    line.name,
    line.id,
    line.sex === 'male' ? '男' : '女',
    line.birth,
    line.region.path,
    line.column === null ? '' : String(line.column),
    line.verdict,
  ];
}

function standingCells(line: PersonLine): string[] {
  return [
    line.registered ? '是' : '否',
    line.paid ? '是' : '否',
    WILLING[line.willing] ?? '',
    line.tags.map((tag) => FACT_WORDS[tag as keyof typeof FACT_WORDS] ?? tag).join('、'),
  ];
}

/** The people that answer a question as a workbook; recorded before the first byte leaves, and how many left after. */
export async function exportPeople(
  instance: Instance,
  scope: Scope,
  question: PeopleQuestion,
  order: ExportOrder,
): Promise<Readable> {
  const reason = requireReason(order.reason);
  const read = { limit: PAGE, reveal: order.reveal };
  const first = await instance.db.transaction(scope, async (tx) => {
    const page = await readPeople(tx, instance, scope, question, read);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'people.export',
      subject: 'people',
      region: question.region ?? scope.region,
      detail: { asOf: page.asOf, ...asRecorded(question), total: page.total, reveal: order.reveal, reason },
    });
    return page;
  });
  const asked = { ...question, asOf: first.asOf };
  async function* rows(): AsyncGenerator<string[]> {
    let page = first;
    let no = 0;
    for (;;) {
      for (const line of page.items) yield [...personCells(++no, line), ...standingCells(line)];
      const after = page.next;
      if (after === null) break;
      page = await instance.db.transaction(scope, (tx) =>
        readPeople(tx, instance, scope, asked, { ...read, after }),
      );
    }
    await recordEnd(instance, scope, 'people', no);
  }
  const head = {
    name: '人员清单',
    mark: exportMark({ asOf: first.asOf, actor: scope.actor, at: order.at, reason }),
    columns: PERSON_COLUMNS,
  };
  return Readable.from(listToXlsx(head, rows()), { objectMode: false });
}

export async function exportFindings(
  instance: Instance,
  scope: Scope,
  question: FindingsQuestion,
  order: ExportOrder,
): Promise<Readable> {
  const reason = requireReason(order.reason);
  const first = await instance.db.transaction(scope, async (tx) => {
    const opened = await openQueue(tx, scope, question);
    const page = await readFindings(tx, instance, opened, PAGE, order.reveal);
    const { day: asOf } = opened.sight;
    const { queue, kind, state } = question;
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'findings.export',
      subject: 'findings',
      region: opened.region,
      detail: { asOf, queue, ...(kind && { kind }), ...(state && { state }), reveal: order.reveal, reason },
    });
    return { ...page, asOf };
  });
  const asked = { ...question, asOf: first.asOf };
  async function* rows(): AsyncGenerator<string[]> {
    let page: Pick<typeof first, 'items' | 'next'> = first;
    let no = 0;
    for (;;) {
      for (const { line, label, from } of page.items) yield [...personCells(++no, line), label, from];
      const after = page.next;
      if (after === null) break;
      page = await instance.db.transaction(scope, async (tx) =>
        readFindings(tx, instance, await openQueue(tx, scope, asked, after), PAGE, order.reveal),
      );
    }
    await recordEnd(instance, scope, 'findings', no);
  }
  const name = question.queue === 'conflict' ? '矛盾清单' : '数据待核清单';
  const head = {
    name,
    mark: exportMark({ asOf: first.asOf, actor: scope.actor, at: order.at, reason }),
    columns: FINDING_COLUMNS,
  };
  return Readable.from(listToXlsx(head, rows()), { objectMode: false });
}

async function recordEnd(
  instance: Instance,
  scope: Scope,
  subject: 'people' | 'findings',
  rows: number,
): Promise<void> {
  await instance.db.transaction(scope, (tx) =>
    record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: `${subject}.exported`,
      subject,
      detail: { rows },
    }),
  );
}
