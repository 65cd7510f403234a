import type { AnswerOf } from '@quanbao/contract/route';
import {
  compareSubmissions,
  decideSubmission,
  prepareSubmission,
  submission,
  submissionFile,
  submitSubmission,
} from '@quanbao/contract/supervision';
import {
  ACT_WORDS,
  SUBMISSION_WORDS,
  type SubmissionAct,
  type SubmissionState,
} from '@quanbao/domain/supervision/submission';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Alert, App, Button, Form, Input, Modal, Select, Tag } from 'antd';
import { useState } from 'react';
import { call, download } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { localTime, longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { FormBody } from './form-body.tsx';
import { Sheet } from './sheet.tsx';
import './submission.css';

type SubmissionView = AnswerOf<typeof submission>;
type Change = SubmissionView['differences'][number];

/** One submission: as printed, its checks, what is known otherwise now, and what was done with it. */
export default function SubmissionPage() {
  const { submission: no = '' } = useParams({ strict: false }) as { submission?: string };
  const { href, query, set } = useHere();
  const [act, setAct] = useState<SubmissionAct>();
  const version = query.version === undefined ? undefined : Number(query.version);
  const { data, error, refetch } = useRead(submission, {
    params: { submission: Number(no) },
    query: version === undefined ? {} : { version },
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <div className="page">
      <div className="page-head no-print">
        <h1>
          {data.region.name} {data.formName} {data.periodTitle}
        </h1>
        <Tag>{SUBMISSION_WORDS[data.state as SubmissionState]}</Tag>
        <span className="muted">
          {longDay(data.due)}前报送
          {data.daysLate > 0 && `，迟 ${data.daysLate} 天`}；数字截至{longDay(data.day)}，第 {data.version}{' '}
          版，摘要 {data.digest.slice(0, 12)}
        </span>
        <div className="page-tools">
          <Go href={href('/calendar')}>报送日历</Go>
          {data.versions.length > 1 && (
            <Select
              aria-label="版本"
              value={data.version}
              options={data.versions.map((one) => ({
                value: one.version,
                label: `第 ${one.version} 版（${one.day}）`,
              }))}
              onChange={(value) => set({ version: String(value) })}
            />
          )}
          <Button
            onClick={() =>
              void download(submissionFile, {
                params: { submission: data.submission },
                query: { version: data.version },
              })
            }
          >
            下载 xlsx
          </Button>
          <Button onClick={() => window.print()}>打印</Button>
          {data.acts.map((one) => (
            <Button
              key={one}
              type={one === 'submit' || one === 'approve' ? 'primary' : 'default'}
              onClick={() => setAct(one as SubmissionAct)}
            >
              {one === 'prepare' ? '重新编制' : ACT_WORDS[one as SubmissionAct]}
            </Button>
          ))}
        </div>
      </div>
      <Checks data={data} />
      <Sheet layout={data.table.layout}>
        <FormBody form={data.table} preview />
      </Sheet>
      <section className="sup-part no-print">
        <h2>与现在的差异</h2>
        {data.differences.length === 0 ? (
          <p className="muted">按现在知道的情况重算{longDay(data.day)}的数字，与所报的完全一样。</p>
        ) : (
          <>
            <p>
              所报的数字没有改动；按现在知道的情况重算{longDay(data.day)}，有 {data.differences.length}{' '}
              格不同。
              {data.causes.length > 0 && '编制以后收到或撤销的有关名单：'}
            </p>
            {data.causes.length > 0 && (
              <ul>
                {data.causes.map((one) => (
                  <li key={one.delivery}>
                    <Go href={href(`/deliveries/${one.delivery}`)}>第 {one.delivery} 号报送</Go> {one.title}
                    （截至 {one.asOf}，{one.sender}，{localTime(one.at)} {one.undone ? '撤销' : '收到'}）
                  </li>
                ))}
              </ul>
            )}
            <Changes label="与现在的差异" items={data.differences} was="所报" now="现在" />
          </>
        )}
      </section>
      <Compare data={data} />
      <section className="sup-part no-print">
        <h2>办理记录</h2>
        <ol className="sup-steps">
          {data.events.map((one) => (
            <li key={`${one.at}${one.act}`}>
              <b>{one.title}</b>（第 {one.version} 版，{one.day}）{one.actor} {localTime(one.at)}
              {one.remark && <p>{one.remark}</p>}
            </li>
          ))}
        </ol>
      </section>
      {act && <ActDialog data={data} act={act} onClose={() => setAct(undefined)} />}
    </div>
  );
}

function Checks({ data }: { readonly data: SubmissionView }) {
  if (!data.intact) {
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        title="保存的表与编制时的摘要不符，已被改动；请联系系统管理员。"
      />
    );
  }
  const { failures } = data.table;
  if (failures.length === 0) return <p className="foots no-print">表内、表间关系核对无误。</p>;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="no-print"
      title={`这张表有 ${failures.length} 处不平，不能报送`}
      description={
        <ul>
          {failures.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      }
    />
  );
}

interface ChangesProps {
  readonly label: string;
  readonly items: readonly Change[];
  readonly was: string;
  readonly now: string;
}

function Changes({ label, items, was, now }: ChangesProps) {
  const columns: readonly Column<Change>[] = [
    { key: 'place', title: '行', width: 200, cell: ({ name }) => name },
    { key: 'column', title: '栏', width: 260, cell: ({ column, title }) => `${column} ${title}` },
    { key: 'was', title: was, width: 160, align: 'right', cell: (one) => one.was },
    { key: 'now', title: now, width: 160, align: 'right', cell: (one) => one.now },
  ];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={items}
      keyOf={(one) => `${one.code}${one.name}${one.column}`}
    />
  );
}

/** Beside another period's submission, cell by cell. */
function Compare({ data }: { readonly data: SubmissionView }) {
  const [against, setAgainst] = useState<number>();
  const { data: found, error } = useRead(
    compareSubmissions,
    {
      params: { submission: data.submission },
      query: { against: against ?? 0, version: data.version },
    },
    { enabled: against !== undefined },
  );
  if (data.others.length === 0) return null;
  return (
    <section className="sup-part no-print">
      <h2>与另一期比较</h2>
      <Select
        aria-label="另一期"
        className="sup-select"
        allowClear
        placeholder="选另一期"
        value={against}
        options={data.others.map((one) => ({ value: one.submission, label: one.title }))}
        onChange={(value?: number) => setAgainst(value)}
      />
      {error && against !== undefined && <Failure error={error} />}
      {found && against !== undefined && (
        <Changes label="与另一期比较" items={found.differences} was={found.was} now={found.now} />
      )}
    </section>
  );
}

interface ActProps {
  readonly data: SubmissionView;
  readonly act: SubmissionAct;
  readonly onClose: () => void;
}

function ActDialog({ data, act, onClose }: ActProps) {
  const queries = useQueryClient();
  const { set } = useHere();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const needsReason = act === 'return' || act === 'reopen';
  const words = act === 'prepare' ? '重新编制' : ACT_WORDS[act];
  const params = { submission: data.submission };
  const send = async (remark: string): Promise<unknown> => {
    if (act === 'submit') return call(submitSubmission, { params, body: { remark } });
    if (act !== 'prepare') return call(decideSubmission, { params, body: { act, remark } });
    const { form, every, period, region } = data;
    return call(prepareSubmission, { body: { form, every, period, region: region.code, remark } });
  };
  const order = ({ remark = '' }: { remark?: string }): void => {
    void run(async () => {
      await send(remark);
      message.success(`已${words}。`);
      onClose();
      set({ version: null });
      await refreshAll(queries);
    });
  };
  return (
    <Modal open title={`${words}${data.periodTitle}`} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      {act === 'prepare' && <p className="muted">按现在知道的情况重新取数，作为新的一版；以前的版本留着。</p>}
      <Form layout="vertical" onFinish={order}>
        <Form.Item
          name="remark"
          label={needsReason ? '理由' : '说明'}
          rules={needsReason ? [{ required: true, message: '请写明理由' }] : []}
        >
          <Input.TextArea rows={3} maxLength={300} />
        </Form.Item>
        <DialogButtons act={words} busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
