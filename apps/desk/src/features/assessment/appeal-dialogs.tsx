import { appealLine, decideAppeal } from '@quanbao/contract/assessment';
import { Form, Input, InputNumber, Modal, Radio } from 'antd';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { type Appeal, type LineView, meant, typed, type UnitView } from './contract.ts';

interface Props {
  readonly view: UnitView;
  readonly line: LineView;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

export function AppealDialog({ view, line, onClose, onDone }: Props) {
  const { busy, failure, run } = useAct();
  const { assessment } = view.round;
  const send = async (fields: { reason: string; claimed?: number | null }): Promise<void> => {
    const claimed = meant(line.rate, fields.claimed);
    const body = {
      unit: view.standing.unit,
      line: line.line,
      reason: fields.reason,
      ...(claimed === null ? {} : { claimed }),
    };
    if (await run(() => call(appealLine, { params: { assessment }, body }))) await onDone();
  };
  return (
    <Modal open title={`申诉：${line.title}`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">现在 {line.formula}。材料可以用“附材料”上传。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={(fields) => void send(fields)}>
        <Form.Item
          name="reason"
          label="申诉理由"
          rules={[{ required: true, min: 5, whitespace: true, message: '请写申诉理由（至少五个字）' }]}
        >
          <Input.TextArea autoFocus rows={3} maxLength={1000} showCount />
        </Form.Item>
        <Form.Item name="claimed" label={`主张的数值（${line.unit}）`} extra="可以不填。">
          <InputNumber />
        </Form.Item>
        <DialogButtons act="提出申诉" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

interface Decision {
  readonly upheld: boolean;
  readonly value?: number | null;
  readonly decision: string;
}

export function DecideDialog({ view, line, appeal, onClose, onDone }: Props & { readonly appeal: Appeal }) {
  const { busy, failure, run } = useAct();
  const { assessment } = view.round;
  const send = async ({ upheld, value, decision }: Decision): Promise<void> => {
    const amount = meant(line.rate, value);
    const body = { upheld, decision, ...(upheld && amount !== null ? { value: amount } : {}) };
    const done = await run(() => call(decideAppeal, { params: { assessment, appeal: appeal.appeal }, body }));
    if (done) await onDone();
  };
  return (
    <Modal open title={`裁决第 ${appeal.appeal} 号申诉`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">
        {line.title}：{appeal.reason}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Decision>
        layout="vertical"
        initialValues={{ upheld: true, value: typed(line.rate, appeal.claimed) }}
        onFinish={(fields) => void send(fields)}
      >
        <Form.Item name="upheld" label="结论">
          <Radio.Group
            options={[
              { value: true, label: '采纳' },
              { value: false, label: '驳回' },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="value"
          label={`改定的数值（${line.unit}）`}
          extra="采纳时必填，得分按它重新计算；驳回时不用。"
        >
          <InputNumber />
        </Form.Item>
        <Form.Item
          name="decision"
          label="裁决意见"
          rules={[{ required: true, min: 2, whitespace: true, message: '请写裁决意见' }]}
        >
          <Input.TextArea rows={2} maxLength={1000} />
        </Form.Item>
        <DialogButtons act="裁决" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
