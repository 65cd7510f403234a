import { schemes } from '@quanbao/contract/assessment';
import { ASSESSED_WORDS, type Assessed } from '@quanbao/domain/assessment/scheme';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import './assessment.css';
import type { SchemeHead } from './contract.ts';

/** Schemes as shipped and as the county has set them. */
export default function SchemesPage() {
  const { href, go } = useHere();
  const { data, error, isFetching, refetch } = useRead(schemes, {});
  const columns: readonly Column<SchemeHead>[] = [
    {
      key: 'title',
      title: '方案',
      width: 320,
      cell: ({ code, title }) => (
        <>
          <Go href={href(`/assessment/schemes/${code}`)}>{title}</Go>
          <small className="assess-sub">{code}</small>
        </>
      ),
    },
    { key: 'whom', title: '对象', width: 140, cell: ({ assessed }) => ASSESSED_WORDS[assessed as Assessed] },
    { key: 'from', title: '起用', width: 110, cell: ({ from }) => from },
    { key: 'full', title: '满分', width: 70, align: 'right', cell: ({ full }) => full },
    { key: 'lines', title: '行数', width: 70, align: 'right', cell: ({ lines }) => lines },
    {
      key: 'document',
      title: '依据',
      width: 300,
      cell: ({ document, sure }) => (
        <>
          {document}
          {sure === 'own' && <small className="assess-sub">权重由系统自拟，待县里按文件改定</small>}
        </>
      ),
    },
    {
      key: 'version',
      title: '版本',
      width: 170,
      cell: ({ version, actor, madeAt }) =>
        version === 0 ? (
          <span className="muted">随系统提供</span>
        ) : (
          <>
            第 {version} 版
            <small className="assess-sub">
              {actor} {madeAt && localTime(madeAt)}
            </small>
          </>
        ),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>考核方案</h1>
        <span className="muted">方案是数据：改动存为新的一版，用过的轮次仍按当时的一版。</span>
      </div>
      <DataTable
        label="考核方案"
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ code }) => code}
        onOpen={({ code }) => go(`/assessment/schemes/${code}`)}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
      />
    </div>
  );
}
