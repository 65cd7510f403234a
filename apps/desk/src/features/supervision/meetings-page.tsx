import { checklists } from '@quanbao/contract/checklist';
import { regions } from '@quanbao/contract/regions';
import {
  addDecision,
  addMeeting,
  decisionToTask,
  meetings,
  moveProblem,
  problems,
  raiseProblem,
  setDecision,
  setDecisionWithFile,
} from '@quanbao/contract/supervision';
import { isOfficeNamed } from '@quanbao/domain/access/office';
import { type ItemState, STATE_WORDS } from '@quanbao/domain/checklist/life';
import {
  DECISION_WORDS,
  type DecisionState,
  MEETING_KINDS,
  MEETING_WORDS,
  PROBLEM_WORDS,
  type ProblemState,
} from '@quanbao/domain/supervision/meeting';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Form, Input, Modal, Select, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { type ReactNode, useState } from 'react';
import { call, sendForm } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { FilePick } from '../../ui/file-pick.tsx';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { DecisionLine, MeetingLine, ProblemLine } from './words.ts';
import './supervision.css';

type Opened =
  | { readonly what: 'meeting' }
  | { readonly what: 'problem' }
  | { readonly what: 'decision'; readonly meeting: MeetingLine }
  | { readonly what: 'result'; readonly decision: DecisionLine }
  | { readonly what: 'task'; readonly decision: DecisionLine }
  | { readonly what: 'answer'; readonly problem: ProblemLine };

/** 会议与问题: what meetings decided, who has to do it by when, and what was put to the city. */
export default function MeetingsPage() {
  const { query, href } = useHere();
  const may = useMay();
  const { account } = useSession();
  const [opened, setOpened] = useState<Opened>();
  const { data, error, isFetching, refetch } = useRead(meetings, { query: { asOf: query.asOf } });
  const columns: readonly Column<MeetingLine>[] = [
    { key: 'day', title: '日期', width: 110, cell: ({ day }) => day },
    { key: 'kind', title: '种类', width: 120, cell: ({ kindTitle }) => kindTitle },
    { key: 'title', title: '会议', width: 220, cell: ({ title }) => title },
    { key: 'agenda', title: '议题', width: 330, cell: ({ agenda }) => agenda },
    { key: 'attended', title: '参加', width: 220, cell: ({ attended }) => attended },
  ];
  const decided: readonly Column<DecisionLine>[] = [
    { key: 'text', title: '议定事项', width: 270, cell: ({ text }) => text },
    { key: 'unit', title: '责任单位', width: 110, cell: ({ unit }) => unit },
    {
      key: 'due',
      title: '时限',
      width: 110,
      cell: ({ due, late }) => (
        <>
          {due}
          {late && <small className="sup-sub">逾期</small>}
        </>
      ),
    },
    {
      key: 'state',
      title: '状态',
      width: 130,
      cell: ({ state, late, task }) =>
        task === null ? (
          <Tag color={late ? 'red' : undefined}>{DECISION_WORDS[state as DecisionState]}</Tag>
        ) : (
          <>
            <Tag color={task.late ? 'red' : undefined}>{STATE_WORDS[task.state as ItemState]}</Tag>
            <small className="sup-sub">
              <Go href={href(`/checklists/${task.list}`, { open: String(task.item) })}>
                任务清单第 {task.item} 项
              </Go>
            </small>
          </>
        ),
    },
    { key: 'result', title: '结果', width: 170, cell: ({ result }) => result || '—' },
    { key: 'source', title: '来自', width: 190, cell: ({ source }) => source },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>会议与问题</h1>
        <span className="muted">
          每年专题研究、定期协调；议定事项有人负责、有时限；解决不了的问题报市里，记答复。
        </span>
        <div className="page-tools no-print">
          <Button onClick={() => window.print()}>打印</Button>
        </div>
      </div>
      {data && !data.studyHeld && (
        <Alert type="warning" showIcon title="今年还没有登记年度专题研究会议。" className="no-print" />
      )}
      <DataTable
        label="会议"
        heading={<b>会议</b>}
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ meeting }) => meeting}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
        tools={
          may('supervision.write') && (
            <Button type="primary" onClick={() => setOpened({ what: 'meeting' })}>
              登记会议
            </Button>
          )
        }
        {...(may('supervision.write')
          ? {
              actions: (meeting: MeetingLine) => (
                <Button size="small" type="link" onClick={() => setOpened({ what: 'decision', meeting })}>
                  加议定事项
                </Button>
              ),
            }
          : {})}
        empty={<Nothing title="还没有登记会议" />}
      />
      <DataTable
        label="议定事项"
        heading={<b>议定事项</b>}
        columns={decided}
        rows={data?.decisions ?? []}
        keyOf={({ meeting, decision }) => `${meeting}/${decision}`}
        loading={isFetching && !data}
        {...(may('supervision.answer')
          ? {
              actions: (decision: DecisionLine) => (
                <>
                  {may('supervision.write') && decision.task === null && decision.state === 'open' && (
                    <Button size="small" type="link" onClick={() => setOpened({ what: 'task', decision })}>
                      转为任务
                    </Button>
                  )}
                  {answers(decision, account.office ?? '') && (
                    <Button size="small" type="link" onClick={() => setOpened({ what: 'result', decision })}>
                      登记结果
                    </Button>
                  )}
                </>
              ),
            }
          : {})}
        actionsWidth={160}
        empty={<Nothing title="没有议定事项" />}
      />
      <Problems onOpen={setOpened} />
      {opened && <Dialog opened={opened} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

/** What asked for its write-off waits for the review; what is written off is done with. An office answers for its own. */
function answers({ task, unit }: DecisionLine, office: string): boolean {
  if (office !== '' && !isOfficeNamed(unit, office)) return false;
  return task === null || task.state === 'open' || task.state === 'returned';
}

function Problems({ onOpen }: { readonly onOpen: (opened: Opened) => void }) {
  const { region, query } = useHere();
  const may = useMay();
  const queries = useQueryClient();
  const { failure, run } = useAct();
  const { data, error, isFetching } = useRead(problems, { query: { region, asOf: query.asOf } });
  const move = (problem: number, act: 'send' | 'close'): void => {
    void run(async () => {
      await call(moveProblem, { params: { problem }, body: { act } });
      await refreshAll(queries);
    });
  };
  const columns: readonly Column<ProblemLine>[] = [
    {
      key: 'subject',
      title: '问题',
      width: 330,
      cell: ({ subject, detail }) => (
        <>
          {subject}
          <small className="sup-sub">{detail}</small>
        </>
      ),
    },
    {
      key: 'region',
      title: '提出',
      width: 140,
      cell: ({ region: at, raisedDay }) => (
        <>
          {at.name}
          <small className="sup-sub">{raisedDay}</small>
        </>
      ),
    },
    { key: 'due', title: '希望答复', width: 110, cell: ({ due }) => due },
    {
      key: 'state',
      title: '状态',
      width: 150,
      cell: ({ state, late, sentDay }) => (
        <>
          <Tag color={late ? 'red' : undefined}>{PROBLEM_WORDS[state as ProblemState]}</Tag>
          {sentDay && <small className="sup-sub">{sentDay} 上报</small>}
        </>
      ),
    },
    {
      key: 'answer',
      title: '答复',
      width: 260,
      cell: ({ answer, answeredDay }) =>
        answer ? (
          <>
            {answer}
            <small className="sup-sub">{answeredDay}</small>
          </>
        ) : (
          '—'
        ),
    },
  ];
  const actions = ({ problem, acts }: ProblemLine, one: ProblemLine): ReactNode => (
    <>
      {acts.includes('send') && (
        <Button size="small" type="link" onClick={() => move(problem, 'send')}>
          上报市里
        </Button>
      )}
      {acts.includes('answer') && (
        <Button size="small" type="link" onClick={() => onOpen({ what: 'answer', problem: one })}>
          记答复
        </Button>
      )}
      {acts.includes('close') && (
        <Button size="small" type="link" onClick={() => move(problem, 'close')}>
          了结
        </Button>
      )}
    </>
  );
  return (
    <>
      {failure !== undefined && <Failure error={failure} />}
      <DataTable
        label="向市里反映的问题"
        heading={<b>向市里反映的问题</b>}
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ problem }) => problem}
        loading={isFetching && !data}
        error={error}
        tools={
          may('supervision.answer') && <Button onClick={() => onOpen({ what: 'problem' })}>提出问题</Button>
        }
        {...(may('supervision.write') ? { actions: (one: ProblemLine) => actions(one, one) } : {})}
        actionsWidth={160}
        empty={<Nothing title="没有向市里反映的问题" />}
      />
    </>
  );
}

interface Fields {
  readonly kind?: 'study' | 'coordination' | 'dispatch';
  readonly title?: string;
  readonly day?: Dayjs;
  readonly agenda?: string;
  readonly attended?: string;
  readonly text?: string;
  readonly unit?: string;
  readonly region?: string;
  readonly state?: DecisionState;
  readonly list?: number;
  readonly section?: string;
}

const TITLES: Readonly<Record<Opened['what'], string>> = {
  meeting: '登记会议',
  problem: '提出需要市里解决的问题',
  decision: '登记议定事项',
  result: '登记议定事项的结果',
  task: '转为任务',
  answer: '登记市里的答复',
};

function Dialog({ opened, onClose }: { readonly opened: Opened; readonly onClose: () => void }) {
  const { asOf } = useHere();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const [file, setFile] = useState<File>();
  const { data } = useRead(regions, { query: asOf ? { asOf } : {} });
  const lists = useRead(checklists, { query: {} });
  const own = (lists.data?.items ?? []).filter(({ writes }) => writes);
  const { what } = opened;
  const asked = opened.what === 'result' ? (opened.decision.task?.evidence ?? '') : '';
  const send = (values: Fields): void => {
    void run(async () => {
      await order(opened, values, file);
      message.success('已登记。');
      onClose();
      await refreshAll(queries);
    });
  };
  const text = (name: keyof Fields, label: string, rows = 1, maxLength = 500): ReactNode => (
    <Form.Item name={name} label={label} rules={[{ required: true, message: `请写明${label}` }]}>
      {rows === 1 ? <Input maxLength={maxLength} /> : <Input.TextArea rows={rows} maxLength={maxLength} />}
    </Form.Item>
  );
  const day = (label: string): ReactNode => (
    <Form.Item name="day" label={label} rules={[{ required: true, message: `请选${label}` }]}>
      <DatePicker />
    </Form.Item>
  );
  return (
    <Modal open title={TITLES[what]} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields> layout="vertical" initialValues={{ kind: 'coordination', state: 'done' }} onFinish={send}>
        {what === 'meeting' && (
          <>
            <Form.Item name="kind" label="种类">
              <Select options={MEETING_KINDS.map((value) => ({ value, label: MEETING_WORDS[value] }))} />
            </Form.Item>
            {text('title', '会议名称', 1, 80)}
            {day('会议日期')}
            {text('agenda', '议题', 3, 2000)}
            {text('attended', '参加人员', 2, 1000)}
          </>
        )}
        {what === 'decision' && (
          <>
            {text('text', '议定事项', 3)}
            {text('unit', '责任单位', 1, 60)}
            <Form.Item name="region" label="哪里看得到" rules={[{ required: true, message: '请选择区划' }]}>
              <Select
                showSearch
                optionFilterProp="label"
                options={(data?.items ?? []).map(({ code, name }) => ({
                  value: code,
                  label: `${name}（${code}）`,
                }))}
              />
            </Form.Item>
            {day('完成时限')}
          </>
        )}
        {opened.what === 'task' && (
          <>
            <p>
              {opened.decision.text}
              <small className="sup-sub">
                {opened.decision.unit}，{opened.decision.due} 前；备注写明{opened.decision.source}
                。转为任务后在清单里申请销账、审核。
              </small>
            </p>
            <Form.Item
              name="list"
              label="放进哪份任务清单"
              rules={[{ required: true, message: '请选一份任务清单' }]}
              {...(lists.data && own.length === 0
                ? { help: '还没有本级的任务清单；请先在“任务清单”里载入或新建。' }
                : {})}
            >
              <Select options={own.map(({ list, title }) => ({ value: list, label: title }))} />
            </Form.Item>
            <Form.Item name="section" label="阶段或工作内容（不填为“会议议定事项”）">
              <Input maxLength={80} />
            </Form.Item>
          </>
        )}
        {opened.what === 'result' && opened.decision.task !== null && (
          <p className="muted">这项已转为任务：登记的结果作为销账申请报县里审核。</p>
        )}
        {opened.what === 'result' && opened.decision.task === null && (
          <Form.Item name="state" label="状态">
            <Select
              options={(['open', 'done'] as const).map((value) => ({
                value,
                label: DECISION_WORDS[value],
              }))}
            />
          </Form.Item>
        )}
        {what === 'result' && text('text', '办理结果', 3)}
        {opened.what === 'result' && opened.decision.task !== null && (
          <Form.Item
            label="佐证材料"
            required={asked !== ''}
            extra={asked ? `销账要附：${asked}。一份文件；几份材料请合成一个文件。` : '可以不附；一份文件。'}
          >
            <FilePick label="佐证材料" file={file} onPick={setFile} />
          </Form.Item>
        )}
        {what === 'problem' && (
          <>
            {text('title', '问题', 1, 80)}
            {text('text', '情况和建议', 4, 2000)}
            {day('希望答复的日期')}
          </>
        )}
        {what === 'answer' && text('text', '市里的答复', 4, 2000)}
        <DialogButtons
          act={what === 'task' ? '转为任务' : '登记'}
          busy={busy}
          first={asked !== '' && file === undefined ? '先选佐证材料' : undefined}
          onCancel={onClose}
        />
      </Form>
    </Modal>
  );
}

function order(opened: Opened, values: Fields, file: File | undefined): Promise<unknown> {
  const { title = '', agenda = '', attended = '', text = '', unit = '', region = '' } = values;
  const day = values.day?.format('YYYY-MM-DD') ?? '';
  if (opened.what === 'meeting')
    return call(addMeeting, { body: { kind: values.kind ?? 'coordination', title, day, agenda, attended } });
  if (opened.what === 'problem')
    return call(raiseProblem, { body: { subject: title, detail: text, due: day } });
  if (opened.what === 'decision')
    return call(addDecision, {
      params: { meeting: opened.meeting.meeting },
      body: { text, unit, region, due: day },
    });
  if (opened.what === 'answer')
    return call(moveProblem, { params: { problem: opened.problem.problem }, body: { act: 'answer', text } });
  const { meeting, decision } = opened.decision;
  if (opened.what === 'task')
    return call(decisionToTask, {
      params: { meeting, decision },
      body: { list: values.list ?? 0, ...(values.section?.trim() ? { section: values.section } : {}) },
    });
  const result = { state: values.state ?? 'done', result: text };
  if (file === undefined) return call(setDecision, { params: { meeting, decision }, body: result });
  const form = new FormData();
  form.append('result', JSON.stringify(result));
  form.append('document', file);
  return sendForm(setDecisionWithFile, form, { meeting, decision });
}
