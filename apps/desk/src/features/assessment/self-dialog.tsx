import { selfAssess } from '@quanbao/contract/assessment';
import { Form, Input, InputNumber, Modal } from 'antd';
import { Fragment } from 'react';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { LEFT_WORDS, meant, typed, type UnitView } from './contract.ts';

interface Props {
  readonly view: UnitView;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}
interface Fields {
  readonly text: string;
  readonly lines: Readonly<Record<string, { readonly amount?: number | null; readonly remark?: string }>>;
}

/** A unit's own value and words, beside what was computed. */
export function SelfDialog({ view, onClose, onDone }: Props) {
  const { busy, failure, run } = useAct();
  const { round, lines, standing } = view;
  const send = async (fields: Fields): Promise<void> => {
    const body = {
      unit: standing.unit,
      text: fields.text,
      lines: lines
        .map(({ line, rate }) => ({
          line,
          amount: meant(rate, fields.lines[line]?.amount),
          remark: fields.lines[line]?.remark ?? '',
        }))
        .filter((one) => one.amount !== null || one.remark.trim() !== ''),
    };
    if (await run(() => call(selfAssess, { params: { assessment: round.assessment }, body }))) await onDone();
  };
  return (
    <Modal open width={860} title="自查评估" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">
        自报的数值写在系统计算的数值旁边，不改变得分；与系统不同的请写明原因。截止 {round.selfDue}。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields>
        layout="vertical"
        initialValues={{
          text: view.selfText,
          lines: Object.fromEntries(
            lines.map(({ line, rate, self }) => [
              line,
              { amount: typed(rate, self?.amount), remark: self?.remark },
            ]),
          ),
        }}
        onFinish={(fields) => void send(fields)}
      >
        <Form.Item
          name="text"
          label="自查评估情况"
          rules={[{ required: true, min: 5, whitespace: true, message: '请写自查评估情况（至少五个字）' }]}
        >
          <Input.TextArea autoFocus rows={5} maxLength={5000} showCount />
        </Form.Item>
        <div className="assess-self">
          <b>考核内容（系统计算）</b>
          <b>自报</b>
          <b>说明</b>
          {lines.map(({ line, title, unit, state, text }) => (
            <Fragment key={line}>
              <span>
                {title}（{state === 'judged' ? text : LEFT_WORDS[state]}）
              </span>
              <Form.Item name={['lines', line, 'amount']} noStyle>
                <InputNumber aria-label={`${title}自报`} suffix={unit} style={{ width: '100%' }} />
              </Form.Item>
              <Form.Item name={['lines', line, 'remark']} noStyle>
                <Input aria-label={`${title}说明`} maxLength={500} />
              </Form.Item>
            </Fragment>
          ))}
        </div>
        <DialogButtons act="报送" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
