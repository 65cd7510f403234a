import { addFiling, answerFiling, filings, sendFiling } from '@quanbao/contract/checklist';
import { FILING_WORDS } from '@quanbao/domain/checklist/filing';
import { useQueryClient } from '@tanstack/react-query';
import { Button, DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { call, sendForm } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { FilePick } from '../../ui/file-pick.tsx';
import { longDay } from '../../ui/format.ts';
import { Failure, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Filing } from './contract.ts';
import './checklist.css';

const TONE: Readonly<Record<Filing['state'], string>> = {
  due: '',
  late: 'is-late',
  sent: 'conflict',
  received: 'in-force',
  answered: 'in-force',
};

/** 备案、上报: which paper reaches which office by when, whether it is sent, received and answered. */
export default function FilingsPage() {
  const { query } = useHere();
  const may = useMay();
  const [open, setOpen] = useState<{ kind: 'add' | 'send' | 'answer'; filing?: Filing }>();
  const { data, error, isFetching, refetch } = useRead(filings, { query: { asOf: query.asOf } });
  const columns: readonly Column<Filing>[] = [
    {
      key: 'title',
      title: '材料',
      width: 250,
      cell: ({ title, document }) => (
        <>
          {title}
          {document && <small className="checklist-sub">{document}</small>}
        </>
      ),
    },
    { key: 'region', title: '报送单位', width: 120, cell: ({ region }) => region.name },
    { key: 'office', title: '报送到', width: 200, cell: ({ office }) => office },
    { key: 'due', title: '时限', width: 110, cell: ({ due }) => due },
    {
      key: 'state',
      title: '状态',
      width: 110,
      cell: ({ state }) => <span className={`tag ${TONE[state]}`}>{FILING_WORDS[state]}</span>,
    },
    {
      key: 'sent',
      title: '报出、回执和答复',
      width: 230,
      cell: ({ sent, receipt, answer }) =>
        sent && (
          <>
            {sent.day} {sent.actor}
            {receipt && <small className="checklist-sub">回执：{receipt}</small>}
            {answer && <small className="checklist-sub">答复：{answer}</small>}
          </>
        ),
    },
  ];
  const close = (): void => setOpen(undefined);
  return (
    <div className="page">
      <div className="page-head">
        <h1>备案上报</h1>
        <span className="muted">
          {data && longDay(data.asOf)}：要报到上级的材料，报出、回执和答复都记下。
        </span>
      </div>
      <DataTable
        label="备案上报"
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ filing }) => filing}
        loading={isFetching && !data}
        error={error}
        onRetry={() => void refetch()}
        tools={may('checklist.write') && <Button onClick={() => setOpen({ kind: 'add' })}>登记材料</Button>}
        {...(may('checklist.write')
          ? {
              actionsWidth: 120,
              actions: (filing: Filing) =>
                filing.writes && (
                  <Button
                    size="small"
                    onClick={() => setOpen({ kind: filing.sent ? 'answer' : 'send', filing })}
                  >
                    {filing.sent ? '回执、答复' : '登记报出'}
                  </Button>
                ),
            }
          : {})}
        empty={<Nothing title="还没有要备案或上报的材料">载入附件2时自动带上报益阳备案的两份。</Nothing>}
      />
      {open?.kind === 'add' && <AddDialog onClose={close} />}
      {open?.kind === 'send' && open.filing && <SendDialog filing={open.filing} onClose={close} />}
      {open?.kind === 'answer' && open.filing && <AnswerDialog filing={open.filing} onClose={close} />}
    </div>
  );
}

function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const save = async ({
    title,
    office,
    due,
  }: {
    title: string;
    office: string;
    due: Dayjs;
  }): Promise<void> => {
    const body = { title, office, due: due.format('YYYY-MM-DD') };
    if (!(await run(() => call(addFiling, { body })))) return;
    onClose();
    await refreshAll(queries);
  };
  return (
    <Modal open title="登记要备案或上报的材料" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={(fields: never) => void save(fields)}>
        <Form.Item name="title" label="材料" rules={[{ required: true, min: 2, message: '请写材料名称' }]}>
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item
          name="office"
          label="报送到"
          rules={[{ required: true, min: 2, message: '请写报送到的单位' }]}
        >
          <Input maxLength={120} placeholder="如 益阳市人社局" />
        </Form.Item>
        <Form.Item name="due" label="时限" rules={[{ required: true, message: '请选日期' }]}>
          <DatePicker />
        </Form.Item>
        <DialogButtons act="登记" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

function SendDialog({ filing, onClose }: { readonly filing: Filing; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const { busy, failure, run } = useAct();
  const send = async ({ receipt }: { receipt?: string }): Promise<void> => {
    const form = new FormData();
    form.append('sent', JSON.stringify({ ...(receipt ? { receipt } : {}) }));
    if (file) form.append('document', file, file.name);
    if (!(await run(() => sendForm(sendFiling, form, { filing: filing.filing })))) return;
    onClose();
    await refreshAll(queries);
  };
  return (
    <Modal open title={`登记报出：${filing.title}`} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={(fields: { receipt?: string }) => void send(fields)}>
        <Form.Item label="报出的材料" required htmlFor="filing-document" extra="一个文件，加密保存。">
          <FilePick id="filing-document" label="报出的材料" file={file} onPick={setFile} />
        </Form.Item>
        <Form.Item name="receipt" label="回执号（已有的话）">
          <Input maxLength={200} />
        </Form.Item>
        <DialogButtons
          act="登记报出"
          busy={busy}
          onCancel={onClose}
          first={file ? undefined : '请先选择材料'}
        />
      </Form>
    </Modal>
  );
}

function AnswerDialog({ filing, onClose }: { readonly filing: Filing; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const save = async (fields: { receipt?: string; answer?: string }): Promise<void> => {
    if (!(await run(() => call(answerFiling, { params: { filing: filing.filing }, body: fields })))) return;
    onClose();
    await refreshAll(queries);
  };
  return (
    <Modal open title={`回执、答复：${filing.title}`} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        layout="vertical"
        initialValues={{ receipt: filing.receipt, answer: filing.answer }}
        onFinish={(fields: { receipt?: string; answer?: string }) => void save(fields)}
      >
        <Form.Item name="receipt" label="回执">
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="answer" label="答复">
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
        <DialogButtons act="保存" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
