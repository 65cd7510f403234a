import { assignItems } from '@quanbao/contract/ledger';
import { useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { refreshLedger } from './refresh.ts';

interface Props {
  readonly items: readonly { readonly number: string }[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Who takes care of the items, and by when; said again, the newer word holds. */
export function AssignDialog({ items, onClose, onDone }: Props) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const send = async ({ assignee, due }: { assignee: string; due?: Dayjs | null }): Promise<void> => {
    const done = await run(async () => {
      const { assigned } = await call(assignItems, {
        body: {
          numbers: items.map((item) => item.number),
          assignee: assignee.trim(),
          ...(due ? { due: due.format('YYYY-MM-DD') } : {}),
        },
      });
      message.success(`已分派 ${number(assigned)} 笔给 ${assignee.trim()}。`);
    });
    if (!done) return;
    onDone();
    await refreshLedger(queries);
  };
  return (
    <Modal
      open
      title={`分派 ${number(items.length)} 笔台账`}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="muted">已经分派过的改为新的承办人和期限。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={(values) => void send(values)}>
        <Form.Item
          name="assignee"
          label="承办人"
          rules={[{ required: true, whitespace: true, message: '请写明分派给谁' }]}
        >
          <Input autoFocus maxLength={64} placeholder="姓名或账号" />
        </Form.Item>
        <Form.Item name="due" label="办结期限" extra="可以不填。">
          <DatePicker />
        </Form.Item>
        <DialogButtons act="分派" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
