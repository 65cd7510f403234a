import { addAct, advanceAssessment } from '@quanbao/contract/assessment';
import { Form, Input, Modal, Radio, Select } from 'antd';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { RoundView } from './contract.ts';

interface Closing {
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}
const DOCUMENT = [{ required: true, whitespace: true, message: '请写文件和文号' }];

export function PublishDialog({ assessment, onClose, onDone }: Closing & { readonly assessment: number }) {
  const { busy, failure, run } = useAct();
  const send = async ({ document }: { document: string }): Promise<void> => {
    const ok = await run(() =>
      call(advanceAssessment, { params: { assessment }, body: { to: 'published', document } }),
    );
    if (!ok) return;
    onClose();
    await onDone();
  };
  return (
    <Modal open title="公布考核结果" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">公布后各单位看到全部名次、得分和等次，逐项得分仍只看本单位。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form<{ document: string }> layout="vertical" onFinish={(fields) => void send(fields)}>
        <Form.Item name="document" label="通报文件和文号" rules={DOCUMENT}>
          <Input autoFocus maxLength={200} placeholder="例如：沅人社通〔2020〕31号" />
        </Form.Item>
        <DialogButtons act="公布" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

interface Fields {
  readonly kind: 'award' | 'accountability';
  readonly unit: string;
  readonly words: string;
  readonly document: string;
}

export function ActDialog({ view, onClose, onDone }: Closing & { readonly view: RoundView }) {
  const { busy, failure, run } = useAct();
  const { assessment } = view.round;
  const send = async (body: Fields): Promise<void> => {
    if (!(await run(() => call(addAct, { params: { assessment }, body })))) return;
    onClose();
    await onDone();
  };
  return (
    <Modal open title="登记表扬、问责" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields>
        layout="vertical"
        initialValues={{ kind: 'award' }}
        onFinish={(fields) => void send(fields)}
      >
        <Form.Item name="kind" label="种类">
          <Radio.Group
            options={[
              { value: 'award', label: '通报表扬' },
              { value: 'accountability', label: '问责' },
            ]}
          />
        </Form.Item>
        <Form.Item name="unit" label="单位" rules={[{ required: true, message: '请选择单位' }]}>
          <Select
            options={view.items.map(({ unit, name, gradeTitle }) => ({
              value: unit,
              label: `${name}（${gradeTitle}）`,
            }))}
          />
        </Form.Item>
        <Form.Item
          name="words"
          label="事由"
          rules={[{ required: true, whitespace: true, message: '请写事由' }]}
        >
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
        <Form.Item name="document" label="文件和文号" rules={DOCUMENT}>
          <Input maxLength={200} />
        </Form.Item>
        <DialogButtons act="登记" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
