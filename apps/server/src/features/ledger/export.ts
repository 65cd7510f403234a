import { Readable } from 'node:stream';
import type { Scope } from '../../db/port.ts';
import { chinaTime } from '../../http/china-time.ts';
import type { Instance } from '../../instance.ts';
import { record, requireReason } from '../audit/index.ts';
import { exportMark, type ListHead, listToXlsx } from '../reports/index.ts';
import { type ItemLine, type LedgerQuestion, readLedger } from './items.ts';

/** Read at a time, each time in a transaction of its own: a slow reader keeps nobody waiting. */
const PAGE = 2_000;

const COLUMNS: ListHead['columns'] = [
  { title: '序号', width: 8 },
  { title: '台账编号', width: 16 },
  { title: '种类', width: 14 },
  { title: '事项', width: 24 },
  { title: '状态', width: 10 },
  { title: '依据', width: 26 },
  { title: '尚缺', width: 30 },
  { title: '姓名', width: 12 },
  { title: '身份证号码', width: 22 },
  { title: '出生日期', width: 12 },
  { title: '所在地', width: 32 },
  { title: '自', width: 12 },
  { title: '开账', width: 12 },
  { title: '组别', width: 24 },
  { title: '承办人', width: 14 },
  { title: '期限', width: 12 },
];

function cells(no: number, item: ItemLine): string[] {
  return [
    String(no),
    item.number,
    item.title,
    item.subject,
    item.stateTitle,
    item.why,
    item.missing,
    item.name,
    item.id,
    item.birth,
    item.region.path,
    item.from,
    item.opened,
    item.tags.join('、'),
    item.assignee ?? '',
    item.due ?? '',
  ];
}

/** The ledger that answers a question as a workbook, numbers masked; recorded before the first byte leaves. */
export async function exportLedger(
  instance: Instance,
  scope: Scope,
  question: LedgerQuestion,
  given: string,
): Promise<Readable> {
  const reason = requireReason(given);
  const first = await instance.db.transaction(scope, async (tx) => {
    const page = await readLedger(tx, instance, scope, question, { limit: PAGE });
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'ledger.export',
      subject: 'ledger',
      region: question.region ?? scope.region,
      detail: { asOf: page.asOf, total: page.total, reason },
    });
    return page;
  });
  async function* rows(): AsyncGenerator<string[]> {
    let page = first;
    let no = 0;
    for (;;) {
      for (const item of page.items) yield cells(++no, item);
      const after = page.next;
      if (after === null) break;
      page = await instance.db.transaction(scope, (tx) =>
        readLedger(tx, instance, scope, { ...question, asOf: first.asOf }, { after, limit: PAGE }),
      );
    }
  }
  const mark = exportMark({ asOf: first.asOf, actor: scope.actor, at: chinaTime(new Date()), reason });
  const head = { name: '台账', mark, columns: COLUMNS };
  return Readable.from(listToXlsx(head, rows()), { objectMode: false });
}
