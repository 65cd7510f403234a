import {
  noteWarning,
  raiseOrder,
  tellWarnings,
  warningHistory,
  warningNotices,
  warnings,
} from '@quanbao/contract/supervision';
import { COLOUR_WORDS, type Colour } from '@quanbao/domain/supervision/warning';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, NoRegister, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { RaiseDialog } from './raise-dialog.tsx';
import type { WarningLine, WarningNotice } from './words.ts';
import './supervision.css';

const WEIGHT: Readonly<Record<string, number>> = { red: 3, orange: 2, yellow: 1 };

/** 预警: places × indicators with colour, since when, who was told, and what was ordered. */
export default function WarningsPage() {
  const { region, asOf, query, href } = useHere();
  const may = useMay();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const { busy, failure, run } = useAct();
  const [shown, setShown] = useState<WarningLine>();
  const [raising, setRaising] = useState<WarningLine>();
  const { data, error, isFetching, refetch } = useRead(
    warnings,
    { query: { region, asOf: query.asOf } },
    { enabled: asOf !== undefined },
  );
  const lit = (data?.items ?? [])
    .filter((one) => one.colour !== null)
    .toSorted(
      (a, b) => (WEIGHT[b.colour ?? ''] ?? 0) - (WEIGHT[a.colour ?? ''] ?? 0) || (b.gap ?? 0) - (a.gap ?? 0),
    );
  const untold = lit.filter((one) => one.told?.day !== data?.asOf);
  const asked = lit.filter(({ asksBy }) => asksBy !== null);
  const raiseAll = (): void => {
    modal.confirm({
      title: `按规则下达 ${asked.length} 份督办单？`,
      content: `${asked.map(({ region: { name }, title }) => `${name}（${title}）`).join('、')}。事项、要求和数字由预警带出，时限按规则。`,
      okText: '下达',
      cancelText: '取消',
      onOk: () =>
        run(async () => {
          for (const { region: place, rule, asksBy } of asked) {
            await call(raiseOrder, {
              body: {
                region: place.code,
                warning: rule,
                due: asksBy as string,
                ...(query.asOf ? { asOf: query.asOf } : {}),
              },
            });
          }
          message.success(`已下达 ${asked.length} 份督办单。`);
        }).then(() => refreshAll(queries)),
    });
  };
  const tell = (): void => {
    void run(async () => {
      const items = untold.map((one) => ({ region: one.region.code, rule: one.rule }));
      const { told } = await call(tellWarnings, {
        body: { items, ...(query.asOf ? { asOf: query.asOf } : {}) },
      });
      message.success(`已告知 ${told} 项。`);
      await refreshAll(queries);
    });
  };
  const columns: readonly Column<WarningLine>[] = [
    { key: 'place', title: '单位', width: 120, cell: (one) => one.region.name },
    {
      key: 'colour',
      title: '预警',
      width: 250,
      cell: (one) => (
        <>
          <span className={`sup-cell ${one.colour}`}>{COLOUR_WORDS[one.colour as Colour]}</span> {one.title}
          {one.asksBy !== null && <span className="tag conflict">应督办</span>}
        </>
      ),
    },
    {
      key: 'value',
      title: '现在',
      width: 90,
      align: 'right',
      cell: (one) => <span title={one.reference}>{one.value}</span>,
    },
    { key: 'against', title: '应为', width: 90, align: 'right', cell: ({ against }) => against },
    { key: 'gap', title: '相差', width: 80, align: 'right', cell: ({ gap }) => gap?.toFixed(2) ?? '—' },
    {
      key: 'since',
      title: '从哪天起',
      width: 130,
      cell: ({ since, older }) => (since === null ? '—' : `${since}${older ? '或更早' : ''}`),
    },
    {
      key: 'told',
      title: '告知',
      width: 140,
      cell: ({ told }) =>
        told === null ? '没有告知' : `${told.day} ${told.noted === null ? '未签收' : `${told.noted} 签收`}`,
    },
  ];
  if (asOf === undefined) return <NoRegister title="还没有户籍人口名单，没有可以预警的数字" />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>预警</h1>
        <span className="muted">
          {data && `${data.region.name}截至 ${data.asOf} 有 ${lit.length} 项预警。`}
          颜色由当天的数字算出，任何一天都可以重看；
          <Go href={href('/supervision/rules')}>按什么档次</Go>
        </span>
        <div className="page-tools no-print">
          <Button onClick={() => window.print()}>打印</Button>
          {may('supervision.write') && asked.length > 0 && (
            <Button type="primary" loading={busy} onClick={raiseAll}>
              按规则下达督办单（{asked.length} 份）
            </Button>
          )}
          {may('supervision.write') && untold.length > 0 && (
            <Button loading={busy} onClick={tell}>
              告知有关单位（{untold.length} 项）
            </Button>
          )}
        </div>
      </div>
      {failure !== undefined && <Failure error={failure} />}
      <Notices />
      <DataTable
        label="预警"
        columns={columns}
        rows={lit}
        keyOf={(one) => `${one.region.code} ${one.rule}`}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
        actions={(one) => (
          <>
            <Button size="small" type="link" onClick={() => setShown(one)}>
              经过
            </Button>
            {one.order !== null ? (
              <Go href={href(`/orders/${one.order}`)}>督办单</Go>
            ) : (
              may('supervision.write') && (
                <Button size="small" type="link" onClick={() => setRaising(one)}>
                  下达督办单
                </Button>
              )
            )}
          </>
        )}
        actionsWidth={170}
        empty={
          <Nothing title="没有预警">
            <p>没有单位落后到预警的档次。任务还没有下达时，不与时间进度相比。</p>
          </Nothing>
        }
      />
      {shown && <History of={shown} onClose={() => setShown(undefined)} />}
      {raising && <RaiseDialog warning={raising} onClose={() => setRaising(undefined)} />}
    </div>
  );
}

/** What was told, warnings and orders that have escalated, and nobody has taken note of yet: one's own first. */
function Notices() {
  const { region } = useHere();
  const { data } = useRead(warningNotices, { query: { region } });
  const open = (data?.items ?? []).filter((one) => one.noted === null);
  if (open.length === 0) return null;
  const own = open.filter((one) => one.region.code === region);
  const others = open.filter((one) => one.region.code !== region);
  return (
    <section className="sup-part" aria-label="待签收的预警和督办升级">
      {own.length > 0 && (
        <>
          <h2>待签收 {own.length} 项</h2>
          <NoticeList of={own} />
        </>
      )}
      {others.length > 0 && (
        <details>
          <summary>下级单位还有 {others.length} 项没有签收</summary>
          <NoticeList of={others} />
        </details>
      )}
    </section>
  );
}

function NoticeList({ of }: { readonly of: readonly WarningNotice[] }) {
  const { href } = useHere();
  const may = useMay();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const sign = ({ region, rule, day }: WarningNotice): void =>
    void run(async () => {
      await call(noteWarning, { body: { region: region.code, rule, day } });
      await refreshAll(queries);
    });
  return (
    <>
      {failure !== undefined && <Failure error={failure} />}
      <ul>
        {of.map((one) => (
          <li key={`${one.region.code}${one.rule}${one.day}`}>
            {one.day} {one.region.name}：
            {one.order === null ? one.words : <Go href={href(`/orders/${one.order}`)}>{one.words}</Go>}（
            {one.by} 告知）
            {may('supervision.answer') && (
              <Button size="small" type="link" className="no-print" loading={busy} onClick={() => sign(one)}>
                签收
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function History({ of, onClose }: { readonly of: WarningLine; readonly onClose: () => void }) {
  const { asOf } = useHere();
  const { data, error } = useRead(warningHistory, {
    query: { region: of.region.code, rule: of.rule, asOf, days: 31 },
  });
  const name = (colour: string | null): string => (colour === null ? '无' : COLOUR_WORDS[colour as Colour]);
  return (
    <Drawer open title={`${of.region.name}：${of.title}`} size={520} onClose={onClose}>
      {error && <Failure error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <ul>
            {data.runs.map((run) => (
              <li key={run.from}>
                <span className={`sup-cell ${run.colour ?? 'ahead'}`}>{name(run.colour)}</span> {run.from} 至{' '}
                {run.to}
              </li>
            ))}
          </ul>
          <h3>告知</h3>
          {data.told.length === 0 && <p className="muted">没有告知过。</p>}
          <ul>
            {data.told.map((one) => (
              <li key={one.day}>
                {one.day} {one.by}：{one.words}；
                {one.noted === null ? '未签收' : `${one.noted.by} ${localTime(one.noted.at)} 签收`}
              </li>
            ))}
          </ul>
          <table className="data" aria-label="每天的数">
            <thead>
              <tr>
                <th scope="col">日期</th>
                <th scope="col">数</th>
                <th scope="col">应为</th>
                <th scope="col">颜色</th>
              </tr>
            </thead>
            <tbody>
              {data.days.toReversed().map((one) => (
                <tr key={one.day}>
                  <td>{one.day}</td>
                  <td>{one.value}</td>
                  <td>{one.against}</td>
                  <td>{name(one.colour)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Drawer>
  );
}
