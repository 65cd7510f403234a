import { changePlanTotal, dropPlanDraft, issuePlan } from '@quanbao/contract/targets';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, InputNumber, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { PlanPage } from './contract.ts';
import { SplitDialog } from './split-dialog.tsx';
import { amountText, refreshPlans } from './targets.ts';

interface Props {
  readonly of: PlanPage;
}
interface DialogProps extends Props {
  readonly onClose: () => void;
}

/** Divide, change the whole, issue, or drop it. */
export function DraftActs({ of }: Props) {
  const queries = useQueryClient();
  const { modal, message } = App.useApp();
  const { go } = useHere();
  const [open, setOpen] = useState<'split' | 'total' | 'issue'>();
  const close = () => setOpen(undefined);
  const drop = (): void => {
    modal.confirm({
      title: `放弃第 ${of.version} 版草稿？`,
      content: of.version === 1 ? '这项任务还没有下达过，将一并删去。' : '已下达的各版不受影响。',
      okText: '放弃草稿',
      cancelText: '不放弃',
      onOk: async () => {
        try {
          await call(dropPlanDraft, { params: { plan: of.plan.plan } });
          await refreshPlans(queries);
          go(of.version === 1 ? '/targets' : `/targets/${of.plan.plan}`, { version: null });
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有放弃，请重试。');
        }
      },
    });
  };
  return (
    <>
      <Button onClick={() => setOpen('split')}>分解</Button>
      <Button onClick={() => setOpen('total')}>改总数</Button>
      <Button onClick={drop}>放弃草稿</Button>
      <Button type="primary" disabled={of.failures.length > 0} onClick={() => setOpen('issue')}>
        下达
      </Button>
      {open === 'split' && <SplitDialog of={of} onClose={close} />}
      {open === 'total' && <TotalDialog of={of} onClose={close} />}
      {open === 'issue' && <IssueDialog of={of} onClose={close} />}
    </>
  );
}

function TotalDialog({ of, onClose }: DialogProps) {
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const money = of.plan.unit === 'fen';
  const scale = money ? 100 : 1;
  const send = ({ total }: { total: number }): void => {
    void run(async () => {
      await call(changePlanTotal, {
        params: { plan: of.plan.plan },
        body: { total: Math.round(total * scale) },
      });
      await refreshPlans(queries);
      onClose();
    });
  };
  return (
    <Modal open title="改总任务数" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">各乡镇、各村按现在的比例分摊，之和等于新的总数。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" initialValues={{ total: of.total / scale }} onFinish={send}>
        <Form.Item
          name="total"
          label={`总任务数，现为 ${amountText(of.plan, of.total)}`}
          rules={[{ required: true, message: '请填总数' }]}
        >
          <InputNumber autoFocus min={0} precision={money ? 2 : 0} />
        </Form.Item>
        <DialogButtons act="改总数" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

function IssueDialog({ of, onClose }: DialogProps) {
  const { asOf, go } = useHere();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const send = ({ day, document }: { day: Dayjs; document?: string }): void => {
    void run(async () => {
      await call(issuePlan, {
        params: { plan: of.plan.plan },
        body: { day: day.format('YYYY-MM-DD'), document: document?.trim() ?? '' },
      });
      message.success('已下达；各乡镇签收后这里显示。');
      await refreshPlans(queries);
      onClose();
      go(`/targets/${of.plan.plan}`, { version: null });
    });
  };
  return (
    <Modal open title={`下达第 ${of.version} 版`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">下达后不能改，要改只能起草新的一版。合计 {amountText(of.plan, of.total)}。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        layout="vertical"
        initialValues={{ day: dayjs(asOf), document: of.plan.document }}
        onFinish={send}
      >
        <Form.Item name="day" label="从哪一天起执行" rules={[{ required: true, message: '请选择日期' }]}>
          <DatePicker allowClear={false} />
        </Form.Item>
        <Form.Item name="document" label="文号">
          <Input maxLength={100} />
        </Form.Item>
        <DialogButtons act="下达" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
