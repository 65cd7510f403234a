import { endPlan, revisePlan } from '@quanbao/contract/targets';
import { useQueryClient } from '@tanstack/react-query';
import { DatePicker, Form, Input, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { PlanPage } from './contract.ts';
import { refreshPlans } from './targets.ts';

interface Props {
  readonly of: PlanPage;
  readonly onClose: () => void;
}

const REASON = [{ required: true, min: 2, whitespace: true, message: '请写明事由' }];

/** A new draft upon what is issued. */
export function ReviseDialog({ of, onClose }: Props) {
  const { go } = useHere();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const send = ({ reason }: { reason: string }): void => {
    void run(async () => {
      const { version } = await call(revisePlan, { params: { plan: of.plan.plan }, body: { reason } });
      await refreshPlans(queries);
      onClose();
      go(`/targets/${of.plan.plan}`, { version });
    });
  };
  return (
    <Modal open title="调整任务：起草新的一版" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">已下达的一版不改，下达新的一版之前照旧执行；新的一版要重新签收。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={send}>
        <Form.Item name="reason" label="事由" rules={REASON}>
          <Input autoFocus maxLength={200} />
        </Form.Item>
        <DialogButtons act="起草" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

export function EndDialog({ of, onClose }: Props) {
  const { asOf } = useHere();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const send = ({ day, reason }: { day: Dayjs; reason: string }): void => {
    void run(async () => {
      await call(endPlan, {
        params: { plan: of.plan.plan },
        body: { day: day.format('YYYY-MM-DD'), reason },
      });
      await refreshPlans(queries);
      onClose();
    });
  };
  return (
    <Modal open title={`终止“${of.plan.title}”`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">从这一天起不再考核；以前各天的进度照旧可查。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" initialValues={{ day: dayjs(asOf) }} onFinish={send}>
        <Form.Item name="day" label="从哪一天起" rules={[{ required: true, message: '请选择日期' }]}>
          <DatePicker allowClear={false} />
        </Form.Item>
        <Form.Item name="reason" label="事由" rules={REASON}>
          <Input maxLength={200} />
        </Form.Item>
        <DialogButtons act="终止" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
