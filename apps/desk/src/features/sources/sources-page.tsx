import { sources } from '@quanbao/contract/sources';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { DUE_WORDS, MODE_WORDS, neededColumns, PROVES_WORDS } from '@quanbao/domain/sources/words';
import { Drawer, Segmented } from 'antd';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import type { Source } from './contract.ts';
import './sources.css';

const ABSENCE_WORDS: Readonly<Record<string, string>> = {
  ended: '新的全量名单没有列出的人，从新名单的日期起不再属于',
  'was-wrong': '新的全量名单没有列出的人，视为原来就列错了',
  nothing: '没有列出不说明什么，原来的说法继续有效',
  'replaces-year': '同一年度的名单整体替换',
};
const SIGHT_WORDS: Readonly<Record<string, string>> = { county: '县', town: '乡镇', village: '村（社区）' };

/** Which lists come from whom, what they prove, and who is late. */
export default function SourcesPage() {
  const { query, set, href } = useHere();
  const { data, error, isFetching, refetch } = useRead(sources, {});
  const all = data?.items ?? [];
  const late = all.filter((one) => one.late);
  const onlyLate = query.late === 'true';
  const open = all.find((one) => one.code === query.source);
  const columns: readonly Column<Source>[] = [
    { key: 'title', title: '名单', width: 220, cell: (one) => one.title },
    { key: 'office', title: '报送部门', width: 150, cell: (one) => one.office },
    { key: 'proves', title: '说明什么', width: 210, cell: (one) => PROVES_WORDS[one.proves] ?? one.proves },
    { key: 'due', title: '报送周期', width: 84, cell: (one) => DUE_WORDS[one.due as 'month'] ?? one.due },
    { key: 'latest', title: '最近一份截至', width: 116, cell: (one) => one.latest ?? '从未报送' },
    { key: 'dueBy', title: '应于何日前', width: 108, cell: (one) => one.dueBy ?? '—' },
    {
      key: 'late',
      title: '情况',
      width: 76,
      cell: (one) => (one.late ? <strong className="late">逾期</strong> : '按时'),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>来源与报送日历</h1>
        <Segmented
          aria-label="显示"
          value={onlyLate ? 'late' : 'all'}
          options={[
            { value: 'all', label: `全部 ${all.length} 种` },
            { value: 'late', label: `逾期 ${late.length} 种` },
          ]}
          onChange={(value) => set({ late: value === 'late' ? true : null })}
        />
        {data?.asOf && <span className="muted">以收到的最近一份名单（截至 {data.asOf}）为准计算</span>}
      </div>
      <DataTable
        label="来源与报送日历"
        columns={columns}
        rows={onlyLate ? late : all}
        keyOf={(one) => one.code}
        onOpen={(one) => set({ source: one.code })}
        loading={isFetching}
        error={error}
        onRetry={() => void refetch()}
      />
      <Drawer
        title={open?.title}
        open={open !== undefined}
        onClose={() => set({ source: null })}
        size={520}
        destroyOnHidden
      >
        {open && (
          <>
            <dl className="facts column">
              <Fact title="报送部门">{open.office}</Fact>
              <Fact title="说明什么">{PROVES_WORDS[open.proves] ?? open.proves}</Fact>
              <Fact title="报送周期与方式">
                {DUE_WORDS[open.due as 'month']}，一般为{MODE_WORDS[open.mode]}
              </Fact>
              <Fact title="没有列出的人">{ABSENCE_WORDS[open.absence] ?? open.absence}</Fact>
              <Fact title="谁能看内容">{open.sight.map((one) => SIGHT_WORDS[one] ?? one).join('、')}</Fact>
              <Fact title="必须有的列">{needed(open.code).join('；')}</Fact>
              <Fact title="最近一份">
                {open.latest ? `截至 ${open.latest}` : '从未报送'}
                {open.dueBy && `，下一份应于 ${open.dueBy} 前报送`}
              </Fact>
            </dl>
            <p className="buttons">
              <Go href={href('/deliveries', { source: open.code })}>这种名单的报送记录</Go>
              {open.maySend && <Go href={href('/receive')}>接收名单</Go>}
            </p>
            <h2>可以有的列和认得的表头</h2>
            <table className="data" aria-label="可以有的列">
              <tbody>
                {open.columns.map((column) => (
                  <tr key={column.key}>
                    <th scope="row">
                      {column.title}
                      {column.required && '（必需）'}
                    </th>
                    <td className="muted">{column.aliases.slice(0, 8).join('、')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Drawer>
    </div>
  );
}

function needed(code: string): string[] {
  const source = findSource(code);
  return source ? neededColumns(source) : [];
}

function Fact({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
