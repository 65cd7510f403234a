import { noteNotices, notices } from '@quanbao/contract/ledger';
import { warningNotices } from '@quanbao/contract/supervision';
import { regionLevel } from '@quanbao/domain/kernel/region';
import {
  FOUND_NOTICE,
  groupOfNotice,
  NOTICE_KINDS,
  noticeTitle,
  noticeWords,
  seesNotice,
} from '@quanbao/domain/ledger/notices';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Select } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import type { QueryValue } from '../../api/url.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import type { Notice, NoticeKey } from './contract.ts';
import { type Waiting, waited, waitingNotices, waitingPlaces } from './inbox.ts';
import './ledger.css';

/** As many as the server gives at once. */
const MOST = 500;

const STATES = [
  { value: 'open', label: '未签收' },
  { value: 'signed', label: '已签收' },
];

/** What lists and visits brought for each place: what waits to be signed for, then what has been. */
export default function NoticesPage() {
  const { account } = useSession();
  const { href, region, query, set } = useHere();
  const may = useMay();
  const now = useNow();
  const [chosen, setChosen] = useState<ReadonlySet<string | number>>(new Set());
  const level = regionLevel(account.region.code) ?? 'village';
  const kind = query.kind || undefined;
  const state = STATES.find(({ value }) => value === query.state)?.value;
  const { data, error, isFetching, refetch } = useRead(notices, {
    query: {
      region,
      limit: MOST,
      ...(kind ? { kind } : {}),
      ...(state ? { open: state === 'open' } : {}),
    },
  });
  const sign = useSign(level !== 'village', () => setChosen(new Set()));
  const items = data?.items ?? [];
  const oneVillage = regionLevel(region) === 'village';
  const waiting = oneVillage ? waitingNotices(items) : waitingPlaces(items);
  const signed = items.filter(({ noted }) => noted !== null);
  const newest = Math.max(0, ...waiting.flatMap((row) => row.notices.map(({ change }) => change)));
  const listed = items.length - signed.length;
  // What another filter has put out of sight is not signed for.
  const picked = waiting.filter(({ key }) => chosen.has(key));
  const unit = oneVillage ? '条' : '个地方';
  const place: Column<Waiting> = {
    key: 'place',
    title: '地方',
    width: 210,
    cell: (row) => row.region.path,
  };
  const columns: readonly Column<Waiting>[] = [
    ...(oneVillage ? [] : [place]),
    {
      key: 'lines',
      title: '带来的变动',
      width: 430,
      cell: (row) => (
        <ul className="ledger-changes">
          {row.lines.map((line) => (
            <li key={line.kind}>
              <Go href={href(...whereTo(line.kind, row.region.code))}>{line.title}</Go>：{noticeWords(line)}
            </li>
          ))}
        </ul>
      ),
    },
    {
      key: 'at',
      title: oneVillage ? '推送时间' : '最近一批',
      width: 136,
      cell: ({ newestAt }) => localTime(newestAt),
    },
    { key: 'age', title: '已等', width: 80, cell: ({ oldestAt }) => waited(oldestAt, now) },
  ];
  const filtered = kind !== undefined || state !== undefined || region !== account.region.code;
  return (
    <div className="page">
      <div className="page-head">
        <h1>推送</h1>
        <span className="muted">
          名单、走访给本地台账带来的变动；签收前一直留在这里，县里看得到等了多久。
        </span>
      </div>
      <section className="ledger-filters" aria-label="条件">
        <Select
          aria-label="种类"
          placeholder="种类"
          style={{ width: 170 }}
          allowClear
          popupMatchSelectWidth={false}
          value={kind}
          options={NOTICE_KINDS.filter((one) => seesNotice(level, one)).map((one) => ({
            value: one,
            label: noticeTitle(one),
          }))}
          onChange={(value?: string) => set({ kind: value ?? null })}
        />
        <Select
          aria-label="签收状态"
          placeholder="签收与否"
          style={{ width: 120 }}
          allowClear
          value={state}
          options={STATES}
          onChange={(value?: string) => set({ state: value ?? null })}
        />
        {level !== 'village' && <span className="muted">在右上角选乡镇或村，只看那里的。</span>}
      </section>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Told />
      {state !== 'signed' && (
        <DataTable
          label="未签收"
          heading={
            <h2>
              未签收
              {data && `（${number(data.open)} 条${oneVillage ? '' : `，${number(waiting.length)} 个地方`}）`}
            </h2>
          }
          columns={columns}
          rows={waiting}
          keyOf={({ key }) => key}
          loading={isFetching && !data}
          actionsWidth={80}
          {...(may('visits.write')
            ? {
                selection: { keys: chosen, onChange: setChosen },
                actions: (row: Waiting) => (
                  <Button
                    size="small"
                    aria-label={`签收 ${oneVillage ? (row.lines[0]?.title ?? '') : row.region.name}`}
                    onClick={() => sign({ chosen: row.notices }, oneVillage ? '这一条' : row.region.name)}
                  >
                    签收
                  </Button>
                ),
              }
            : {})}
          tools={
            may('visits.write') && (
              <>
                <Button
                  type={picked.length > 0 ? 'primary' : 'default'}
                  disabled={picked.length === 0}
                  onClick={() =>
                    sign(
                      { chosen: picked.flatMap((row) => row.notices) },
                      `所选 ${number(picked.length)} ${unit}`,
                    )
                  }
                >
                  {picked.length > 0 ? `签收所选 ${number(picked.length)} ${unit}` : '签收所选'}
                </Button>
                <Button
                  disabled={waiting.length === 0}
                  onClick={() =>
                    sign({ upTo: newest, region, ...(kind ? { kind } : {}) }, '符合条件的全部推送')
                  }
                >
                  全部签收
                </Button>
              </>
            )
          }
          empty={
            <Nothing title="没有未签收的推送">
              {filtered ? <p>换一个种类或区划，或清除条件再看。</p> : null}
            </Nothing>
          }
        />
      )}
      {data && data.open > listed && state !== 'signed' && (
        <p className="muted">
          只列出最近的 {number(listed)} 条未签收；“全部签收”也包括更早的，或选一个下级地方再签收。
        </p>
      )}
      {(signed.length > 0 || state === 'signed') && (
        <DataTable
          label="已签收"
          heading={<h2>已签收</h2>}
          columns={SIGNED}
          rows={signed}
          loading={isFetching && !data}
          keyOf={({ change, region: of, kind: what }) => `${change} ${of.code} ${what}`}
          empty={<Nothing title="没有已签收的推送">{null}</Nothing>}
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

/** The page with whom a notice is of. */
function whereTo(kind: string, region: string): [string, Readonly<Record<string, QueryValue>>] {
  if (kind === FOUND_NOTICE) return ['/found', { region, asOf: null }];
  const tag = groupOfNotice(kind);
  return ['/items', { region, asOf: null, ...(tag === undefined ? { kind } : { tag }) }];
}

const SIGNED: readonly Column<Notice>[] = [
  { key: 'place', title: '地方', width: 210, cell: ({ region }) => region.path },
  {
    key: 'what',
    title: '变动',
    width: 300,
    cell: (notice) => (
      <>
        {notice.title}：{noticeWords(notice)}
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

type Order = { upTo: number; region: string; kind?: string } | { chosen: readonly NoticeKey[] };

/** Signs; whoever signs for villages is asked first, as it leaves their inbox too. */
function useSign(forOthers: boolean, done: () => void): (order: Order, what: string) => void {
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  return (order, what) => {
    const sign = async (): Promise<void> => {
      try {
        const body = 'chosen' in order ? { chosen: [...order.chosen] } : order;
        const { noted } = await call(noteNotices, { body });
        message.success(`已签收 ${number(noted)} 条。`);
        done();
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
      title: `代签收${what}？`,
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
