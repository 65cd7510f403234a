import { addItem, changeItem } from '@quanbao/contract/checklist';
import { INDICATORS } from '@quanbao/domain/indicators/indicators';
import { useQueryClient } from '@tanstack/react-query';
import { DatePicker, Form, Input, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Item } from './contract.ts';

interface Props {
  readonly list: number;
  /** Changed where there is one, else a new one is added. */
  readonly item?: Item;
  readonly onClose: () => void;
}
interface Fields {
  readonly section?: string;
  readonly measure?: string;
  readonly units?: string;
  readonly rhythm?: Rhythm;
  readonly day?: Dayjs | null;
  readonly person?: string;
  readonly evidence?: string;
  readonly indicator?: string | null;
}
type Rhythm = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'ongoing';

const RHYTHMS: readonly { value: Rhythm; label: string }[] = [
  { value: 'day', label: '到期一次完成' },
  { value: 'week', label: '每周' },
  { value: 'month', label: '每月' },
  { value: 'quarter', label: '每季度' },
  { value: 'year', label: '每年' },
  { value: 'ongoing', label: '持续（每年销账）' },
];
const PROGRESS = INDICATORS.filter(({ kind }) => kind === 'rate').map(({ code, name }) => ({
  value: code,
  label: name,
}));

function timingOf({ rhythm = 'day', day }: Fields) {
  if (!day) return undefined;
  const from = day.format('YYYY-MM-DD');
  if (rhythm === 'day') return { kind: 'day' as const, day: from };
  return rhythm === 'ongoing'
    ? { kind: 'ongoing' as const, from }
    : { kind: 'every' as const, every: rhythm, from };
}

/** What a place adds to its list, or whom it names for an item of the paper; the paper's own words stay. */
export function ItemForm({ list, item, onClose }: Props) {
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const [form] = Form.useForm<Fields>();
  const rhythm = Form.useWatch('rhythm', form) ?? 'day';
  const save = async (fields: Fields): Promise<void> => {
    const timing = timingOf(fields);
    const common = {
      person: fields.person ?? '',
      evidence: fields.evidence ?? '',
      indicator: fields.indicator ?? '',
    };
    const done = await run(() =>
      item === undefined
        ? call(addItem, {
            params: { list },
            body: {
              ...common,
              section: fields.section ?? '',
              measure: fields.measure ?? '',
              units: fields.units ?? '',
              timing: timing as NonNullable<typeof timing>,
            },
          })
        : call(changeItem, {
            params: { list, item: item.item },
            body: { ...common, ...(timing === undefined ? {} : { timing }) },
          }),
    );
    if (!done) return;
    onClose();
    await refreshAll(queries);
  };
  const must = (message: string, min = 1) => [{ required: true, min, whitespace: true, message }];
  return (
    <Modal
      open
      width={600}
      title={item === undefined ? '清单里加一项' : `第 ${item.item} 项：责任人、时限和佐证`}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      {failure !== undefined && <Failure error={failure} />}
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          rhythm: 'day',
          person: item?.person,
          evidence: item?.evidence,
          indicator: item?.progress?.indicator,
        }}
        onFinish={(fields) => void save(fields)}
      >
        {item === undefined && (
          <>
            <Form.Item name="section" label="阶段或工作内容" rules={must('请写属于哪个阶段或哪类工作')}>
              <Input maxLength={80} />
            </Form.Item>
            <Form.Item name="measure" label="要做什么" rules={must('请写清要做什么（至少四个字）', 4)}>
              <Input.TextArea rows={3} maxLength={1000} />
            </Form.Item>
            <Form.Item name="units" label="责任单位" rules={must('请写责任单位')}>
              <Input maxLength={300} />
            </Form.Item>
          </>
        )}
        <div className="form-row">
          <Form.Item name="rhythm" label="多久一次">
            <Select options={[...RHYTHMS]} style={{ width: 180 }} />
          </Form.Item>
          <Form.Item
            name="day"
            label={rhythm === 'day' ? '完成时限' : '自哪天起'}
            {...(item === undefined
              ? { rules: [{ required: true, message: '请选日期' }] }
              : { extra: '不填则不变。' })}
          >
            <DatePicker />
          </Form.Item>
        </div>
        <Form.Item name="person" label="责任人">
          <Input maxLength={60} placeholder="姓名、职务" />
        </Form.Item>
        <Form.Item name="evidence" label="销账要附的佐证" extra="写了，申请销账时必须附文件。">
          <Input maxLength={200} placeholder="如 会议纪要、备案回执" />
        </Form.Item>
        <Form.Item name="indicator" label="进度取自指标">
          <Select allowClear showSearch optionFilterProp="label" options={PROGRESS} placeholder="没有" />
        </Form.Item>
        <DialogButtons act={item === undefined ? '添加' : '保存'} busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
