import { addAddressRule } from '@quanbao/contract/addresses';
import { regions } from '@quanbao/contract/regions';
import { RULE_KINDS } from '@quanbao/domain/addresses/rules';
import { useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, InputNumber, Modal, Radio, Select, TreeSelect } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useMemo } from 'react';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { villageTree } from '../../shell/region-tree.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Rule } from './contract.ts';
import { refreshRules } from './refresh.ts';
import { textsIn } from './rule-text.ts';

interface Props {
  /** The rule that the new one takes the place of. */
  readonly rule?: Rule;
  /** What a new one begins with. */
  readonly text?: string;
  /** The town whose rule it is to be, where one is chosen. */
  readonly town: string | undefined;
  readonly onClose: () => void;
}

interface Fields {
  readonly kind: string;
  readonly texts?: string;
  readonly without?: string;
  readonly parity: string;
  readonly first?: number | null;
  readonly last?: number | null;
  readonly village?: string;
  readonly owner: string;
  readonly from?: Dayjs | null;
  readonly to?: Dayjs | null;
  readonly note?: string;
}

/** A rule as it is written down. One that changes is retired, and this one takes its place. */
export function RuleDialog({ rule, text, town, onClose }: Props) {
  const { account, county } = useSession();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const kind = Form.useWatch('kind', form) ?? rule?.kind ?? 'pattern';
  const { data: places } = useRead(regions, { query: {} });
  const villages = useMemo(() => (places ? villageTree(places.items, places.root.code) : []), [places]);
  const towns = places?.items.filter((one) => one.level === 'town') ?? [];
  const withOwner = !rule && account.region.code.length <= 6;
  const { busy, failure, run } = useAct();
  const send = async (fields: Fields): Promise<void> => {
    const street = fields.kind === 'street';
    const follows = fields.kind === 'household';
    const done = await run(async () => {
      const added = await call(addAddressRule, {
        body: {
          kind: fields.kind,
          village: follows ? '' : (fields.village ?? ''),
          texts: follows ? [] : textsIn(fields.texts),
          without: follows ? [] : textsIn(fields.without),
          ...(street ? { parity: fields.parity } : {}),
          ...(street && fields.first ? { first: fields.first } : {}),
          ...(street && fields.last ? { last: fields.last } : {}),
          ...(fields.from ? { from: fields.from.format('YYYY-MM-DD') } : {}),
          ...(fields.to ? { to: fields.to.format('YYYY-MM-DD') } : {}),
          ...(fields.note ? { note: fields.note } : {}),
          ...(rule ? { replaces: rule.number } : { owner: fields.owner }),
        },
      });
      if (added.unreachable)
        message.warning(`第 ${added.number} 号规则已写入，但永远用不上：${added.unreachable}。`, 8);
      else message.success(`第 ${added.number} 号规则已写入。`);
    });
    if (!done) return;
    await refreshRules(queries);
    onClose();
  };
  return (
    <Modal
      open
      width={620}
      style={{ top: 56 }}
      title={rule ? `修改第 ${rule.number} 号规则` : '新增规则'}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      {failure !== undefined && <Failure error={failure} />}
      <Form
        form={form}
        layout="vertical"
        className="addresses-form"
        initialValues={{
          kind: rule?.kind ?? 'pattern',
          texts: rule?.texts.join('、') ?? text ?? '',
          without: rule?.without.join('、') ?? '',
          parity: rule?.parity ?? 'all',
          first: rule?.first ?? null,
          last: rule?.last ?? null,
          village: rule?.village?.code,
          owner: rule?.owner.code ?? town ?? account.region.code,
          from: rule?.from ? dayjs(rule.from) : null,
          to: rule?.to ? dayjs(rule.to) : null,
          note: rule?.note ?? '',
        }}
        onFinish={(values) => void send(values)}
      >
        <Form.Item name="kind" label="种类" extra={RULE_KINDS.find((one) => one.kind === kind)?.says}>
          <Radio.Group
            optionType="button"
            options={RULE_KINDS.map(({ kind: value, title }) => ({ value, label: title }))}
          />
        </Form.Item>
        {kind !== 'household' && (
          <>
            <Form.Item
              name="texts"
              label={TEXTS[kind]}
              extra="几段之间用顿号分开。只看有没有这些字，不用 % 和 *；1号、１号、一号是一样的。"
              rules={[{ required: true, whitespace: true, message: '请写出地址里要有的文字' }]}
            >
              <Input maxLength={200} autoFocus />
            </Form.Item>
            {kind === 'street' && (
              <div className="addresses-houses">
                <Form.Item name="parity" label="单双">
                  <Select options={PARITIES} />
                </Form.Item>
                <Form.Item name="first" label="从（号）">
                  <InputNumber min={1} max={9999} placeholder="不限" />
                </Form.Item>
                <Form.Item name="last" label="到（号）">
                  <InputNumber min={1} max={9999} placeholder="不限" />
                </Form.Item>
              </div>
            )}
            <Form.Item name="without" label="不含" extra="地址里有其中一段，就不按这条规则；可以不填。">
              <Input maxLength={200} />
            </Form.Item>
            <Form.Item name="village" label="归入" rules={[{ required: true, message: '请选择村（社区）' }]}>
              <TreeSelect
                treeData={villages}
                showSearch
                treeNodeFilterProp="title"
                treeDefaultExpandedKeys={town ? [town] : []}
                placeholder="村（社区）"
              />
            </Form.Item>
          </>
        )}
        <div className="addresses-pair">
          <Form.Item name="from" label="自" extra="分村的起日在这一天或以后，才用这条规则；不填则一直可用。">
            <DatePicker placeholder="不限" />
          </Form.Item>
          <Form.Item
            name="to"
            label="止"
            dependencies={['from']}
            extra="当天起不再用；不填则不止。"
            rules={[
              ({ getFieldValue }) => ({
                validator: (_, to: Dayjs | null) =>
                  to && getFieldValue('from') && !to.isAfter(getFieldValue('from'), 'day')
                    ? Promise.reject(new Error('止日应晚于起日'))
                    : Promise.resolve(),
              }),
            ]}
          >
            <DatePicker placeholder="不限" />
          </Form.Item>
        </div>
        <div className={withOwner ? 'addresses-pair' : ''}>
          {withOwner && (
            <Form.Item name="owner" label="属于" extra="乡镇自己的规则先用，全县的后用。">
              <Select
                options={[
                  { value: account.region.code, label: `${county.name}（全县）` },
                  ...towns.map((one) => ({ value: one.code, label: one.name })),
                ]}
              />
            </Form.Item>
          )}
          <Form.Item name="note" label="备注">
            <Input maxLength={100} placeholder="可以不填，例如依据哪份文件" />
          </Form.Item>
        </div>
        <DialogButtons act={rule ? '以此代替' : '写入'} busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

const TEXTS: Readonly<Record<string, string>> = {
  pattern: '地址里同时有',
  street: '街道、路、巷的名称',
  unit: '单位或小区的名称（有一个就算）',
};
const PARITIES = [
  { value: 'all', label: '全部' },
  { value: 'odd', label: '单号' },
  { value: 'even', label: '双号' },
];
