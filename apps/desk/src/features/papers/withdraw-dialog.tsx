import { withdrawPaper } from '@quanbao/contract/papers';
import { App, Form, Input, Modal } from 'antd';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

interface Props {
  readonly paper: number;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function WithdrawDialog({ paper, onClose, onDone }: Props) {
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const send = ({ reason }: { readonly reason: string }): void =>
    void run(async () => {
      await call(withdrawPaper, { params: { paper }, body: { reason } });
      message.success('已撤回；原文仍可查看，期号不再使用。');
      onDone();
    });
  return (
    <Modal open title="撤回" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={send}>
        <Form.Item
          name="reason"
          label="理由"
          rules={[{ required: true, min: 2, whitespace: true, message: '请写明为什么撤回' }]}
        >
          <Input.TextArea autoFocus rows={3} maxLength={300} showCount />
        </Form.Item>
        <DialogButtons act="撤回" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
