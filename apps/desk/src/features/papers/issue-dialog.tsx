import { issuePaper } from '@quanbao/contract/papers';
import { App, DatePicker, Form, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { OpenedPaper } from './contract.ts';

interface Props {
  readonly opened: OpenedPaper;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Issues exactly what was looked at: when a number has moved since, it is refused. */
export function IssueDialog({ opened, onClose, onDone }: Props) {
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const { line, digest, paper } = opened;
  const send = ({ dated }: { readonly dated: Dayjs }): void =>
    void run(async () => {
      const { number } = await call(issuePaper, {
        params: { paper: line.paper },
        body: { dated: dated.format('YYYY-MM-DD'), seen: digest },
      });
      message.success(`已印发，${number}。`);
      onDone();
    });
  return (
    <Modal open title="印发" footer={null} onCancel={onClose} destroyOnHidden>
      <p>《{paper.title}》</p>
      <p className="muted">印发后编期号，全文、数据和摘要一并留存，不能再改；要更正只能撤回重发。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" initialValues={{ dated: dayjs(line.day) }} onFinish={send}>
        <Form.Item name="dated" label="成文日期" rules={[{ required: true, message: '请选择成文日期' }]}>
          <DatePicker allowClear={false} minDate={dayjs(line.day)} />
        </Form.Item>
        <DialogButtons act="印发" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
