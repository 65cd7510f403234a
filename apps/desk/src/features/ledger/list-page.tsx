import { ledger } from '@quanbao/contract/ledger';
import { Button, Tooltip } from 'antd';
import { useState } from 'react';
import { usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { ExportDialog } from '../../shell/export-dialog.tsx';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Owed } from '../../ui/owed.tsx';
import { Nothing } from '../../ui/states.tsx';
import { AssignDialog } from './assign-dialog.tsx';
import { CloseDialog } from './close-dialog.tsx';
import type { ItemLine } from './contract.ts';
import { Filters } from './filters.tsx';
import { ItemDrawer } from './item-drawer.tsx';
import './ledger.css';
import { notByHand, QUESTION_KEYS, questionOf } from './question.ts';
import { StateTag } from './state-tag.tsx';

/** The items that answer a question in the address, place by place, with what is done to many of them at once. */
export default function ListPage() {
  const { query, region, asOf, href, set } = useHere();
  const may = useMay();
  const [keys, setKeys] = useState<ReadonlySet<string | number>>(new Set());
  const [doing, setDoing] = useState<'assign' | 'close' | 'export'>();
  const question = questionOf({ ...query, region, asOf });
  const pages = usePages(ledger, { query: { ...question, limit: 100 } });
  // What another filter has put out of sight is not acted on.
  const chosen = pages.rows.filter(({ number }) => keys.has(number));
  const hindrance = notByHand(chosen);
  const acts = may('visits.write') || may('findings.decide');
  const done = (): void => {
    setKeys(new Set());
    setDoing(undefined);
  };
  const columns: readonly Column<ItemLine>[] = [
    {
      key: 'name',
      title: '姓名',
      width: 78,
      cell: (item) => <Go href={href(`/people/${item.person}`)}>{item.name || '（无名）'}</Go>,
    },
    { key: 'id', title: '身份证号码', width: 160, cell: (item) => item.id },
    {
      key: 'kind',
      title: '种类',
      width: 150,
      cell: (item) => (
        <>
          {item.title}
          {item.subject && <small className="ledger-subject">{item.subject}</small>}
        </>
      ),
    },
    {
      key: 'state',
      title: '状态',
      width: 76,
      cell: (item) => <StateTag state={item.state} title={item.stateTitle} />,
    },
    {
      key: 'why',
      title: '依据',
      width: 150,
      cell: (item) => (
        <>
          {item.why}
          {item.missing && <Owed>{item.missing}</Owed>}
        </>
      ),
    },
    { key: 'place', title: '所在地', width: 170, cell: (item) => item.region.path },
    { key: 'from', title: '自', width: 98, cell: (item) => item.from },
    { key: 'tags', title: '组别', width: 110, cell: (item) => item.tags.join('、') },
    {
      key: 'task',
      title: '承办、期限',
      width: 110,
      cell: (item) =>
        item.assignee && (
          <>
            {item.assignee}
            {item.due && (
              <small
                className={asOf !== undefined && item.due < asOf ? 'ledger-subject late' : 'ledger-subject'}
              >
                {item.due}
              </small>
            )}
          </>
        ),
    },
  ];
  const asked = QUESTION_KEYS.some((key) => key in question);
  const { byState } = pages.first ?? {};
  return (
    <div className="page">
      <div className="page-head">
        <h1>台账清单</h1>
        {asked && (
          <Button
            type="text"
            onClick={() => set(Object.fromEntries(QUESTION_KEYS.map((key) => [key, null])))}
          >
            清除条件
          </Button>
        )}
        <div className="page-tools">
          <Go href={href('/ledger', { kind: query.kind })}>台账总览</Go>
        </div>
      </div>
      <Filters />
      <DataTable
        label="台账"
        heading={
          byState && (
            <span className="muted">
              待核实 {number(byState.verify)}，已落实 {number(byState.settled)}，销号 {number(byState.closed)}
            </span>
          )
        }
        columns={columns}
        rows={pages.rows}
        keyOf={(item) => item.number}
        onOpen={(item) => set({ open: item.number })}
        {...(acts ? { selection: { keys, onChange: setKeys } } : {})}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        total={pages.first?.total}
        tools={
          <>
            {may('visits.write') && (
              <Button
                type={chosen.length > 0 ? 'primary' : 'default'}
                disabled={chosen.length === 0}
                onClick={() => setDoing('assign')}
              >
                {chosen.length > 0 ? `分派所选 ${number(chosen.length)} 笔` : '分派所选'}
              </Button>
            )}
            {may('findings.decide') && (
              <Tooltip title={hindrance}>
                <Button disabled={hindrance !== undefined} onClick={() => setDoing('close')}>
                  人工销号
                </Button>
              </Tooltip>
            )}
            {may('people.export') && (
              <Button disabled={pages.rows.length === 0} onClick={() => setDoing('export')}>
                导出清单
              </Button>
            )}
          </>
        }
        empty={
          <Nothing title="没有符合条件的台账">
            <p>
              {asked ? '放宽条件，或在右上角换一天、换一个区划（村里只看本村）。' : '这里没有未销号的台账。'}
            </p>
          </Nothing>
        }
      />
      {query.open && (
        <ItemDrawer
          number={query.open}
          line={pages.rows.find((item) => item.number === query.open)}
          next={nextOf(pages.rows, query.open)}
        />
      )}
      {doing === 'assign' && (
        <AssignDialog items={chosen} onClose={() => setDoing(undefined)} onDone={done} />
      )}
      {doing === 'close' && <CloseDialog items={chosen} onClose={() => setDoing(undefined)} onDone={done} />}
      {doing === 'export' && (
        <ExportDialog
          what="台账"
          total={pages.first?.total ?? null}
          of={{ kind: 'ledger', filter: question }}
          onClose={() => setDoing(undefined)}
        />
      )}
    </div>
  );
}

function nextOf(rows: readonly ItemLine[], open: string): string | undefined {
  const at = rows.findIndex((item) => item.number === open);
  return at < 0 ? undefined : rows[at + 1]?.number;
}
