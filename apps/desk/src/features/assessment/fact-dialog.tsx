import { enterFacts } from '@quanbao/contract/assessment';
import { Form, Input, InputNumber, Modal } from 'antd';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { type LineView, meant, typed, type UnitView } from './contract.ts';

interface Props {
  readonly view: UnitView;
  readonly line: LineView;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

/** What no list tells: entered by the county, with what it rests on. */
export function FactDialog({ view, line, onClose, onDone }: Props) {
  const { busy, failure, run } = useAct();
  const { assessment } = view.round;
  const send = async ({ amount, remark }: { amount: number; remark: string }): Promise<void> => {
    const body = { unit: view.standing.unit, line: line.line, amount: meant(line.rate, amount), remark };
    if (await run(() => call(enterFacts, { params: { assessment }, body }))) await onDone();
  };
  return (
    <Modal open title={`登记：${line.title}`} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        layout="vertical"
        initialValues={{ amount: typed(line.rate, line.fact?.amount), remark: line.fact?.remark }}
        onFinish={(fields) => void send(fields)}
      >
        <Form.Item
          name="amount"
          label={`${line.name}（${line.unit}）`}
          rules={[{ required: true, message: '请写数值；没有就写 0' }]}
        >
          <InputNumber autoFocus min={0} />
        </Form.Item>
        <Form.Item
          name="remark"
          label="依据"
          rules={[{ required: true, whitespace: true, message: '请写依据的文件、记录或来源' }]}
        >
          <Input maxLength={300} placeholder="例如：周报登记簿9月第2周" />
        </Form.Item>
        <DialogButtons act="登记" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
