import { attach } from '@quanbao/contract/assessment';
import { Form, Modal } from 'antd';
import { useState } from 'react';
import { sendForm } from '../../api/call.ts';
import { useMay } from '../../api/session.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { FilePick } from '../../ui/file-pick.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { LineView, UnitView } from './contract.ts';

interface Props {
  readonly view: UnitView;
  readonly line?: LineView;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

/** A proof beside a line, or beside the whole self-assessment. */
export function AttachDialog({ view, line, onClose, onDone }: Props) {
  const may = useMay();
  const { busy, failure, run } = useAct();
  const [file, setFile] = useState<File>();
  const { round, standing } = view;
  const county = may('assessment.write') && !view.own && line?.byHand === true;
  const given = county ? 'fact' : round.state === 'draft' ? 'appeal' : 'self';
  const send = async (): Promise<void> => {
    if (file === undefined) return;
    const form = new FormData();
    form.append('attachment', JSON.stringify({ unit: standing.unit, line: line?.line ?? '', given }));
    form.append('files', file);
    if (await run(() => sendForm(attach, form, { assessment: round.assessment }))) await onDone();
  };
  return (
    <Modal
      open
      title={`附材料：${line?.title ?? '自查评估'}`}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={() => void send()}>
        <Form.Item label="文件" htmlFor="assess-file" extra="加密保存；每次查看都留痕。">
          <FilePick id="assess-file" label="考核材料" file={file} onPick={setFile} />
        </Form.Item>
        <DialogButtons
          act="上传"
          busy={busy}
          onCancel={onClose}
          first={file ? undefined : '选好文件后才能上传'}
        />
      </Form>
    </Modal>
  );
}
