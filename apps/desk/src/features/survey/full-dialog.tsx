import { Form, Input, Modal } from 'antd';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

interface Props {
  readonly onClose: () => void;
  /** Gets the sheets with whole numbers. */
  readonly onReason: (reason: string) => Promise<void>;
}

/** Whole numbers are printed for a reason only, and the print is recorded. */
export function FullDialog({ onClose, onReason }: Props) {
  const { busy, failure, run } = useAct();
  return (
    <Modal open title="意愿书印全号" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">印全号会留痕，本县经办和审计都看得到；签完请交回扫描，多余的销毁。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={({ reason }: { reason: string }) => void run(() => onReason(reason))}>
        <Form.Item
          name="reason"
          label="事由"
          rules={[{ required: true, min: 2, whitespace: true, message: '请写明事由，例如“入户签意愿书”' }]}
        >
          <Input autoFocus maxLength={200} placeholder="例如：入户签意愿书" />
        </Form.Item>
        <DialogButtons act="显示全号" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
