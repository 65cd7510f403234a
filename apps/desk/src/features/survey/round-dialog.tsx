import { addRound } from '@quanbao/contract/survey';
import { ledgerKind } from '@quanbao/domain/ledger/kinds';
import { BASIS_WORDS, ROUND_BASES, ROUND_KINDS } from '@quanbao/domain/survey/rounds';
import { App, DatePicker, Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

interface Props {
  readonly onClose: () => void;
  readonly onDone: (round: number) => void;
}
interface Fields {
  readonly name: string;
  readonly basis: string;
  readonly kinds: string[];
  readonly days: [Dayjs, Dayjs];
  readonly quota?: number | null;
  readonly revisitDays?: number | null;
}

/** A round of visits for the region chosen above. */
export function RoundDialog({ onClose, onDone }: Props) {
  const { region, asOf } = useHere();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const start = dayjs(asOf);
  const send = ({ name, basis, kinds, days, quota, revisitDays }: Fields): void => {
    void run(async () => {
      const { round } = await call(addRound, {
        body: {
          name: name.trim(),
          basis,
          kinds,
          region,
          from: days[0].format('YYYY-MM-DD'),
          due: days[1].format('YYYY-MM-DD'),
          ...(quota ? { quota } : {}),
          ...(revisitDays ? { revisitDays } : {}),
        },
      });
      message.success('已布置；名单和进度随台账、走访自动变化。');
      onDone(round);
    });
  };
  return (
    <Modal open width={640} title="布置走访任务" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">范围是右上角选的区划；要只在一个乡镇或村走访，请先选好区划。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields>
        layout="vertical"
        initialValues={{ basis: 'ledger', kinds: ['uninsured'], days: [start, start.add(30, 'day')] }}
        onFinish={send}
      >
        <Form.Item
          name="name"
          label="名称"
          rules={[
            { required: true, min: 2, whitespace: true, message: '请起个名称，例如“九月应保未保走访”' },
          ]}
        >
          <Input autoFocus maxLength={60} placeholder="例如：九月应保未保走访" />
        </Form.Item>
        <Form.Item name="basis" label="名单来源">
          <Radio.Group className="survey-bases">
            {ROUND_BASES.map((basis) => (
              <Radio key={basis} value={basis}>
                {BASIS_WORDS[basis].title}
                <small className="muted">{BASIS_WORDS[basis].who}</small>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Form.Item
          name="kinds"
          label="看哪些台账"
          extra="台账来源的名单由它们组成；其他来源用它们看谁还没有落实。"
          rules={[{ required: true, message: '至少选一种' }]}
        >
          <Select
            mode="multiple"
            options={ROUND_KINDS.map((kind) => ({ value: kind, label: ledgerKind(kind).title }))}
          />
        </Form.Item>
        <div className="survey-pair">
          <Form.Item name="days" label="起止日期" rules={[{ required: true, message: '请选择起止日期' }]}>
            <DatePicker.RangePicker allowClear={false} />
          </Form.Item>
          <Form.Item name="quota" label="每人定额（人）" extra="可以不填。">
            <InputNumber min={1} max={100_000} precision={0} />
          </Form.Item>
          <Form.Item name="revisitDays" label="几天后复访" extra="走访后仍待核实的。">
            <InputNumber min={1} max={366} precision={0} />
          </Form.Item>
        </div>
        <DialogButtons act="布置" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
