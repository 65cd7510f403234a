import {
  LINE_KINDS,
  LINE_WORDS,
  type Method,
  type Scheme,
  type SchemeLine,
} from '@quanbao/domain/assessment/scheme';
import { INDICATORS, PENDING_INDICATORS } from '@quanbao/domain/indicators/indicators';
import { Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { methodText, readMethod, zeroText } from './method-text.ts';

interface Props {
  readonly scheme: Scheme;
  /** Undefined for a new one. */
  readonly line: SchemeLine | undefined;
  readonly onClose: () => void;
  readonly onDone: (line: SchemeLine) => void;
}
interface Fields {
  readonly code: string;
  readonly title: string;
  readonly basis: string;
  readonly kind: SchemeLine['kind'];
  readonly from: 'indicator' | 'fact';
  readonly indicator?: string;
  readonly name?: string;
  readonly unit?: string;
  readonly better?: 'more' | 'less';
  readonly full: number;
  readonly method: Method['kind'];
  readonly text: string;
  readonly zeroAt?: string;
  readonly grade?: string;
}

const CHOICES = [
  ...INDICATORS.filter(({ better }) => better !== 'none').map(({ code, name }) => ({
    value: code,
    label: name,
  })),
  ...PENDING_INDICATORS.map(({ code, name }) => ({ value: code, label: `${name}（待接入）` })),
];
const METHODS: readonly { value: Method['kind']; label: string; help: string }[] = [
  { value: 'steps', label: '分档', help: '每行一档：界限 分数，好的在前，如 98 20' },
  { value: 'proportional', label: '按比例', help: '每行一个目标：日期 数值，如 2020-10-31 100' },
  { value: 'each', label: '按件', help: '每一件加（扣）多少分，如 2' },
  { value: 'veto', label: '否决界限', help: '越过它就否决，如 0' },
];
const SOURCES = [
  { value: 'indicator', label: '名单算出的指标' },
  { value: 'fact', label: '县级登记的事项' },
];
const REQUIRED = (message: string) => [{ required: true, whitespace: true, message }];

function fieldsOf(line: SchemeLine | undefined): Partial<Fields> {
  if (line === undefined)
    return { kind: 'score', from: 'indicator', method: 'proportional', better: 'less', basis: '' };
  const { source, method } = line;
  return {
    ...line,
    ...('indicator' in source ? { from: 'indicator', ...source } : { from: 'fact', ...source.fact }),
    method: method.kind,
    text: methodText(source, method),
    zeroAt: zeroText(source, method),
    ...(method.kind === 'veto' ? { grade: method.grade } : {}),
  };
}

function lineOf(fields: Fields, before: SchemeLine | undefined): SchemeLine {
  const { code, title, basis, kind, full, method, text } = fields;
  const record = before && 'fact' in before.source ? before.source.fact.record : undefined;
  const source: SchemeLine['source'] =
    fields.from === 'indicator'
      ? { indicator: fields.indicator ?? '' }
      : {
          fact: {
            name: fields.name ?? '',
            unit: fields.unit ?? '',
            better: fields.better ?? 'less',
            ...(record === undefined ? {} : { record }),
          },
        };
  return {
    ...{ code, title, kind, source },
    basis: basis ?? '',
    full: kind === 'veto' ? 0 : full,
    method: readMethod(source, method, text, fields),
  };
}

/** One line of a scheme; what does not fit is said on the scheme's page. */
export function LineDialog({ scheme, line, onClose, onDone }: Props) {
  const [form] = Form.useForm<Fields>();
  const kind = Form.useWatch('kind', form);
  const from = Form.useWatch('from', form);
  const method = Form.useWatch('method', form);
  return (
    <Modal
      open
      width={760}
      style={{ top: 16 }}
      title={line === undefined ? '增加一行' : '修改一行'}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form<Fields>
        form={form}
        className="assess-line"
        layout="vertical"
        initialValues={fieldsOf(line)}
        onFinish={(fields) => onDone(lineOf(fields, line))}
      >
        <div className="assess-pair">
          <Form.Item name="title" label="考核内容" rules={REQUIRED('请写考核内容')}>
            <Input autoFocus maxLength={100} />
          </Form.Item>
          <Form.Item name="code" label="行代码" rules={REQUIRED('请写小写字母、数字或连字符')}>
            <Input maxLength={40} disabled={line !== undefined} />
          </Form.Item>
        </div>
        <div className="assess-quad">
          <Form.Item name="kind" label="种类">
            <Select options={LINE_KINDS.map((value) => ({ value, label: LINE_WORDS[value] }))} />
          </Form.Item>
          {kind !== 'veto' && (
            <Form.Item
              name="full"
              label={kind === 'score' ? '满分' : '最多'}
              rules={[{ required: true, message: '请写分数' }]}
            >
              <InputNumber min={0} max={10_000} />
            </Form.Item>
          )}
          <Form.Item name="basis" label="条款">
            <Input maxLength={200} />
          </Form.Item>
        </div>
        <Form.Item name="from" label="数值来自">
          <Radio.Group options={SOURCES} />
        </Form.Item>
        {from === 'indicator' ? (
          <Form.Item name="indicator" label="指标" rules={[{ required: true, message: '请选择指标' }]}>
            <Select showSearch={{ optionFilterProp: 'label' }} options={CHOICES} />
          </Form.Item>
        ) : (
          <div className="assess-quad">
            <Form.Item name="name" label="事项" rules={REQUIRED('请写事项')}>
              <Input maxLength={60} />
            </Form.Item>
            <Form.Item name="unit" label="单位" rules={REQUIRED('请写单位，如 次、件、%')}>
              <Input maxLength={10} />
            </Form.Item>
            <Form.Item name="better" label="好坏">
              <Select
                options={[
                  { value: 'more', label: '越多越好' },
                  { value: 'less', label: '越少越好' },
                ]}
              />
            </Form.Item>
          </div>
        )}
        <Form.Item name="method" label="计分办法">
          <Radio.Group options={METHODS.map(({ value, label }) => ({ value, label }))} />
        </Form.Item>
        <Form.Item
          name="text"
          label="标准"
          extra={`${METHODS.find(({ value }) => value === method)?.help ?? ''}；比率写百分数。`}
          rules={REQUIRED('请写标准')}
        >
          <Input.TextArea rows={method === 'steps' || method === 'proportional' ? 4 : 1} maxLength={500} />
        </Form.Item>
        {method === 'proportional' && (
          <Form.Item name="zeroAt" label="得 0 分的数值" extra="不填为 0；越少越好的必填。">
            <Input maxLength={20} />
          </Form.Item>
        )}
        {method === 'veto' && (
          <Form.Item name="grade" label="等次不高于" rules={[{ required: true, message: '请选择等次' }]}>
            <Select options={scheme.grades.map(({ code, title }) => ({ value: code, label: title }))} />
          </Form.Item>
        )}
        <DialogButtons act="确定" busy={false} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
