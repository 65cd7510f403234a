import { devices } from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import { type DeviceAlarm, deviceAlarm, deviceWords } from '@quanbao/domain/survey/devices';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import { ageWords } from './management.ts';
import './management.css';

type Device = AnswerOf<typeof devices>['items'][number];

const TONE: Readonly<Record<DeviceAlarm, string>> = {
  clear: 'in-force',
  holding: '',
  late: 'quality',
  lost: 'conflict',
  silent: 'quality',
  gone: 'conflict',
};

/** What each phone still holds unsent, since when, and when it was last heard of. */
export default function DevicesPage() {
  const { href } = useHere();
  const { data, error, isFetching, refetch, dataUpdatedAt } = useRead(devices, {});
  const told = ({ waiting, waitingSince, seenAt }: Device) => ({
    waiting,
    since: waitingSince === null ? undefined : Date.parse(waitingSince),
    seenAt: Date.parse(seenAt),
  });
  const rows = data?.items ?? [];
  const held = rows.reduce((sum, { waiting }) => sum + waiting, 0);
  const columns: readonly Column<Device>[] = [
    {
      key: 'actor',
      title: '账号',
      width: 150,
      cell: ({ actor }) => <Go href={href('/visits', { actor })}>{actor}</Go>,
    },
    { key: 'place', title: '管辖', width: 210, cell: ({ region }) => region.path },
    {
      key: 'alarm',
      title: '状态',
      width: 190,
      cell: (one) => (
        <span className={`tag ${TONE[deviceAlarm(told(one), dataUpdatedAt)]}`}>
          {deviceWords(told(one), dataUpdatedAt)}
        </span>
      ),
    },
    {
      key: 'waiting',
      title: '未上报',
      width: 90,
      align: 'right',
      cell: ({ waiting }) => (waiting === 0 ? '0' : `${number(waiting)} 条`),
    },
    {
      key: 'since',
      title: '压了多久',
      width: 150,
      cell: ({ waitingSince }) =>
        waitingSince && (
          <>
            {ageWords(waitingSince, dataUpdatedAt)}
            <small className="survey-sub">{localTime(waitingSince)} 起</small>
          </>
        ),
    },
    {
      key: 'seen',
      title: '最近联系',
      width: 160,
      cell: ({ seenAt }) => (
        <>
          {localTime(seenAt)}
          <small className="survey-sub">{ageWords(seenAt, dataUpdatedAt)}前</small>
        </>
      ),
    },
    { key: 'device', title: '手机', width: 150, cell: ({ device }) => <code>{device.slice(0, 13)}</code> },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>设备</h1>
        <span className="muted">
          {data && `${number(rows.length)} 部手机，共 ${number(held)} 条答复还没有上报。`}
          没有上报的答复不在台账和报表里；14天不联系，手机会清除名单，请及时催报。
        </span>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <DataTable
        label="设备"
        columns={columns}
        rows={rows}
        keyOf={({ device, actor }) => `${device} ${actor}`}
        loading={isFetching && !data}
        empty={
          <Nothing title="还没有手机上报过">
            <p>走访员在手机上下载名单、上报答复后，这里看得到每部手机还压着多少。</p>
          </Nothing>
        }
      />
    </div>
  );
}
