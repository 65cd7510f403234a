import { downloadBooks } from '@quanbao/contract/workbooks';
import { App, Form, Input, Modal } from 'antd';
import { download } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

/** Whole numbers of people leave with it: why is asked, and stays in the trail. */
export function DownloadDialog({
  issues,
  onClose,
}: {
  readonly issues: readonly number[];
  readonly onClose: () => void;
}) {
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const send = async ({ reason }: { reason: string }): Promise<void> => {
    const done = await run(async () => {
      message.success(`已下载 ${await download(downloadBooks, { body: { issues: [...issues], reason } })}`);
    });
    if (done) onClose();
  };
  return (
    <Modal
      open
      title={`下载底册 ${number(issues.length)} 份`}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="muted">
        {issues.length > 1 ? '打成一个压缩包，按乡镇分文件夹。' : ''}
        表内有身份证号码全号，只发给所在的村，用后妥善保管。下载的时间、账号和事由会留痕。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" initialValues={{ reason: '下发入户摸底' }} onFinish={(v) => void send(v)}>
        <Form.Item
          name="reason"
          label="事由"
          rules={[{ required: true, min: 2, whitespace: true, message: '请写明为什么下载' }]}
        >
          <Input autoFocus maxLength={200} />
        </Form.Item>
        <DialogButtons act="下载" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
