import {
  answerOrder,
  answerOrderWithFile,
  decideOrder,
  order,
  orderDocument,
} from '@quanbao/contract/supervision';
import { parseReference } from '@quanbao/domain/indicators/reference';
import { ORDER_WORDS, type OrderState } from '@quanbao/domain/supervision/order';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { App, Button, Form, Input, Modal, Tag } from 'antd';
import { useState } from 'react';
import { call, download, sendForm } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { FilePick } from '../../ui/file-pick.tsx';
import { localTime, longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { OrderView } from './words.ts';
import './supervision.css';

const ACTS: Readonly<Record<string, string>> = { answer: '答复', return: '退回重办', close: '办结' };

/** One order as a paper, with everything that was done about it. */
export default function OrderPage() {
  const { order: no = '' } = useParams({ strict: false }) as { order?: string };
  const { href, query, set } = useHere();
  const [act, setAct] = useState<string>();
  const { data, error, refetch } = useRead(order, {
    params: { order: Number(no) },
    query: { asOf: query.asOf },
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const one = data.order;
  return (
    <div className="page">
      <div className="page-head no-print">
        <h1>督办单{one.number}</h1>
        <Tag color={one.daysLate > 0 ? 'red' : undefined}>{ORDER_WORDS[one.state as OrderState]}</Tag>
        <span className="muted">
          {one.daysLate > 0 && `逾期 ${one.daysLate} 天。`}
          {one.escalation && `已升级：${one.escalation}。`}
        </span>
        <div className="page-tools">
          <Go href={href('/orders')}>全部督办单</Go>
          <Button onClick={() => window.print()}>打印</Button>
          {data.acts.map((name) => (
            <Button key={name} type={name === 'return' ? 'default' : 'primary'} onClick={() => setAct(name)}>
              {ACTS[name]}
            </Button>
          ))}
        </div>
      </div>
      <Paper data={data} />
      <section className="sup-part no-print">
        <h2>办理记录</h2>
        <ol className="sup-steps">
          {data.steps.map((step) => (
            <li key={step.step}>
              <b>{step.title}</b> {step.day} {step.actor} {localTime(step.at)}
              {step.remark && <p>{step.remark}</p>}
              {step.document && (
                <Button
                  type="link"
                  onClick={() =>
                    void download(orderDocument, { params: { order: one.order, no: step.step } })
                  }
                >
                  佐证：{step.document}
                </Button>
              )}
            </li>
          ))}
        </ol>
        {data.later > 0 && (
          <p className="muted">
            {longDay(data.asOf)}以后还有 {data.later} 步办理。{' '}
            <Button type="link" onClick={() => set({ asOf: null })}>
              看现在的情况
            </Button>
          </p>
        )}
      </section>
      {act === 'answer' && <AnswerDialog no={one.order} onClose={() => setAct(undefined)} />}
      {(act === 'return' || act === 'close') && (
        <DecideDialog no={one.order} act={act} onClose={() => setAct(undefined)} />
      )}
    </div>
  );
}

function Paper({ data }: { readonly data: OrderView }) {
  const { href } = useHere();
  const one = data.order;
  const answers = data.steps.filter(({ act }) => act === 'answer');
  return (
    <article className="sup-paper" aria-label="督办单">
      <h2>督办单</h2>
      <p className="sup-number">{one.number}</p>
      <p>
        <b>{one.to}：</b>
      </p>
      <p>
        <b>事项：</b>
        {one.subject}
      </p>
      {data.figures.map((figure) => (
        <p key={figure.reference} title={figure.reference}>
          <b>数据：</b>
          <Go href={href(`/references/${encodeURIComponent(figure.reference)}`)}>{figure.text}</Go>
          <small className="muted">
            （截至{longDay(parseReference(figure.reference)?.day ?? one.raisedDay)}
            <span className="no-print">，{figure.reference}</span>）
          </small>
        </p>
      ))}
      <p>
        <b>要求：</b>
        {data.asked}
      </p>
      <p>
        <b>时限：</b>
        {longDay(one.due)}前办结并书面答复。
      </p>
      {answers.map((step) => (
        <p key={step.step}>
          <b>答复（{longDay(step.day)}）：</b>
          {step.remark}
        </p>
      ))}
      <p className="sup-sign">
        <span>签收人：</span>
        <span>
          {data.county}人力资源和社会保障局　{longDay(one.raisedDay)}
        </span>
      </p>
    </article>
  );
}

interface DialogProps {
  readonly no: number;
  readonly onClose: () => void;
}

function AnswerDialog({ no, onClose }: DialogProps) {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const [file, setFile] = useState<File>();
  const send = ({ remark }: { remark: string }): void => {
    void run(async () => {
      const answer = { order: no, remark };
      if (file === undefined) await call(answerOrder, { body: answer });
      else {
        const fields = new FormData();
        fields.append('answer', JSON.stringify(answer));
        fields.append('document', file);
        await sendForm(answerOrderWithFile, fields);
      }
      message.success('已答复。');
      onClose();
      await refreshAll(queries);
    });
  };
  return (
    <Modal open title="答复督办单" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={send}>
        <Form.Item name="remark" label="办理情况" rules={[{ required: true, message: '请写明办理情况' }]}>
          <Input.TextArea rows={5} maxLength={1000} />
        </Form.Item>
        <Form.Item label="佐证材料" extra="一份文件；几份材料请合成一个文件。">
          <FilePick label="佐证材料" file={file} onPick={setFile} />
        </Form.Item>
        <DialogButtons act="答复" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

function DecideDialog({ no, act, onClose }: DialogProps & { readonly act: 'return' | 'close' }) {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const words = ACTS[act] as string;
  const send = ({ remark = '' }: { remark?: string }): void => {
    void run(async () => {
      await call(decideOrder, { params: { order: no }, body: { act, remark } });
      message.success(`已${words}。`);
      onClose();
      await refreshAll(queries);
    });
  };
  return (
    <Modal open title={`${words}督办单`} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={send}>
        <Form.Item
          name="remark"
          label={act === 'return' ? '理由' : '意见'}
          rules={act === 'return' ? [{ required: true, message: '请写明理由' }] : []}
        >
          <Input.TextArea rows={3} maxLength={300} />
        </Form.Item>
        <DialogButtons act={words} busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
