import { addTeamMember, endTeamMember, teams } from '@quanbao/contract/checklist';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { longDay, number } from '../../ui/format.ts';
import { Failure, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { TeamMember } from './contract.ts';
import './checklist.css';

const ROLES = { leader: '组长', deputy: '副组长', member: '成员' } as const;

/** 专班: who is on the team of the county, of each town and village; which places have nobody. */
export default function TeamsPage() {
  const { query } = useHere();
  const may = useMay();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const { data, error, isFetching, refetch } = useRead(teams, { query: { asOf: query.asOf } });
  const end = ({ member, name }: TeamMember): void => {
    modal.confirm({
      title: `${name}退出专班？`,
      content: `自 ${data?.asOf} 起不再在专班；以前的记录保留。`,
      okText: '退出',
      cancelText: '不退出',
      onOk: async () => {
        try {
          await call(endTeamMember, { params: { member }, body: { to: data?.asOf as string } });
          await refreshAll(queries);
        } catch (problem) {
          message.error(problem instanceof Problem ? problem.message : '没有完成，请重试。');
        }
      },
    });
  };
  const columns: readonly Column<TeamMember>[] = [
    { key: 'region', title: '单位', width: 240, cell: ({ region }) => region.path },
    { key: 'role', title: '职务', width: 90, cell: ({ role }) => ROLES[role] },
    { key: 'name', title: '姓名', width: 120, cell: ({ name }) => name },
    { key: 'duty', title: '职责', width: 340, cell: ({ duty }) => duty },
    { key: 'phone', title: '电话', width: 140, cell: ({ phone }) => phone },
    { key: 'from', title: '自', width: 110, cell: ({ from }) => from },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>专班</h1>
        <span className="muted">{data && `${longDay(data.asOf)}，共 ${number(data.items.length)} 人。`}</span>
      </div>
      {data && data.without.length > 0 && (
        <p className="notice-line">
          还没有专班成员的单位（{number(data.without.length)} 个）：
          {data.without.map(({ name }) => name).join('、')}
        </p>
      )}
      <DataTable
        label="专班"
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ member }) => member}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
        tools={may('checklist.write') && <Button onClick={() => setAdding(true)}>登记成员</Button>}
        {...(may('checklist.write')
          ? {
              actionsWidth: 80,
              actions: (one: TeamMember) =>
                one.writes && (
                  <Button size="small" type="text" onClick={() => end(one)}>
                    退出
                  </Button>
                ),
            }
          : {})}
        empty={<Nothing title="还没有登记专班成员" />}
      />
      {adding && data && <AddDialog day={data.asOf} places={data.without} onClose={() => setAdding(false)} />}
    </div>
  );
}

interface Fields {
  readonly region?: string;
  readonly name: string;
  readonly role: keyof typeof ROLES;
  readonly duty?: string;
  readonly phone?: string;
  readonly from: Dayjs;
}

function AddDialog({
  day,
  places,
  onClose,
}: {
  readonly day: string;
  readonly places: readonly { readonly code: string; readonly name: string }[];
  readonly onClose: () => void;
}) {
  const { region: here } = useHere();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const save = async ({ region, name, role, duty, phone, from }: Fields): Promise<void> => {
    const body = {
      name,
      role,
      duty: duty ?? '',
      from: from.format('YYYY-MM-DD'),
      region: region ?? here,
      ...(phone ? { phone } : {}),
    };
    if (!(await run(() => call(addTeamMember, { body })))) return;
    onClose();
    await refreshAll(queries);
  };
  return (
    <Modal open title="登记专班成员" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        layout="vertical"
        initialValues={{ role: 'member', from: dayjs(day) }}
        onFinish={(fields: Fields) => void save(fields)}
      >
        <Form.Item name="region" label="单位" extra="不选则为页面上方选定的区划。">
          <Select
            allowClear
            showSearch
            optionFilterProp="label"
            placeholder="页面选定的区划"
            options={places.map(({ code, name }) => ({ value: code, label: name }))}
          />
        </Form.Item>
        <div className="form-row">
          <Form.Item
            name="name"
            label="姓名"
            rules={[{ required: true, min: 2, whitespace: true, message: '请写姓名' }]}
          >
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="role" label="职务">
            <Select
              style={{ width: 110 }}
              options={Object.entries(ROLES).map(([value, label]) => ({ value, label }))}
            />
          </Form.Item>
          <Form.Item name="phone" label="电话">
            <Input maxLength={30} inputMode="tel" />
          </Form.Item>
        </div>
        <Form.Item name="duty" label="职责">
          <Input maxLength={200} placeholder="如 包片督导琼湖街道" />
        </Form.Item>
        <Form.Item name="from" label="自哪天起" rules={[{ required: true, message: '请选日期' }]}>
          <DatePicker />
        </Form.Item>
        <DialogButtons act="登记" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
