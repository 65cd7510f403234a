import { regions } from '@quanbao/contract/regions';
import { raiseOrder } from '@quanbao/contract/supervision';
import { INDICATORS } from '@quanbao/domain/indicators/indicators';
import { useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { WarningLine } from './words.ts';

interface Fields {
  readonly region?: string;
  readonly office?: string;
  readonly subject?: string;
  readonly asked?: string;
  readonly due: Dayjs;
  readonly indicators?: string[];
}

interface Props {
  /** Raised by it: who, what and the figures are known. */
  readonly warning?: WarningLine;
  readonly onClose: () => void;
}

/** Raises an order by hand, or in one step by a warning. */
export function RaiseDialog({ warning, onClose }: Props) {
  const { asOf, query, go } = useHere();
  const { account } = useSession();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const { data } = useRead(regions, { query: asOf ? { asOf } : {} });
  const [form] = Form.useForm<Fields>();
  const office = Form.useWatch('office', form);
  const send = ({ due, region, ...values }: Fields): void => {
    void run(async () => {
      const more = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== ''));
      const { order, number } = await call(raiseOrder, {
        body: {
          region: warning?.region.code ?? region ?? account.region.code,
          due: due.format('YYYY-MM-DD'),
          ...(warning ? { warning: warning.rule } : {}),
          ...(query.asOf ? { asOf: query.asOf } : {}),
          ...more,
        },
      });
      message.success(`已下达${number}。`);
      await refreshAll(queries);
      go(`/orders/${order}`);
    });
  };
  const required = warning === undefined;
  return (
    <Modal open title="下达督办单" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      {warning && (
        <p>
          {warning.region.name}：{warning.words}。事项、要求和数字由预警带出，也可以自己写。
        </p>
      )}
      <Form<Fields> form={form} layout="vertical" onFinish={send}>
        {!warning && (
          <>
            <Form.Item name="office" label="承办部门" extra="督办乡镇、村时不填。">
              <Input maxLength={60} placeholder="如 税务" />
            </Form.Item>
            <Form.Item
              name="region"
              label="承办单位"
              rules={office ? [] : [{ required: true, message: '请选择乡镇或村，或填写承办部门' }]}
            >
              <Select
                showSearch
                allowClear
                optionFilterProp="label"
                placeholder="乡镇、村（社区）"
                options={(data?.items ?? [])
                  .filter(({ code }) => code.length > 6)
                  .map(({ code, name }) => ({ value: code, label: `${name}（${code}）` }))}
              />
            </Form.Item>
          </>
        )}
        <Form.Item
          name="subject"
          label="事项"
          rules={required ? [{ required: true, message: '请写明督办事项' }] : []}
        >
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item
          name="asked"
          label="办理要求"
          rules={required ? [{ required: true, message: '请写明办理要求' }] : []}
        >
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
        {!warning && (
          <Form.Item name="indicators" label="列出的数字">
            <Select
              mode="multiple"
              optionFilterProp="label"
              maxCount={12}
              options={INDICATORS.map(({ code, name }) => ({ value: code, label: name }))}
            />
          </Form.Item>
        )}
        <Form.Item name="due" label="办结时限" rules={[{ required: true, message: '请选办结时限' }]}>
          <DatePicker />
        </Form.Item>
        <DialogButtons act="下达" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
