import { beginAssessment, schemes } from '@quanbao/contract/assessment';
import { useQueryClient } from '@tanstack/react-query';
import { DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { refreshAssessments } from './contract.ts';

interface Props {
  readonly onClose: () => void;
  readonly onDone: (assessment: number) => void;
}
interface Fields {
  readonly scheme: string;
  readonly title?: string;
  readonly day: Dayjs;
  readonly selfDue?: Dayjs;
}

/** Computes a scheme on a day: the first step of a round. */
export function BeginDialog({ onClose, onDone }: Props) {
  const { asOf } = useHere();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const { data } = useRead(schemes, {});
  const day = dayjs(asOf);
  const send = ({ scheme, title, day: on, selfDue }: Fields): void => {
    void run(async () => {
      const { assessment } = await call(beginAssessment, {
        body: {
          scheme,
          ...(title?.trim() ? { title: title.trim() } : {}),
          day: on.format('YYYY-MM-DD'),
          ...(selfDue ? { selfDue: selfDue.format('YYYY-MM-DD') } : {}),
        },
      });
      await refreshAssessments(queries);
      onDone(assessment);
    });
  };
  return (
    <Modal open width={620} title="开始一轮考核" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields> layout="vertical" initialValues={{ day }} onFinish={send}>
        <Form.Item name="scheme" label="考核方案" rules={[{ required: true, message: '请选择考核方案' }]}>
          <Select
            autoFocus
            placeholder="选择方案"
            options={(data?.items ?? []).map((one) => ({
              value: one.code,
              label: `${one.title}（自 ${one.from} 起）`,
            }))}
          />
        </Form.Item>
        <Form.Item name="title" label="名称" extra="不填则用方案的名称。">
          <Input maxLength={80} placeholder="例如：全覆盖行动10月考核" />
        </Form.Item>
        <div className="assess-pair">
          <Form.Item name="day" label="考核日期" rules={[{ required: true, message: '请选择考核日期' }]}>
            <DatePicker allowClear={false} />
          </Form.Item>
          <Form.Item name="selfDue" label="自查截止" extra="不填则为考核日期前11天；已经过了的，为今天。">
            <DatePicker />
          </Form.Item>
        </div>
        <DialogButtons act="开始" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
