import { bookReturns, returnBooks } from '@quanbao/contract/workbooks';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { sendForm } from '../../api/call.ts';
import { usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import type { Returned } from './contract.ts';
import { MergeDialog } from './merge-dialog.tsx';
import { ReturnDrawer } from './return-drawer.tsx';
import { UnderWay } from './under-way.tsx';

const KINDS = '.xlsx,.xls,.csv,.zip';

const count = (n: number, tone?: 'warn' | 'bad') =>
  n === 0 ? (
    <span className="muted">0</span>
  ) : (
    <span className={tone === undefined ? undefined : `book-${tone}`}>{number(n)}</span>
  );

const COLUMNS: readonly Column<Returned>[] = [
  { key: 'no', title: '编号', width: 56, align: 'right', cell: ({ returnNo }) => returnNo },
  { key: 'file', title: '文件', width: 230, cell: ({ file }) => file },
  { key: 'place', title: '村（社区）', width: 190, cell: ({ region }) => region.path },
  { key: 'accepted', title: '采用', width: 60, align: 'right', cell: ({ counts }) => count(counts.accepted) },
  {
    key: 'remarked',
    title: '有提示',
    width: 66,
    align: 'right',
    cell: ({ counts }) => count(counts.remarked, 'warn'),
  },
  {
    key: 'refused',
    title: '退回',
    width: 60,
    align: 'right',
    cell: ({ counts }) => count(counts.refused, 'bad'),
  },
  { key: 'blank', title: '未填写', width: 66, align: 'right', cell: ({ counts }) => count(counts.blank) },
  {
    key: 'missing',
    title: '未回',
    width: 60,
    align: 'right',
    cell: ({ counts }) => count(counts.missing, 'warn'),
  },
  { key: 'merged', title: '合并情况', width: 170, cell: (one) => mergedWords(one) },
  { key: 'at', title: '返回时间', width: 136, cell: ({ at }) => localTime(at) },
];

/** What became of the accepted rows, in words. */
function mergedWords({ merged }: Returned): string {
  const words = [
    ...(merged.waiting > 0 ? [`待合并 ${number(merged.waiting)}`] : []),
    ...(merged.contradiction > 0 ? [`矛盾 ${number(merged.contradiction)}`] : []),
    ...(merged.apply > 0 ? [`已写入 ${number(merged.apply)}`] : []),
    ...(merged.ours > 0 ? [`维持现有 ${number(merged.ours)}`] : []),
    ...(merged.same + merged.nothing > 0 ? [`无变化 ${number(merged.same + merged.nothing)}`] : []),
    ...(merged.undone > 0 ? [`已撤销 ${number(merged.undone)}`] : []),
  ];
  return words.join('，') || '没有可合并的行';
}

/** Files that came back: dropped here, audited row by row, merged. */
export function Returns() {
  const { region, query, set } = useHere();
  const may = useMay();
  const [merging, setMerging] = useState(false);
  const pages = usePages(bookReturns, { query: { region, limit: 100 } });
  const waiting = pages.rows.reduce((sum, { merged }) => sum + merged.waiting, 0);
  return (
    <>
      {may('visits.write') && <Drop />}
      {may('workbooks.merge') && query.merge === undefined && <UnderWay kind="merge" what="合并" />}
      <DataTable
        label="返回的底册"
        columns={COLUMNS}
        rows={pages.rows}
        keyOf={({ returnNo }) => returnNo}
        onOpen={({ returnNo }) => set({ open: returnNo })}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        heading={<span className="muted">点一行看逐行的审核意见</span>}
        tools={
          may('workbooks.merge') && (
            <Button
              type={waiting > 0 ? 'primary' : 'default'}
              disabled={waiting === 0}
              onClick={() => setMerging(true)}
            >
              {waiting > 0 ? `合并 ${number(waiting)} 行……` : '合并'}
            </Button>
          )
        }
        empty={
          <Nothing title="还没有返回的底册">
            <p>村里填好的底册拖到上面即可，多份、压缩包都可以。</p>
          </Nothing>
        }
      />
      {query.open && <ReturnDrawer returnNo={Number(query.open)} onClose={() => set({ open: null })} />}
      {(merging || query.merge) && (
        <MergeDialog
          returns={toMerge(pages.rows)}
          job={query.merge}
          onClose={() => {
            setMerging(false);
            set({ merge: null });
          }}
        />
      )}
    </>
  );
}

/** Of the returns on screen those with something to merge, or to look at again. */
function toMerge(rows: readonly Returned[]): number[] {
  return rows
    .filter(({ merged }) => merged.waiting > 0 || merged.contradiction > 0)
    .map(({ returnNo }) => returnNo);
}

interface Sent {
  readonly returns: readonly Returned[];
  readonly refused: readonly { readonly file: string; readonly message: string }[];
}

function Drop() {
  const queries = useQueryClient();
  const { set } = useHere();
  const [sending, setSending] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  const [sent, setSent] = useState<Sent>();
  const send = async (files: readonly File[]): Promise<void> => {
    setSending(files.length);
    setFailure(undefined);
    setSent(undefined);
    const form = new FormData();
    for (const file of files) form.append('files', file, file.name);
    try {
      setSent(await sendForm(returnBooks, form));
      await queries.invalidateQueries({ queryKey: [bookReturns.url] });
    } catch (error) {
      setFailure(error);
    } finally {
      setSending(0);
    }
  };
  return (
    <>
      {failure !== undefined && <Failure error={failure} />}
      <DropZone
        className="book-drop"
        label="拖入返回的底册"
        inputLabel="返回的底册"
        accept={KINDS}
        onFiles={send}
      >
        {(choose) =>
          sending > 0 ? (
            <Loading words={`正在上传并逐行审核 ${sending} 个文件……`} />
          ) : (
            <>
              <span>把返回的底册拖到这里，或</span>
              <Button onClick={choose}>选择文件</Button>
              <span className="muted">多份、压缩包都可以；先审核，不合并。</span>
            </>
          )
        }
      </DropZone>
      {sent?.refused.map(({ file, message }) => (
        <Alert key={file} type="error" showIcon role="alert" title={message} />
      ))}
      {sent && sent.returns.length > 0 && (
        <Alert
          type={sent.returns.some(({ counts }) => counts.refused > 0) ? 'warning' : 'success'}
          showIcon
          role="status"
          title={sentWords(sent.returns)}
          action={
            <Button size="small" onClick={() => set({ open: sent.returns[0]?.returnNo ?? null })}>
              看审核意见
            </Button>
          }
        />
      )}
    </>
  );
}

function sentWords(returns: readonly Returned[]): string {
  const known = returns.filter((one) => one.known).length;
  const sum = (key: 'accepted' | 'remarked' | 'refused' | 'missing'): number =>
    returns.reduce((total, { counts }) => total + counts[key], 0);
  return (
    `已审核 ${number(returns.length)} 份：采用 ${number(sum('accepted'))} 行，有提示 ${number(sum('remarked'))} 行，` +
    `退回 ${number(sum('refused'))} 行，未回 ${number(sum('missing'))} 人。` +
    (known > 0 ? `其中 ${number(known)} 份以前收到过，没有改动。` : '')
  );
}
