import { exportLedger } from '@quanbao/contract/ledger';
import type { BodyOf } from '@quanbao/contract/route';
import { App, Button, Form, Input, Modal } from 'antd';
import { download } from '../../api/call.ts';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

interface Props {
  readonly filter: BodyOf<typeof exportLedger>['filter'];
  readonly total: number | undefined;
  readonly onClose: () => void;
}

/** The list leaves the system only with a reason, and the reason is printed on it. */
export function ExportDialog({ filter, total, onClose }: Props) {
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const send = async ({ reason }: { reason: string }): Promise<void> => {
    const done = await run(async () => {
      const name = await download(exportLedger, { body: { filter, reason } });
      message.success(`已导出 ${name}`);
    });
    if (done) onClose();
  };
  return (
    <Modal open title="导出台账" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">
        {total === undefined ? '' : `共 ${number(total)} 笔。`}
        身份证号码遮盖中间八位。导出的时间、账号和事由会留痕，并印在清单上。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={(values) => void send(values)}>
        <Form.Item
          name="reason"
          label="事由"
          rules={[{ required: true, min: 2, whitespace: true, message: '请写明为什么导出' }]}
        >
          <Input autoFocus maxLength={200} placeholder="例如：交各村逐户核实" />
        </Form.Item>
        <div className="buttons">
          <Button type="primary" htmlType="submit" loading={busy}>
            导出
          </Button>
          <Button onClick={onClose}>取消</Button>
        </div>
      </Form>
    </Modal>
  );
}
