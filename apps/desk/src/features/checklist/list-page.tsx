import { checklist, checklistFile, deriveChecklist, retireChecklist } from '@quanbao/contract/checklist';
import { formatValue } from '@quanbao/domain/indicators/indicators';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { App, Button, Select } from 'antd';
import { useState } from 'react';
import { call, download } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { longDay, number, shortDay } from '../../ui/format.ts';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import type { Checklist, Item } from './contract.ts';
import { Gates } from './gates.tsx';
import { ItemDrawer } from './item-drawer.tsx';
import { ItemForm } from './item-form.tsx';
import { StateTag } from './state-tag.tsx';
import './checklist.css';

const SHOWN = {
  open: '未销账',
  requested: '待审核',
  late: '逾期',
  closed: '已销账',
} as const;

function isShown(item: Item, which: string | undefined): boolean {
  if (which === undefined) return true;
  if (which === 'late') return item.period?.late === true || item.lateBefore > 0;
  if (which === 'open') return item.period !== null && item.period.state !== 'closed';
  return item.period?.state === which;
}

/** One list: phases as gates, its items with state, deadline and live progress. */
export default function ListPage() {
  const { list } = useParams({ strict: false }) as { list: string };
  const { query, set, href } = useHere();
  const [adding, setAdding] = useState(false);
  const { data, error, isFetching, refetch } = useRead(checklist, {
    params: { list: Number(list) },
    query: { asOf: query.asOf },
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.head.list !== Number(list)) return <Loading />;
  const { head, gates } = data;
  const rows = data.items.filter((item) => isShown(item, query.show));
  const hasGoals = data.items.some(({ goal }) => goal !== '');
  const hasTowns = data.items.some(({ towns }) => towns !== null);
  const columns: readonly Column<Item>[] = [
    { key: 'no', title: '序号', width: 52, align: 'right', cell: ({ item }) => item },
    {
      key: 'section',
      title: hasGoals ? '工作内容' : '实施阶段',
      width: hasGoals ? 170 : 110,
      cell: ({ section }) => section,
    },
    ...(hasGoals ? [{ key: 'goal', title: '工作目标', width: 170, cell: ({ goal }: Item) => goal }] : []),
    {
      key: 'measure',
      title: hasGoals ? '具体措施' : '重点任务',
      width: 380,
      cell: ({ measure, person, remark }) => (
        <>
          {measure}
          {remark && <small className="checklist-sub">{remark}</small>}
          {person && <small className="checklist-sub">责任人：{person}</small>}
        </>
      ),
    },
    { key: 'units', title: '责任单位', width: 170, cell: ({ units }) => units },
    {
      key: 'deadline',
      title: '完成时限',
      width: 130,
      cell: ({ deadline, rhythm, period }) => (
        <>
          {deadline}
          {rhythm !== '一次' && (
            <small className="checklist-sub">
              {rhythm}
              {period && `；本期 ${shortDay(period.due)}前`}
            </small>
          )}
        </>
      ),
    },
    {
      key: 'state',
      title: '状态',
      width: 120,
      cell: ({ period, lateBefore }) => (
        <>
          {period ? (
            <StateTag state={period.state} late={period.late} />
          ) : (
            <span className="tag">未开始</span>
          )}
          {lateBefore > 0 && (
            <small className="checklist-sub is-late">以前 {number(lateBefore)} 期逾期</small>
          )}
        </>
      ),
    },
    {
      key: 'progress',
      title: '进度（取自指标）',
      width: 140,
      cell: ({ progress }) =>
        progress && (
          <span title={progress.name}>
            {formatValue(progress.indicator, progress.value)}
            <small className="checklist-sub">{progress.name}</small>
          </span>
        ),
    },
    ...(hasTowns
      ? [
          {
            key: 'towns',
            title: '乡镇细案',
            width: 90,
            cell: ({ towns }: Item) => towns && `${number(towns.closed)}/${number(towns.derived)} 已销账`,
          },
        ]
      : []),
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{head.title}</h1>
        <span className="muted">
          {head.region.name}，{longDay(data.asOf)}：{number(head.counts.items)} 项，已销账{' '}
          {number(head.counts.closed)}，待审核 {number(head.counts.requested)}，逾期{' '}
          {number(head.counts.late)}。
        </span>
        <Select
          aria-label="看哪些任务"
          placeholder="全部任务"
          allowClear
          style={{ width: 120 }}
          value={query.show || undefined}
          options={Object.entries(SHOWN).map(([value, label]) => ({ value, label }))}
          onChange={(value?: string) => set({ show: value ?? null })}
        />
      </div>
      {gates.length > 0 && <Gates list={head.list} gates={gates} asOf={data.asOf} />}
      <DataTable
        label={head.title}
        columns={columns}
        rows={rows}
        keyOf={({ item }) => item}
        onOpen={({ item }) => set({ open: String(item) })}
        loading={isFetching}
        tools={<Tools data={data} onAdd={() => setAdding(true)} back={href('/checklists')} />}
        empty={<Nothing title={query.show === undefined ? '清单里还没有任务' : '没有符合条件的任务'} />}
      />
      {query.open !== undefined && <ItemDrawer head={head} item={Number(query.open)} />}
      {adding && <ItemForm list={head.list} onClose={() => setAdding(false)} />}
    </div>
  );
}

function Tools({
  data: { head },
  onAdd,
  back,
}: {
  readonly data: Checklist;
  readonly onAdd: () => void;
  readonly back: string;
}) {
  const { account } = useSession();
  const may = useMay();
  const { go } = useHere();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const isTown = account.region.code.length === 9;
  const tell = (error: unknown): void => {
    message.error(error instanceof Problem ? error.message : '没有完成，请重试。');
  };
  const derive = async (): Promise<void> => {
    try {
      const { list } = await call(deriveChecklist, { params: { list: head.list }, body: {} });
      await refreshAll(queries);
      go(`/checklists/${list}`);
    } catch (error) {
      tell(error);
    }
  };
  const retire = (): void => {
    modal.confirm({
      title: `停用“${head.title}”？`,
      content: '清单不再列出；销账的记录都保留。',
      okText: '停用',
      cancelText: '不停用',
      onOk: async () => {
        try {
          await call(retireChecklist, { params: { list: head.list } });
          await refreshAll(queries);
          go(back.split('?')[0] as string);
        } catch (error) {
          tell(error);
        }
      },
    });
  };
  return (
    <>
      {isTown && head.region.code.length === 6 && may('checklist.write') && (
        <Button type="primary" onClick={() => void derive()}>
          制定本级工作细案
        </Button>
      )}
      {head.writes && <Button onClick={onAdd}>加一项</Button>}
      <Button onClick={() => void download(checklistFile, { params: { list: head.list } }).catch(tell)}>
        导出 xlsx
      </Button>
      <Button onClick={() => window.print()}>打印</Button>
      {head.writes && (
        <Button type="text" onClick={retire}>
          停用
        </Button>
      )}
    </>
  );
}
