import { draftPaper } from '@quanbao/contract/papers';
import {
  PAPER_KINDS,
  PAPER_WORDS,
  type PaperKind,
  TOWN_KINDS,
} from '@quanbao/domain/supervision/paper/paper';
import { DatePicker, Form, Modal, Radio } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

interface Props {
  readonly onClose: () => void;
  readonly onDone: (paper: number) => void;
}
interface Fields {
  readonly kind: PaperKind;
  readonly day: Dayjs;
}

const WHEN: Readonly<Record<PaperKind, string>> = {
  weekly: '同前七天比',
  monthly: '同上月末比，附调度表',
  acceptance: '专项行动结束时',
  report: '报县（市、区）政府',
  quarterly: '同上季末比，可以按乡镇作',
};

/** A paper of the region chosen above; one of the same day that is a draft still is opened. */
export function DraftDialog({ onClose, onDone }: Props) {
  const { region, asOf } = useHere();
  const { busy, failure, run } = useAct();
  const kinds = region.length > 6 ? TOWN_KINDS : PAPER_KINDS;
  const send = ({ kind, day }: Fields): void => {
    void run(async () => {
      const { paper } = await call(draftPaper, { body: { kind, region, day: day.format('YYYY-MM-DD') } });
      onDone(paper);
    });
  };
  return (
    <Modal open title="起草材料" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">范围是右上角选的县或乡镇。草稿里的数字随名单变动，印发时才固定。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields>
        layout="vertical"
        initialValues={{ kind: 'weekly', ...(asOf === undefined ? {} : { day: dayjs(asOf) }) }}
        onFinish={send}
      >
        <Form.Item name="kind" label="种类">
          <Radio.Group className="paper-kinds">
            {kinds.map((kind) => (
              <Radio key={kind} value={kind}>
                {PAPER_WORDS[kind]} <small className="muted">{WHEN[kind]}</small>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Form.Item name="day" label="统计到哪一天" rules={[{ required: true, message: '请选择日期' }]}>
          <DatePicker allowClear={false} />
        </Form.Item>
        <DialogButtons act="起草" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
