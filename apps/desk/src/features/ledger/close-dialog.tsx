import { type ClosingBody, closeItems } from '@quanbao/contract/ledger';
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { Static } from 'typebox';
import { sendForm } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { PaperFields } from '../../ui/paper-fields.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { paperOptions, proofsOf } from './question.ts';

interface Props {
  readonly items: readonly { readonly number: string; readonly kind: string }[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}
interface Fields {
  readonly reason: string;
  readonly paper: string;
  readonly from?: Dayjs | null;
}

/** Writes items off by hand: why, from when, and the paper that proves it. */
export function CloseDialog({ items, onClose, onDone }: Props) {
  const { asOf } = useHere();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [proof, setProof] = useState<File>();
  const { busy, failure, run } = useAct();
  const kinds = items.map(({ kind }) => kind);
  const papers = paperOptions(kinds);
  const send = async ({ reason, paper, from }: Fields): Promise<void> => {
    if (!proof) return;
    const closing: Static<typeof ClosingBody> = {
      numbers: items.map((item) => item.number),
      reason,
      paper,
      ...(from ? { from: from.format('YYYY-MM-DD') } : {}),
    };
    const form = new FormData();
    form.append('closing', JSON.stringify(closing));
    form.append('document', proof, proof.name);
    const done = await run(async () => {
      const { closed } = await sendForm(closeItems, form);
      message.success(`已销号 ${number(closed)} 笔。`);
    });
    if (!done) return;
    onDone();
    await refreshAll(queries);
  };
  return (
    <Modal
      open
      width={600}
      title={`人工销号 ${number(items.length)} 笔`}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="muted">人、理由和材料都留痕，可以撤回；再次出现时恢复原号。</p>
      <ul className="ledger-proofs">
        {proofsOf(kinds).map(({ title, proof: needed }) => (
          <li key={title}>
            {title}要有：{needed}
          </li>
        ))}
      </ul>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        layout="vertical"
        onFinish={(values: Fields) => void send(values)}
        initialValues={papers.length === 1 ? { paper: papers[0]?.value } : {}}
      >
        <PaperFields
          act="销号"
          why={{ least: 4, message: '请写明理由和佐证（至少四个字）' }}
          paper={{
            id: 'closing-document',
            title: '佐证材料',
            extra: '一个文件；加密保存。多份请先合成一个文件。',
          }}
          latest={asOf}
          file={proof}
          onPick={setProof}
          sort={
            <Form.Item
              name="paper"
              label="材料种类"
              rules={[{ required: true, message: '请选择附的是哪一种材料' }]}
            >
              <Select options={papers} placeholder="附的是哪一种材料" />
            </Form.Item>
          }
          busy={busy}
          onCancel={onClose}
        />
      </Form>
    </Modal>
  );
}
