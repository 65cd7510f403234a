import { addCovers, surveyWorkers } from '@quanbao/contract/survey';
import { useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { call } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { number } from '../../ui/format.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { useSurveyDay } from './survey-day.ts';

interface Props {
  readonly villages: readonly { readonly code: string; readonly name: string }[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}
interface Fields {
  readonly accounts: string[];
  readonly group?: string;
  readonly from: Dayjs;
  readonly to?: Dayjs | null;
}

/** Gives villages to accounts that see them. */
export function CoverDialog({ villages, onClose, onDone }: Props) {
  const today = useSurveyDay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const workers = useRead(surveyWorkers, {});
  const { busy, failure, run } = useAct();
  // Whoever does not see all of the villages cannot be given them.
  const able = (workers.data?.items ?? []).filter(({ region }) =>
    villages.every(({ code }) => code.startsWith(region.code)),
  );
  const send = async ({ accounts, group, from, to }: Fields): Promise<void> => {
    const done = await run(async () => {
      const { covers } = await call(addCovers, {
        body: {
          villages: villages.map(({ code }) => code),
          accounts,
          from: from.format('YYYY-MM-DD'),
          ...(group?.trim() ? { group: group.trim() } : {}),
          ...(to ? { to: to.format('YYYY-MM-DD') } : {}),
        },
      });
      message.success(`已分派 ${number(covers)} 项。`);
    });
    if (!done) return;
    onDone();
    await refreshAll(queries);
  };
  return (
    <Modal
      open
      title={
        villages.length === 1
          ? `${villages[0]?.name}由谁走访`
          : `分派 ${number(villages.length)} 个村（社区）`
      }
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      {failure !== undefined && <Failure error={failure} />}
      {workers.error && <Failure error={workers.error} retry={() => void workers.refetch()} />}
      {today === undefined ? (
        <Loading />
      ) : (
        <Form<Fields>
          layout="vertical"
          initialValues={{ from: dayjs(today) }}
          onFinish={(values) => void send(values)}
        >
          <Form.Item
            name="accounts"
            label="走访员"
            extra={
              workers.data && able.length === 0
                ? '没有看得到全部所选村（社区）的账号；请分开选，或请系统管理员建账号。'
                : '只列出看得到所选村（社区）的账号，可以选几个。'
            }
            rules={[{ required: true, message: '请选择走访员' }]}
          >
            <Select
              mode="multiple"
              loading={workers.isFetching}
              optionFilterProp="label"
              options={able.map(({ login, name, region }) => ({
                value: login,
                label: `${name}（${login}，${region.path}）`,
              }))}
            />
          </Form.Item>
          <Form.Item
            name="group"
            label="只负责其中一个组"
            extra="按住址开头认，如“3组”“第1居民小组”；不填则负责整村。"
          >
            <Input maxLength={20} placeholder="整村" />
          </Form.Item>
          <div className="survey-pair">
            <Form.Item name="from" label="自哪天起" rules={[{ required: true, message: '请选择日期' }]}>
              <DatePicker allowClear={false} />
            </Form.Item>
            <Form.Item name="to" label="到哪天止" extra="当天起不再负责；可以不填。">
              <DatePicker />
            </Form.Item>
          </div>
          <DialogButtons act="分派" busy={busy} onCancel={onClose} />
        </Form>
      )}
    </Modal>
  );
}
