import { papers } from '@quanbao/contract/papers';
import {
  PAPER_KINDS,
  PAPER_STATES,
  PAPER_WORDS,
  type PaperKind,
} from '@quanbao/domain/supervision/paper/paper';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { PaperLine } from './contract.ts';
import { DraftDialog } from './draft-dialog.tsx';
import './papers.css';

const STATE_CLASS: Readonly<Record<string, string>> = {
  draft: 'tag',
  issued: 'tag paper-issued',
  withdrawn: 'tag paper-withdrawn',
};

/** Everything an office has written of the campaign, by kind and day. */
export default function PapersPage() {
  const { query, set, href, go } = useHere();
  const may = useMay();
  const [drafting, setDrafting] = useState(false);
  const kind = PAPER_KINDS.find((one) => one === query.kind);
  const { data, error, isFetching, refetch } = useRead(papers, { query: kind ? { kind } : {} });
  const columns: readonly Column<PaperLine>[] = [
    { key: 'day', title: '统计日期', width: 110, cell: ({ day }) => day },
    { key: 'kind', title: '种类', width: 90, cell: (line) => PAPER_WORDS[line.kind as PaperKind] },
    {
      key: 'title',
      title: '标题',
      width: 430,
      cell: (line) => (
        <Go href={href(`/papers/${line.paper}`)}>
          {line.title ?? `${line.region.name}${PAPER_WORDS[line.kind as PaperKind]}（草稿）`}
        </Go>
      ),
    },
    { key: 'number', title: '文号', width: 180, cell: ({ number }) => number ?? '' },
    { key: 'region', title: '范围', width: 150, cell: ({ region }) => region.path },
    {
      key: 'state',
      title: '状态',
      width: 90,
      cell: ({ state }) => (
        <span className={STATE_CLASS[state]}>{PAPER_STATES[state as keyof typeof PAPER_STATES]}</span>
      ),
    },
    {
      key: 'by',
      title: '经办',
      width: 230,
      cell: (line) =>
        line.withdrawnReason !== null
          ? `${line.withdrawnBy} 撤回：${line.withdrawnReason}`
          : `${line.issuedBy ?? line.actor}，${line.issuedAt ?? line.madeAt}`,
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>周报与通报</h1>
        <Select
          aria-label="种类"
          placeholder="全部种类"
          allowClear
          style={{ width: 140 }}
          value={kind}
          options={PAPER_KINDS.map((one) => ({ value: one, label: PAPER_WORDS[one] }))}
          onChange={(value?: PaperKind) => set({ kind: value ?? null })}
        />
        <span className="muted">数字全部由名单算出，点得开；印发后留存，以后不再变。</span>
        <div className="page-tools">
          <Go href={href('/paper-templates')}>模板</Go>
          {may('papers.write') && (
            <Button type="primary" onClick={() => setDrafting(true)}>
              起草
            </Button>
          )}
        </div>
      </div>
      <DataTable
        label="周报与通报"
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ paper }) => paper}
        onOpen={({ paper }) => go(`/papers/${paper}`)}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
        empty={
          <Nothing title="还没有材料">
            {may('papers.write') ? '点“起草”，选好种类和日期，全文随即算好。' : '印发后在这里阅读。'}
          </Nothing>
        }
      />
      {drafting && <DraftDialog onClose={() => setDrafting(false)} onDone={(no) => go(`/papers/${no}`)} />}
    </div>
  );
}
