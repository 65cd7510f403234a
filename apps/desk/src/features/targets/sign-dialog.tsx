import { signPlan } from '@quanbao/contract/targets';
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { longDay } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { PlanPage } from './contract.ts';
import { amountText, refreshPlans } from './targets.ts';

interface Props {
  readonly of: PlanPage;
  readonly onClose: () => void;
}

/** 签收: what is taken over, by when, and what the place has to say to it. */
export function SignDialog({ of, onClose }: Props) {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const { plan, whole, region, version, issued, versions } = of;
  const paper = versions.find((one) => one.version === version);
  const send = ({ remark = '' }: { remark?: string }): void => {
    void run(async () => {
      const done = await call(signPlan, {
        params: { plan: plan.plan },
        body: remark.trim() === '' ? {} : { remark: remark.trim() },
      });
      message.success(`已签收第 ${done.version} 版。`);
      await refreshPlans(queries);
      onClose();
    });
  };
  const unit = plan.unit === 'fen' ? '元' : '人';
  return (
    <Modal open title={`签收“${plan.title}”`} footer={null} onCancel={onClose} destroyOnHidden>
      <dl className="facts target-facts">
        <div>
          <dt>{region.name}的任务数</dt>
          <dd>
            {amountText(plan, whole.standing.amount)} {unit}
          </dd>
        </div>
        <div>
          <dt>期限</dt>
          <dd>{longDay(plan.due)}</dd>
        </div>
      </dl>
      <p className="muted">
        第 {version} 版{issued !== null && `，自 ${longDay(issued)} 起执行`}
        {(paper?.document || plan.document) && `，${paper?.document || plan.document}`}
        {plan.milestones.map(({ day, percent }) => `；${day} 前完成 ${percent}%`).join('')}。
        签收后县里看得到签收人和时间，不能撤回；任务再调整的，新的一版要重新签收。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={send}>
        <Form.Item
          name="remark"
          label="签收意见"
          extra="可以不填；对任务数有不同意见的写在这里，县里看得到。"
        >
          <Input.TextArea autoFocus rows={2} maxLength={200} />
        </Form.Item>
        <DialogButtons act="签收" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
