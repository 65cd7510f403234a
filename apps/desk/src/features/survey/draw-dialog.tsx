import { drawCheck, rounds } from '@quanbao/contract/survey';
import { sampleSeed } from '@quanbao/domain/survey/checks';
import { App, DatePicker, Form, InputNumber, Modal, Radio, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

interface Props {
  readonly onClose: () => void;
  readonly onDone: (check: number) => void;
}
interface Fields {
  readonly round?: number;
  readonly days?: [Dayjs, Dayjs] | null;
  readonly by: 'percent' | 'count';
  readonly size: number;
  readonly number: number;
}

/** Draws visits to be checked; the number is on the table before anybody is drawn. */
export function DrawDialog({ onClose, onDone }: Props) {
  const { query } = useHere();
  const { message } = App.useApp();
  const { data } = useRead(rounds, {});
  const { busy, failure, run } = useAct();
  const [form] = Form.useForm<Fields>();
  const by = Form.useWatch('by', form) ?? 'percent';
  const round = Form.useWatch('round', form);
  const no = Form.useWatch('number', form);
  const send = (values: Fields): void => {
    void run(async () => {
      const { check, drawn } = await call(drawCheck, {
        body: {
          number: values.number,
          ...(query.region ? { region: query.region } : {}),
          ...(values.round === undefined ? {} : { round: values.round }),
          ...(values.days
            ? { from: values.days[0].format('YYYY-MM-DD'), to: values.days[1].format('YYYY-MM-DD') }
            : {}),
          ...(values.by === 'count' ? { count: values.size } : { percent: values.size }),
        },
      });
      message.success(`已抽取 ${number(drawn)} 条。`);
      onDone(check);
    });
  };
  return (
    <Modal open title="抽取走访复核" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ by: 'percent', size: 5, number: 1 }}
        onFinish={send}
      >
        <Form.Item name="round" label="走访任务" extra="不选则按日期抽。">
          <Select
            allowClear
            placeholder="不限任务"
            options={(data?.items ?? []).map((one) => ({ value: one.round, label: one.name }))}
          />
        </Form.Item>
        <Form.Item
          name="days"
          label="走访日期"
          extra={round === undefined ? '' : '不填则从任务开始到最近一天。'}
          rules={round === undefined ? [{ required: true, message: '请选任务，或选走访日期' }] : []}
        >
          <DatePicker.RangePicker />
        </Form.Item>
        <div className="survey-pair">
          <Form.Item name="by" label="抽多少">
            <Radio.Group
              options={[
                { value: 'percent', label: '按比例' },
                { value: 'count', label: '按条数' },
              ]}
            />
          </Form.Item>
          <Form.Item
            name="size"
            label={by === 'percent' ? '百分之几' : '条数'}
            rules={[{ required: true, message: '请填写' }]}
          >
            <InputNumber min={by === 'percent' ? 0.1 : 1} max={by === 'percent' ? 100 : 5000} />
          </Form.Item>
          <Form.Item
            name="number"
            label="抽样号"
            tooltip="先定号、后抽取；同一任务、同一个号抽出同样的走访。"
            rules={[{ required: true, message: '请填写' }]}
          >
            <InputNumber min={0} max={999_999} precision={0} />
          </Form.Item>
        </div>
        <p className="muted">抽样种子：{sampleSeed(round, no ?? 0)}，印在抽查表上。</p>
        <DialogButtons act="抽取" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
