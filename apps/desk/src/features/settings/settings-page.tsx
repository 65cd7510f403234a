import type { AnswerOf } from '@quanbao/contract/route';
import { changeSetting, settings } from '@quanbao/contract/settings';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { number } from '../../ui/format.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

type Setting = AnswerOf<typeof settings>['items'][number];

/** Where a county may differ: each value with the day it begins, its paper and its law. */
export default function SettingsPage() {
  const may = useMay();
  const { asOf } = useHere();
  const { data, error, refetch } = useRead(settings, {});
  const [changing, setChanging] = useState<Setting>();
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>本县选项</h1>
        <span className="muted">自某日起改变，改变前的日子不受影响；受影响的人员会重新判定。</span>
      </div>
      {data.items.map((item) => (
        <section key={item.key} className="card" aria-label={item.title}>
          <div className="page-head">
            <h2>{item.title}</h2>
            {may('settings.write') && (
              <div className="page-tools">
                <Button onClick={() => setChanging(item)} aria-label={`改变“${item.title}”`}>
                  改变
                </Button>
              </div>
            )}
          </div>
          <p className="muted">{item.words}</p>
          <table className="data" aria-label={`${item.title}的取值`}>
            <colgroup>
              <col style={{ width: 240 }} />
              <col style={{ width: 110 }} />
              <col style={{ width: 240 }} />
              <col />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">取值</th>
                <th scope="col">起用</th>
                <th scope="col">文号</th>
                <th scope="col">依据</th>
              </tr>
            </thead>
            <tbody>
              {item.values.toReversed().map((one) => (
                <tr key={one.from} aria-selected={isNow(item, one.from, asOf)}>
                  <th scope="row">
                    {wordsOf(item, one.value)}
                    {isNow(item, one.from, asOf) && <span className="tag in-force">现行</span>}
                  </th>
                  <td>{one.from}</td>
                  <td>{one.document ?? '—'}</td>
                  <td>{one.source ?? '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      {changing && <ChangeDialog setting={changing} onClose={() => setChanging(undefined)} />}
    </div>
  );
}

function isNow(item: Setting, from: string, asOf: string | undefined): boolean {
  if (asOf === undefined) return false;
  return item.values.filter((one) => one.from <= asOf).at(-1)?.from === from;
}

function wordsOf({ choices, unit }: Setting, value: string): string {
  return choices?.find((choice) => choice.value === value)?.title ?? `${value}${unit}`;
}

function ChangeDialog({ setting, onClose }: { readonly setting: Setting; readonly onClose: () => void }) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const send = async (fields: { value: string; from: Dayjs; document: string }): Promise<void> => {
    const done = await run(async () => {
      const { people, changed } = await call(changeSetting, {
        params: { key: setting.key },
        body: { ...fields, from: fields.from.format('YYYY-MM-DD') },
      });
      message.success(`已改变。重新判定 ${number(people)} 人，其中 ${number(changed)} 人的结论改变。`);
      await refreshAll(queries);
    });
    if (done) onClose();
  };
  return (
    <Modal open title={`改变“${setting.title}”`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">{setting.words}</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={(fields) => void send(fields)}>
        <Form.Item
          name="value"
          label={setting.choices ? '取值' : `取值（${setting.unit}）`}
          rules={[{ required: true, message: '请选择或填写取值' }]}
        >
          {setting.choices ? (
            <Select options={setting.choices.map(({ value, title }) => ({ value, label: title }))} />
          ) : (
            <Input maxLength={40} />
          )}
        </Form.Item>
        <Form.Item name="from" label="自哪一天起" rules={[{ required: true, message: '请选择起用的日期' }]}>
          <DatePicker />
        </Form.Item>
        <Form.Item
          name="document"
          label="文号"
          extra="本县据以改变的文件，例如“沅政办发〔2020〕12号”。"
          rules={[{ required: true, whitespace: true, message: '请填写文号' }]}
        >
          <Input maxLength={80} />
        </Form.Item>
        <DialogButtons act="改变并重新判定" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
