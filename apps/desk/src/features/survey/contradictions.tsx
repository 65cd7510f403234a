import { contradictions, decideContradictions } from '@quanbao/contract/workbooks';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll, usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Contradiction } from './contract.ts';

const keyOf = ({ returnNo, position }: Contradiction): string => `${returnNo}/${position}`;

/** Side by side: what stands and what came back, until somebody takes one of them. */
export function Contradictions() {
  const { region, href } = useHere();
  const may = useMay();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const [keys, setKeys] = useState<ReadonlySet<string | number>>(new Set());
  const pages = usePages(contradictions, { query: { region, limit: 100 } });
  const { busy, failure, run } = useAct();
  const chosen = pages.rows.filter((row) => keys.has(keyOf(row)));
  const decide = (rows: readonly Contradiction[], choice: 'theirs' | 'ours'): void => {
    modal.confirm({
      title:
        choice === 'theirs'
          ? `采用返回的表：${number(rows.length)} 行？`
          : `维持现有答复：${number(rows.length)} 行？`,
      content:
        choice === 'theirs'
          ? '所选各行按返回的表写入，现有答复仍留在记录里；写入是一份报送，可以撤销。'
          : '所选各行不采用返回的表里矛盾的栏目；不矛盾的栏目（如电话）照常写入。',
      okText: choice === 'theirs' ? '采用' : '维持',
      cancelText: '取消',
      onOk: async () => {
        await run(async () => {
          const body = { rows: rows.map(({ returnNo, position }) => ({ returnNo, position })), choice };
          const { decided } = await call(decideContradictions, { body });
          message.success(`已裁决 ${number(decided)} 行。`);
          setKeys(new Set());
          await refreshAll(queries);
        });
      },
    });
  };
  const columns: readonly Column<Contradiction>[] = [
    {
      key: 'name',
      title: '姓名',
      width: 84,
      cell: ({ person, name }) => <Go href={href(`/people/${person}`)}>{name}</Go>,
    },
    { key: 'place', title: '所在地', width: 170, cell: ({ region: place }) => place.path },
    {
      key: 'ours',
      title: '现有答复',
      width: 272,
      cell: (row) => (
        <Side
          parts={row.parts.map(({ title, ours }) => [title, ours])}
          by={`${row.ourDay ?? ''} ${row.ourSender}`}
        />
      ),
    },
    {
      key: 'theirs',
      title: '返回的表',
      width: 272,
      cell: (row) => (
        <Side
          parts={row.parts.map(({ title, theirs }) => [title, theirs])}
          by={`${row.theirDay} ${row.theirSender}，《${row.file}》`}
        />
      ),
    },
    {
      key: 'base',
      title: '下发时',
      width: 120,
      cell: ({ parts }) =>
        parts.map(({ part, base }) => <div key={part}>{base || <span className="muted">没有</span>}</div>),
    },
  ];
  const mine = may('workbooks.merge');
  return (
    <>
      {failure !== undefined && <Failure error={failure} />}
      <DataTable
        label="底册与现有答复的矛盾"
        columns={columns}
        rows={pages.rows}
        keyOf={keyOf}
        {...(mine
          ? {
              selection: { keys, onChange: setKeys },
              actionsWidth: 170,
              actions: (row: Contradiction) => (
                <span className="book-choose">
                  <Button size="small" disabled={busy} onClick={() => decide([row], 'ours')}>
                    维持现有
                  </Button>
                  <Button size="small" disabled={busy} onClick={() => decide([row], 'theirs')}>
                    采用表
                  </Button>
                </span>
              ),
            }
          : {})}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        total={pages.first?.total}
        tools={
          mine && (
            <>
              <Button disabled={chosen.length === 0 || busy} onClick={() => decide(chosen, 'ours')}>
                所选都维持现有答复
              </Button>
              <Button disabled={chosen.length === 0 || busy} onClick={() => decide(chosen, 'theirs')}>
                所选都采用返回的表
              </Button>
            </>
          )
        }
        empty={
          <Nothing title="没有等待裁决的矛盾">
            <p>返回的表和手机走访都改过同一个人、而且不一样时，才会出现在这里。</p>
          </Nothing>
        }
      />
    </>
  );
}

function Side({
  parts,
  by,
}: {
  readonly parts: readonly (readonly [string, string])[];
  readonly by: string;
}) {
  return (
    <>
      {parts.map(([title, text]) => (
        <div key={title}>
          <span className="muted">{title}：</span>
          <b>{text || '没有'}</b>
        </div>
      ))}
      <small className="book-small">{by}</small>
    </>
  );
}
