import { enterFound, found, foundPicture, setFoundAside, undoFound } from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import { FOUND_STATES } from '@quanbao/domain/survey/found';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll, usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { Pictures, picturesColumn } from './pictures.tsx';
import './management.css';

type Stranger = AnswerOf<typeof found>['items'][number];
const TONE: Readonly<Record<string, string>> = { open: 'quality', listed: 'in-force', entered: 'in-force' };
const STATES = Object.entries(FOUND_STATES)
  .filter(([value]) => value !== 'replaced')
  .map(([value, label]) => ({ value, label }));

/** People found at doors who were on no list of their village: the office enters them or sets them aside. */
export default function FoundPage() {
  const { query, region, href, set } = useHere();
  const may = useMay()('survey.manage');
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const [entering, setEntering] = useState<Stranger>();
  const [putting, setPutting] = useState<Stranger>();
  const [looking, setLooking] = useState<Stranger>();
  const pages = usePages(found, {
    query: { region, limit: 100, ...(query.state ? { state: query.state } : {}) },
  });
  const undo = (one: Stranger): void => {
    modal.confirm({
      title: `撤回对${one.name}的处理？`,
      content: '回到待处理；已记的答复一并撤回，台账随之变化。',
      okText: '撤回',
      cancelText: '不撤回',
      onOk: async () => {
        try {
          await call(undoFound, { params: { command: one.command } });
          message.success('已撤回，回到待处理。');
          await refreshAll(queries);
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有撤回，请重试。');
        }
      },
    });
  };
  const columns: readonly Column<Stranger>[] = [
    {
      key: 'name',
      title: '姓名',
      width: 90,
      cell: ({ name, person }) => (person === null ? name : <Go href={href(`/people/${person}`)}>{name}</Go>),
    },
    {
      key: 'id',
      title: '身份证号码',
      width: 175,
      cell: ({ id, birth, sex, same }) => (
        <>
          {id || '证件号不详'}
          <small className="survey-sub">
            {sex === 'male' ? '男' : '女'}，{birth} 生{same > 0 && `；同号另有 ${number(same)} 条待处理`}
          </small>
        </>
      ),
    },
    {
      key: 'place',
      title: '在哪里发现',
      width: 210,
      cell: ({ region: place, address, relation }) => (
        <>
          {place.path}
          <small className="survey-sub">
            {address}，{relation}
          </small>
        </>
      ),
    },
    {
      key: 'answer',
      title: '答复',
      width: 170,
      cell: ({ answer, details }) => (
        <>
          {answer}
          <small className="survey-sub">{details.join('；')}</small>
        </>
      ),
    },
    picturesColumn<Stranger>(setLooking),
    {
      key: 'day',
      title: '走访',
      width: 105,
      cell: ({ day, actor }) => (
        <>
          {day}
          <small className="survey-sub">{actor}</small>
        </>
      ),
    },
    {
      key: 'state',
      title: '状态',
      width: 190,
      cell: ({ state, stateTitle, listed, reason, decided }) => (
        <>
          <span className={`tag ${TONE[state] ?? ''}`}>{stateTitle}</span>
          {listed !== null && (
            <small className="survey-sub">
              {state === 'open' ? '现已在' : ''}
              {listed}名单上
            </small>
          )}
          {reason !== '' && <small className="survey-sub">{reason}</small>}
          {decided && (
            <small className="survey-sub">
              {decided.by}，{localTime(decided.at)}
            </small>
          )}
        </>
      ),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>新发现人员</h1>
        <Select
          aria-label="状态"
          allowClear
          placeholder="全部状态"
          style={{ width: 140 }}
          value={query.state}
          options={STATES}
          onChange={(value?: string) => set({ state: value ?? null })}
        />
        <span className="muted">
          走访中发现、不在本村名单上的人。登记后答复算数；户籍名单列出此人以前，不计入户籍人口和报表。
        </span>
      </div>
      <DataTable
        label="新发现人员"
        heading={pages.first && <h2>待处理 {number(pages.first.open)} 人</h2>}
        columns={columns}
        rows={pages.rows}
        keyOf={({ command }) => command}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        actionsWidth={140}
        {...(may
          ? {
              actions: (one: Stranger) =>
                one.state === 'open' ? (
                  <Space>
                    <Button size="small" type="primary" onClick={() => setEntering(one)}>
                      登记
                    </Button>
                    <Button size="small" onClick={() => setPutting(one)}>
                      搁置
                    </Button>
                  </Space>
                ) : (
                  <Button size="small" onClick={() => undo(one)}>
                    撤回
                  </Button>
                ),
            }
          : {})}
        empty={
          <Nothing title="没有新发现人员">
            <p>走访员在手机上登记名单以外的人，上报后出现在这里。</p>
          </Nothing>
        }
      />
      {entering && <EnterDialog one={entering} onClose={() => setEntering(undefined)} />}
      {looking && <Pictures of={looking} route={foundPicture} onClose={() => setLooking(undefined)} />}
      {putting && <AsideDialog one={putting} onClose={() => setPutting(undefined)} />}
    </div>
  );
}

interface Props {
  readonly one: Stranger;
  readonly onClose: () => void;
}

function EnterDialog({ one, onClose }: Props) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const send = ({ id }: { id?: string }): void => {
    void run(async () => {
      const done = await call(enterFound, {
        params: { command: one.command },
        body: id ? { id: id.trim() } : {},
      });
      message.success(done.message);
      await refreshAll(queries);
      onClose();
    });
  };
  return (
    <Modal open title={`登记${one.name}`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">
        {one.region.path}，{one.address}，{one.relation}；答复：{one.answer}。
        {one.listed === null
          ? '登记后作为摸底依据保留，户籍名单列出此人时自动对上。'
          : `此人现在${one.listed}名单上，答复会记到他名下，村不变。`}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form<{ id?: string }> layout="vertical" onFinish={send}>
        {one.id === '' && (
          <Form.Item
            name="id"
            label="身份证号码"
            extra={`走访时证件号不详：${one.sex === 'male' ? '男' : '女'}，${one.birth} 生。`}
            rules={[{ required: true, whitespace: true, message: '请填写查到的号码' }]}
          >
            <Input autoFocus autoComplete="off" maxLength={30} />
          </Form.Item>
        )}
        <DialogButtons act="登记" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

function AsideDialog({ one, onClose }: Props) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const send = ({ reason }: { reason: string }): void => {
    void run(async () => {
      await call(setFoundAside, { params: { command: one.command }, body: { reason } });
      message.success('已搁置；可以随时撤回。');
      await refreshAll(queries);
      onClose();
    });
  };
  return (
    <Modal open title={`搁置${one.name}`} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form<{ reason: string }> layout="vertical" onFinish={send}>
        <Form.Item
          name="reason"
          label="理由"
          rules={[{ required: true, whitespace: true, message: '请写明为什么搁置' }]}
        >
          <Input.TextArea autoFocus rows={3} maxLength={200} placeholder="如：外县户籍，已转当地" />
        </Form.Item>
        <DialogButtons act="搁置" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
