import { changePlanShare } from '@quanbao/contract/targets';
import { changeKeepingSum } from '@quanbao/domain/targets/split';
import { useQueryClient } from '@tanstack/react-query';
import { Form, InputNumber, Modal, Select } from 'antd';
import { call } from '../../api/call.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { PlanPage, ShareLine } from './contract.ts';
import { amountText, refreshPlans } from './targets.ts';

interface Props {
  readonly of: PlanPage;
  readonly line: ShareLine;
  readonly onClose: () => void;
}
interface Fields {
  readonly amount: number;
  readonly from?: string;
}

/** One share by hand; what the others become is shown before it is done, and the sum stays. */
export function ChangeDialog({ of, line, onClose }: Props) {
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const [form] = Form.useForm<Fields>();
  const money = of.plan.unit === 'fen';
  const scale = money ? 100 : 1;
  const amount = Math.round((Form.useWatch('amount', form) ?? line.standing.amount / scale) * scale);
  const from = Form.useWatch('from', form);
  const siblings = of.places.filter(({ how }) => how !== '');
  const amounts = siblings.map(({ place, standing }) => ({ region: place.code, amount: standing.amount }));
  const send = (): void => {
    void run(async () => {
      await call(changePlanShare, {
        params: { plan: of.plan.plan },
        body: { region: line.place.code, amount, ...(from ? { from } : {}) },
      });
      await refreshPlans(queries);
      onClose();
    });
  };
  return (
    <Modal open title={`调整${line.place.name}的任务数`} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ amount: line.standing.amount / scale }}
        onFinish={send}
      >
        <Form.Item
          name="amount"
          label={`任务数${money ? '（元）' : ''}，现为 ${amountText(of.plan, line.standing.amount)}`}
          rules={[{ required: true, message: '请填任务数' }]}
        >
          <InputNumber autoFocus min={0} precision={money ? 2 : 0} />
        </Form.Item>
        <Form.Item name="from" label="差额由谁承担" extra="不选的由其他单位按比例分担，合计不变。">
          <Select
            allowClear
            showSearch
            optionFilterProp="label"
            options={siblings
              .filter(({ place }) => place.code !== line.place.code)
              .map(({ place, standing }) => ({
                value: place.code,
                label: `${place.name}（${amountText(of.plan, standing.amount)}）`,
              }))}
          />
        </Form.Item>
        <Preview
          of={of}
          lines={siblings}
          change={() => changeKeepingSum(amounts, line.place.code, amount, from)}
        />
        <DialogButtons act="调整" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

interface PreviewProps {
  readonly of: PlanPage;
  readonly lines: readonly ShareLine[];
  readonly change: () => readonly { readonly region: string; readonly amount: number }[];
}

function Preview({ of, lines, change }: PreviewProps) {
  let after: ReturnType<PreviewProps['change']>;
  try {
    after = change();
  } catch (error) {
    return <p className="target-notice wrong">{(error as Error).message}</p>;
  }
  const moved = after.filter(({ amount }, at) => amount !== lines[at]?.standing.amount);
  const sum = after.reduce((all, { amount }) => all + amount, 0);
  return (
    <div className="target-notice" role="status">
      合计 {amountText(of.plan, sum)}，不变。
      {moved.length === 0 ? '没有改动。' : `改动 ${moved.length} 个单位：`}
      <ul className="target-moved">
        {moved.map(({ region, amount }) => {
          const line = lines.find(({ place }) => place.code === region);
          return (
            <li key={region}>
              {line?.place.name} {amountText(of.plan, line?.standing.amount ?? 0)} →{' '}
              {amountText(of.plan, amount)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
