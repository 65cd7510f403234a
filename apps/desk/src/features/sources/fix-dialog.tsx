import { fixRejected } from '@quanbao/contract/sources';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { RejectedRow } from './contract.ts';

interface Props {
  readonly delivery: number;
  readonly row: RejectedRow;
  readonly onClose: () => void;
}

/** The right number of a row that had a wrong one; then what the number is known as, so that a slip is seen. */
export function FixDialog({ delivery, row, onClose }: Props) {
  const [fixed, setFixed] = useState<Awaited<ReturnType<typeof fix>>>();
  const { busy, failure, run } = useAct();
  const queries = useQueryClient();
  async function fix(id: string) {
    return call(fixRejected, { params: { delivery, no: row.no as number }, body: { id } });
  }
  const close = (): void => {
    if (fixed) void refreshAll(queries);
    onClose();
  };
  return (
    <Modal
      open
      title="更正号码"
      onCancel={close}
      footer={fixed ? <Button onClick={close}>完成</Button> : null}
      destroyOnHidden
    >
      <p>
        {row.file} 第 {row.row} 行，填写的是 <strong>{row.value || '（空）'}</strong>：{row.message}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      {fixed ? (
        <Alert
          type={
            fixed.person.known && fixed.person.named && fixed.person.known !== fixed.person.named
              ? 'warning'
              : 'success'
          }
          showIcon
          role="status"
          title={`已更正，${fixed.changed} 人的结论改变。更正后的号码 ${fixed.person.id}，名单上叫“${fixed.person.named ?? '未填姓名'}”，${
            fixed.person.known ? `已知姓名“${fixed.person.known}”` : '系统里还没有这个号码'
          }。`}
          description={
            fixed.person.known && fixed.person.named && fixed.person.known !== fixed.person.named
              ? '两个姓名不同：请再核对号码。填错了，在本页“更正过的号码”里撤销，再重新更正。'
              : undefined
          }
        />
      ) : (
        <Form
          layout="vertical"
          onFinish={({ id }: { id: string }) => void run(async () => setFixed(await fix(id)))}
        >
          <Form.Item
            name="id"
            label="正确的身份证号码"
            rules={[{ required: true, message: '请填写 18 位身份证号码' }]}
          >
            <Input autoFocus autoComplete="off" maxLength={40} />
          </Form.Item>
          <DialogButtons act="更正并接收这一行" busy={busy} onCancel={close} />
        </Form>
      )}
    </Modal>
  );
}
