import { devices, revokeDevice } from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import { type DeviceAlarm, deviceAlarm, deviceWords } from '@quanbao/domain/survey/devices';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import { ageWords } from './management.ts';
import { OutboxDrop } from './outbox-drop.tsx';
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

/** What each phone still holds, answers unsent or sent back and pictures unsent, since when, and when it was last heard of. */
export default function DevicesPage() {
  const { href } = useHere();
  const may = useMay()('survey.manage');
  const revoke = useRevoke();
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
      cell: (one) =>
        one.revoked === null ? (
          <span className={`tag ${TONE[deviceAlarm(told(one), dataUpdatedAt)]}`}>
            {deviceWords(told(one), dataUpdatedAt)}
          </span>
        ) : (
          <>
            <span className="tag">已停用</span>
            <small className="survey-sub">
              {one.revoked.by}，{localTime(one.revoked.at)}
            </small>
          </>
        ),
    },
    {
      key: 'waiting',
      title: '未上报',
      width: 90,
      align: 'right',
      cell: ({ waiting }) => (waiting === 0 ? '0' : `${number(waiting)} 件`),
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
          {data && `${number(rows.length)} 部手机，共 ${number(held)} 件（答复、照片）没上报或被退回。`}
          没有上报的答复不在台账和报表里；14天不联系，手机会清除名单，请及时催报。
        </span>
      </div>
      {may && <OutboxDrop />}
      {error && <Failure error={error} retry={() => void refetch()} />}
      <DataTable
        label="设备"
        columns={columns}
        rows={rows}
        keyOf={({ device, actor }) => `${device} ${actor}`}
        loading={isFetching && !data}
        actionsWidth={80}
        {...(may
          ? {
              actions: (one: Device) => (
                <Button size="small" onClick={() => revoke(one)}>
                  {one.revoked === null ? '停用' : '恢复'}
                </Button>
              ),
            }
          : {})}
        empty={
          <Nothing title="还没有手机上报过">
            <p>走访员在手机上下载名单、上报答复后，这里看得到每部手机还压着多少。</p>
          </Nothing>
        }
      />
    </div>
  );
}

/** A lost phone is cut off: it wipes its lists when it next reports, and nothing of it is taken. */
function useRevoke(): (one: Device) => void {
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  return ({ device, actor, revoked }) => {
    const off = revoked === null;
    modal.confirm({
      title: off ? `停用账号 ${actor} 的这部手机？` : `恢复账号 ${actor} 的这部手机？`,
      content: off
        ? '手机下次联网时清除名单，不再收它的答复，导出的文件也不收；账号在别的手机上照常用。手机找到了可以恢复。'
        : '恢复后可以重新登录、下载名单，没上报的答复照常上报。',
      okText: off ? '停用' : '恢复',
      cancelText: '取消',
      onOk: async () => {
        try {
          await call(revokeDevice, { body: { device, actor, revoked: off } });
          message.success(off ? '已停用。' : '已恢复。');
          await queries.invalidateQueries({ queryKey: [devices.url] });
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有办成，请重试。');
        }
      },
    });
  };
}
