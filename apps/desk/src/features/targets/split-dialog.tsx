import { splitPlan } from '@quanbao/contract/targets';
import { PLAN_WEIGHT, type PlanKind } from '@quanbao/domain/targets/plan';
import { useQueryClient } from '@tanstack/react-query';
import { Form, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { PlanPage } from './contract.ts';
import { type HandSplit, HandTable } from './hand-table.tsx';
import { WEIGHT_OPTIONS } from './make-dialog.tsx';
import { refreshPlans } from './targets.ts';

interface Props {
  readonly of: PlanPage;
  readonly onClose: () => void;
}
interface Fields {
  readonly level: 'towns' | 'villages';
  readonly by: string;
}

/** By hand: a weight for each, or what each is to have. */
const BY_HAND = [
  { value: 'weights', label: '手工填权重' },
  { value: 'amounts', label: '手工填任务数' },
] as const;

/** Divided by weight, with largest remainders: every level sums to the one above. */
export function SplitDialog({ of, onClose }: Props) {
  const { asOf } = useHere();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const [form] = Form.useForm<Fields>();
  const town = of.region.code.length === 9 ? of.region.code : undefined;
  const level = Form.useWatch('level', form) ?? 'villages';
  const by = Form.useWatch('by', form);
  const hand = BY_HAND.find(({ value }) => value === by)?.value;
  // A county divides to its towns by hand; to villages each town's own page does.
  const byHand = town !== undefined || level === 'towns';
  const [given, setGiven] = useState<HandSplit>();
  const send = (): void => {
    void run(async () => {
      const how = hand === undefined ? { by: by as string } : { weights: [...(given?.weights ?? [])] };
      await call(splitPlan, {
        params: { plan: of.plan.plan },
        body: { level, ...how, ...(asOf ? { asOf } : {}), ...(town ? { town } : {}) },
      });
      await refreshPlans(queries);
      onClose();
    });
  };
  return (
    <Modal
      open
      title={town ? `${of.region.name}分解到村（社区）` : '分解任务'}
      footer={null}
      width={hand === undefined ? 520 : 640}
      onCancel={onClose}
      destroyOnHidden
    >
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ level: 'villages', by: PLAN_WEIGHT[of.plan.kind as PlanKind] }}
        onFinish={send}
      >
        <Form.Item name="level" label="分解到" hidden={town !== undefined}>
          <Radio.Group
            options={[
              { value: 'villages', label: '村（社区），各乡镇的任务数不变' },
              { value: 'towns', label: '乡镇，总任务数不变；已分到村的随之重分' },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="by"
          label="按什么分"
          extra={
            hand === undefined
              ? '按最大余数法取整，各级之和都等于上一级；余数相同的按代码先后。都是 0 的平均分。'
              : undefined
          }
        >
          <Select
            showSearch
            optionFilterProp="label"
            options={[
              ...BY_HAND.map((one) => ({
                ...one,
                label: byHand ? one.label : `${one.label}（分到村的，在各乡镇的页面上填）`,
                disabled: !byHand,
              })),
              ...WEIGHT_OPTIONS,
            ]}
          />
        </Form.Item>
        {hand !== undefined && byHand && <HandTable key={hand} of={of} way={hand} onChange={setGiven} />}
        <DialogButtons
          act="分解"
          busy={busy}
          onCancel={onClose}
          first={hand === undefined ? undefined : byHand ? given?.wrong : '请选到乡镇，或换一种分法'}
        />
      </Form>
    </Modal>
  );
}
