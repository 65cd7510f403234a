import { noteNotices, notices } from '@quanbao/contract/ledger';
import { warningNotices } from '@quanbao/contract/supervision';
import { FOUND_NOTICE } from '@quanbao/domain/ledger/notices';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import type { Notice } from './contract.ts';
import { type Waiting, waited, waitingPlaces } from './inbox.ts';
import './ledger.css';

/** As many as the server gives at once. */
const MOST = 500;

/** What lists and visits brought for each place: what waits to be signed for, then what has been. */
export default function NoticesPage() {
  const { account } = useSession();
  const { href } = useHere();
  const may = useMay();
  const now = useNow();
  const { data, error, isFetching, refetch } = useRead(notices, { query: { limit: MOST } });
  const sign = useSign(account.region.code.length < 12);
  const items = data?.items ?? [];
  const waiting = waitingPlaces(items);
  const signed = items.filter(({ noted }) => noted !== null);
  const newest = Math.max(0, ...waiting.map((place) => place.newest));
  const listed = items.length - signed.length;
  const columns: readonly Column<Waiting>[] = [
    { key: 'place', title: '地方', width: 210, cell: ({ region }) => region.path },
    {
      key: 'lines',
      title: '带来的变动',
      width: 430,
      cell: ({ region, lines }) => (
        <ul className="ledger-changes">
          {lines.map((line) => (
            <li key={line.kind}>
              <Go
                href={
                  line.kind === FOUND_NOTICE
                    ? href('/found', { region: region.code, asOf: null })
                    : href('/items', { region: region.code, kind: line.kind, asOf: null })
                }
              >
                {line.title}
              </Go>
              {changeWords(line)}
            </li>
          ))}
        </ul>
      ),
    },
    { key: 'at', title: '最近一批', width: 136, cell: ({ newestAt }) => localTime(newestAt) },
    {
      key: 'age',
      title: '已等',
      width: 80,
      cell: ({ oldestAt }) => waited(oldestAt, now),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>推送</h1>
        <span className="muted">
          名单、走访给本地台账带来的变动；签收前一直留在这里，县里看得到等了多久。
        </span>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Told />
      <DataTable
        label="未签收"
        heading={<h2>未签收{data && `（${number(data.open)} 条，${number(waiting.length)} 个地方）`}</h2>}
        columns={columns}
        rows={waiting}
        keyOf={({ region }) => region.code}
        loading={isFetching && !data}
        actionsWidth={80}
        {...(may('visits.write')
          ? {
              // A whole county or town holds its villages: what is nowhere in particular is signed for with all.
              actions: (place: Waiting) =>
                place.region.code.length < 12 ? null : (
                  <Button
                    size="small"
                    aria-label={`签收 ${place.region.name}`}
                    onClick={() => sign(place.newest, place.region)}
                  >
                    签收
                  </Button>
                ),
            }
          : {})}
        tools={
          may('visits.write') && (
            <Button
              type={waiting.length > 0 ? 'primary' : 'default'}
              disabled={waiting.length === 0}
              onClick={() => sign(newest)}
            >
              全部签收
            </Button>
          )
        }
        empty={<Nothing title="没有未签收的推送">{null}</Nothing>}
      />
      {data && data.open > listed && (
        <p className="muted">
          只列出最近的 {number(listed)} 条未签收；“全部签收”也包括更早的，或先到下级地方签收。
        </p>
      )}
      {signed.length > 0 && (
        <DataTable
          label="已签收"
          heading={<h2>已签收</h2>}
          columns={SIGNED}
          rows={signed}
          keyOf={({ change, region, kind }) => `${change} ${region.code} ${kind}`}
        />
      )}
    </div>
  );
}

/** Warnings and orders that have escalated are signed for where they are worked on. */
function Told() {
  const { region, href } = useHere();
  const { data } = useRead(warningNotices, { query: { region } });
  const open = (data?.items ?? []).filter(({ noted }) => noted === null);
  const [first] = open;
  if (first === undefined) return null;
  return (
    <p className="ledger-told">
      另有 {number(open.length)} 项预警、督办升级待签收，最近一项：{first.words}。
      <Go href={href('/warnings', { asOf: null })}>到预警页查看签收</Go>
    </p>
  );
}

const SIGNED: readonly Column<Notice>[] = [
  { key: 'place', title: '地方', width: 210, cell: ({ region }) => region.path },
  {
    key: 'what',
    title: '变动',
    width: 300,
    cell: (notice) => (
      <>
        {notice.title}
        {changeWords(notice)}
      </>
    ),
  },
  { key: 'at', title: '推送时间', width: 136, cell: ({ at }) => localTime(at) },
  {
    key: 'by',
    title: '签收',
    width: 220,
    cell: ({ noted }) => noted && `${noted.by}，${localTime(noted.at)}`,
  },
];

function changeWords({
  kind,
  opened,
  closed,
}: {
  readonly kind: string;
  readonly opened: number;
  readonly closed: number;
}): string {
  if (kind === FOUND_NOTICE) return `：${number(opened)} 人`;
  const words = [
    ...(opened > 0 ? [`新开或退回 ${number(opened)}`] : []),
    ...(closed > 0 ? [`销号或落实 ${number(closed)}`] : []),
  ];
  return `：${words.join('，') || '有变动'}`;
}

/** Signs for a place or for all; whoever signs for villages is asked first, as it leaves their inbox too. */
function useSign(forOthers: boolean): (upTo: number, region?: Notice['region']) => void {
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  return (upTo, region) => {
    const sign = async (): Promise<void> => {
      try {
        const { noted } = await call(noteNotices, {
          body: { upTo, ...(region ? { region: region.code } : {}) },
        });
        message.success(`已签收 ${number(noted)} 条。`);
        await queries.invalidateQueries({ queryKey: [notices.url] });
      } catch (error) {
        message.error(error instanceof Problem ? error.message : '没有签收，请重试。');
      }
    };
    if (!forOthers) {
      void sign();
      return;
    }
    modal.confirm({
      title: region ? `代${region.name}签收？` : '代所有地方签收？',
      content: '签收后，当地的收件箱里也不再显示为未签收；留痕记在您的账号下。',
      okText: '代为签收',
      cancelText: '不签收',
      onOk: sign,
    });
  };
}

/** The clock, read again each minute. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
