import { auditedBook, bookReturn } from '@quanbao/contract/workbooks';
import { App, Button, Drawer, Segmented } from 'antd';
import { useState } from 'react';
import { download } from '../../api/call.ts';
import { usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { AuditedRow, Returned } from './contract.ts';

const VERDICTS: readonly { readonly key: keyof Returned['counts']; readonly title: string }[] = [
  { key: 'refused', title: '退回' },
  { key: 'missing', title: '未回' },
  { key: 'remarked', title: '有提示' },
  { key: 'blank', title: '未填写' },
  { key: 'accepted', title: '采用' },
];

const TONES: Readonly<Record<string, string>> = {
  refused: 'tag book-refused',
  missing: 'tag book-remarked',
  remarked: 'tag book-remarked',
  accepted: 'tag book-accepted',
};

const OUTCOMES: Readonly<Record<string, string>> = {
  nothing: '没有变化',
  same: '与现有答复相同',
  ours: '维持现有答复',
  apply: '已写入',
  contradiction: '矛盾，待裁决',
  undone: '写入后已撤销',
};

/** What the audit says of each row of a file, those that need somebody first. */
export function ReturnDrawer({
  returnNo,
  onClose,
}: {
  readonly returnNo: number;
  readonly onClose: () => void;
}) {
  const { href } = useHere();
  const may = useMay();
  const { message } = App.useApp();
  const [verdict, setVerdict] = useState<string>('all');
  const pages = usePages(bookReturn, {
    params: { return: returnNo },
    query: { limit: 100, ...(verdict === 'all' ? {} : { verdict }) },
  });
  const { busy, failure, run } = useAct();
  const book = pages.first?.book;
  const columns: readonly Column<AuditedRow>[] = [
    {
      key: 'row',
      title: '行',
      width: 52,
      align: 'right',
      cell: ({ row }) => (row === 0 ? '—' : row),
    },
    {
      key: 'name',
      title: '姓名',
      width: 84,
      cell: ({ person, name }) => (person === null ? name : <Go href={href(`/people/${person}`)}>{name}</Go>),
    },
    {
      key: 'verdict',
      title: '审核',
      width: 104,
      cell: ({ verdict: found, verdictTitle }) => (
        <span className={TONES[found] ?? 'tag'}>{verdictTitle}</span>
      ),
    },
    {
      key: 'remarks',
      title: '审核意见',
      width: 420,
      cell: ({ verdict: found, remarks }) =>
        found === 'missing'
          ? '下发名单里有，返回的表里没有。'
          : remarks.map(({ code, text }) => <div key={code}>{text}</div>),
    },
    { key: 'outcome', title: '合并', width: 110, cell: ({ outcome }) => OUTCOMES[outcome ?? ''] ?? '' },
  ];
  const take = (): Promise<boolean> =>
    run(async () => {
      message.success(`已下载 ${await download(auditedBook, { params: { return: returnNo } })}`);
    });
  return (
    <Drawer
      open
      size={920}
      title={book ? `《${book.file}》的审核意见` : '正在读取……'}
      onClose={onClose}
      extra={
        may('people.export') && (
          <Button loading={busy} onClick={() => void take()}>
            下载审核过的表
          </Button>
        )
      }
    >
      {failure !== undefined && <Failure error={failure} />}
      {book && (
        <p className="muted book-gap">
          {book.region.path}，底册第 {book.issues.join('、')} 号，{book.asOf}{' '}
          返回。下载的是原表，末尾加“审核意见”一列，退给村里照着改。
        </p>
      )}
      <DataTable
        label="审核意见"
        columns={columns}
        rows={pages.rows}
        keyOf={({ position }) => position}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        tools={
          book && (
            <Segmented
              aria-label="只看"
              value={verdict}
              options={[
                { value: 'all', label: '全部' },
                ...VERDICTS.filter(({ key }) => book.counts[key] > 0).map(({ key, title }) => ({
                  value: key,
                  label: `${title} ${number(book.counts[key])}`,
                })),
              ]}
              onChange={(value) => setVerdict(String(value))}
            />
          )
        }
        empty={<Nothing title="没有这一类的行" />}
      />
    </Drawer>
  );
}
