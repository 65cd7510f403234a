import { importPlan, makePlan } from '@quanbao/contract/targets';
import { INDICATORS } from '@quanbao/domain/indicators/indicators';
import { App, DatePicker, Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { call, sendForm } from '../../api/call.ts';
import { useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { FilePick } from '../../ui/file-pick.tsx';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

interface Props {
  readonly onClose: () => void;
  readonly onDone: (plan: number) => void;
}
interface Fields {
  readonly way: keyof typeof WAYS;
  readonly title?: string;
  readonly document?: string;
  readonly days?: [Dayjs, Dayjs] | null;
  readonly indicator?: string;
  readonly unit: 'heads' | 'fen';
  readonly total?: number;
  readonly by: string;
}

const WAYS = {
  file: { title: '导入附件1', what: '核实任务：县里的附件1（xlsx、xls、csv），合计和单位核对无误才建立' },
  shipped: { title: '沅江附件1', what: '核实任务：沅人社发〔2020〕44号，14 个单位，120,087 人' },
  list: { title: '按省厅名单', what: '核实任务：省厅名单上现有的人数，到村' },
  willing: { title: '按参保意愿', what: '扩面任务：现在摸底有参保意愿的人数，已登记的也在内，到村' },
  total: { title: '按总数分解', what: '其他任务：给一个总数，按权重分解到乡镇和村' },
} as const;

const COUNTS = INDICATORS.filter((one) => one.kind === 'count' && one.over !== 'plan');
const COUNT_OPTIONS = COUNTS.map(({ code, name }) => ({ value: code, label: name }));
export const WEIGHT_OPTIONS = [{ value: 'equal', label: '平均分' }, ...COUNT_OPTIONS];

/** A new plan, always a draft first: what it rests on, then its days and its paper. */
export function MakeDialog({ onClose, onDone }: Props) {
  const { asOf } = useHere();
  const { account } = useSession();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const [file, setFile] = useState<File>();
  const [form] = Form.useForm<Fields>();
  const way = Form.useWatch('way', form) ?? 'file';
  const unit = Form.useWatch('unit', form) ?? 'heads';
  const ways = Object.entries(WAYS).filter(([key]) => key !== 'shipped' || account.region.code === '430981');
  const send = (fields: Fields): void => {
    const about = {
      title: fields.title?.trim() ?? '',
      document: fields.document?.trim() ?? '',
      ...(fields.days
        ? { from: fields.days[0].format('YYYY-MM-DD'), due: fields.days[1].format('YYYY-MM-DD') }
        : {}),
    };
    void run(async () => {
      const plan =
        fields.way === 'file'
          ? await sendFile(about)
          : (await call(makePlan, { body: orderOf(fields, about) })).plan;
      message.success('已建立草稿；核对、调整后下达。');
      onDone(plan);
    });
  };
  const sendFile = async (about: object): Promise<number> => {
    const body = new FormData();
    body.append('plan', JSON.stringify({ kind: 'verify', ...about }));
    body.append('file', file as File, (file as File).name);
    const { plan, units, total } = await sendForm(importPlan, body);
    message.info(`读到 ${units} 个单位，合计 ${number(total)} 人，与各单位之和相符。`);
    return plan;
  };
  const orderOf = (fields: Fields, about: object) => {
    if (fields.way === 'shipped') return { ...about, kind: 'verify', basis: { of: 'annex1' } } as const;
    if (fields.way === 'list')
      return { ...about, kind: 'verify', basis: { of: 'count', ...(asOf ? { asOf } : {}) } } as const;
    if (fields.way === 'willing')
      return { ...about, kind: 'expand', basis: { of: 'count', ...(asOf ? { asOf } : {}) } } as const;
    const total = Math.round((fields.total ?? 0) * (fields.unit === 'fen' ? 100 : 1));
    const basis = { of: 'total', total, by: fields.by, ...(asOf ? { asOf } : {}) } as const;
    const indicator = fields.unit === 'fen' ? '' : (fields.indicator ?? '');
    return { ...about, kind: 'own', unit: fields.unit, indicator, basis } as const;
  };
  return (
    <Modal open width={640} title="新建任务" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ way: 'file', unit: 'heads', by: 'population' }}
        onFinish={send}
      >
        <Form.Item name="way" label="依据">
          <Radio.Group className="target-ways">
            {ways.map(([key, { title, what }]) => (
              <Radio key={key} value={key}>
                {title}
                <small className="muted">{what}</small>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        {way === 'file' && <FilePick label="附件1" accept=".xlsx,.xls,.csv" file={file} onPick={setFile} />}
        {way === 'total' && (
          <div className="target-pair">
            <Form.Item name="unit" label="单位">
              <Radio.Group
                options={[
                  { value: 'heads', label: '人数' },
                  { value: 'fen', label: '金额' },
                ]}
              />
            </Form.Item>
            <Form.Item
              name="total"
              label={unit === 'fen' ? '总额（元）' : '总人数'}
              rules={[{ required: true, message: '请填总数' }]}
            >
              <InputNumber min={0} max={90_000_000_000} precision={unit === 'fen' ? 2 : 0} />
            </Form.Item>
            <Form.Item name="by" label="按什么分解">
              <Select
                showSearch
                optionFilterProp="label"
                className="target-choice"
                options={WEIGHT_OPTIONS}
              />
            </Form.Item>
            {unit === 'heads' && (
              <Form.Item name="indicator" label="完成数看哪个指标" extra="不选的显示待接入。">
                <Select
                  allowClear
                  showSearch
                  optionFilterProp="label"
                  className="target-choice"
                  options={COUNT_OPTIONS}
                />
              </Form.Item>
            )}
          </div>
        )}
        <div className="target-pair">
          <Form.Item name="title" label="名称" extra="不填的按年度和种类起名。">
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="document" label="文号">
            <Input maxLength={100} placeholder="如：沅人社发〔2020〕44号" />
          </Form.Item>
          <Form.Item
            name="days"
            label="起止日期"
            extra={
              way === 'total' ? '不填的为全年，应在4月底前下达。' : '不填的到10月底，8月底50%、10月底100%。'
            }
          >
            <DatePicker.RangePicker defaultPickerValue={[dayjs(asOf), dayjs(asOf)]} />
          </Form.Item>
        </div>
        <DialogButtons
          act="建立草稿"
          busy={busy}
          onCancel={onClose}
          first={way === 'file' && !file ? '先选附件1 的文件' : undefined}
        />
      </Form>
    </Modal>
  );
}
