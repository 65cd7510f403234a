import { bookIssues, issueBooks } from '@quanbao/contract/survey';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Modal } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Failure, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Issue } from './contract.ts';
import { DownloadDialog } from './download-dialog.tsx';

const COLUMNS: readonly Column<Issue>[] = [
  { key: 'issue', title: '编号', width: 64, align: 'right', cell: ({ issue }) => issue },
  { key: 'place', title: '村（社区）', width: 240, cell: ({ region }) => region.path },
  {
    key: 'people',
    title: '人数',
    width: 110,
    align: 'right',
    cell: ({ people, openOnly }) => (
      <>
        {number(people)}
        {openOnly && <small className="book-small">只含待核实</small>}
      </>
    ),
  },
  {
    key: 'answered',
    title: '已回（有效）',
    width: 150,
    cell: ({ answered, people }) => (
      <span className="book-progress">
        <span className="book-track">
          <i style={{ width: `${people === 0 ? 0 : (100 * answered) / people}%` }} />
        </span>
        {number(answered)}
      </span>
    ),
  },
  { key: 'asOf', title: '截至', width: 100, cell: ({ asOf }) => asOf },
  { key: 'at', title: '下发时间', width: 140, cell: ({ madeAt }) => localTime(madeAt) },
  { key: 'by', title: '下发人', width: 90, cell: ({ actor }) => actor },
  { key: 'stamp', title: '底册编号', width: 240, cell: ({ stamp }) => <code>{stamp}</code> },
];

/** What has been handed out, and handing out more. */
export function Issues() {
  const { region } = useHere();
  const may = useMay();
  const [keys, setKeys] = useState<ReadonlySet<string | number>>(new Set());
  const [asking, setAsking] = useState(false);
  const [taking, setTaking] = useState<readonly number[]>();
  const pages = usePages(bookIssues, { query: { region, limit: 100 } });
  const chosen = pages.rows.filter(({ issue }) => keys.has(issue)).map(({ issue }) => issue);
  const mine = may('people.export');
  return (
    <>
      <DataTable
        label="下发的底册"
        columns={COLUMNS}
        rows={pages.rows}
        keyOf={({ issue }) => issue}
        {...(mine ? { selection: { keys, onChange: setKeys } } : {})}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        tools={
          mine && (
            <>
              <Button type="primary" onClick={() => setAsking(true)}>
                下发底册
              </Button>
              <Button disabled={chosen.length === 0} onClick={() => setTaking(chosen)}>
                {chosen.length > 0 ? `下载所选 ${number(chosen.length)} 份` : '下载所选'}
              </Button>
            </>
          )
        }
        empty={
          <Nothing title="这里还没有下发过底册">
            <p>先在右上角选好乡镇或村，再点“下发底册”；村里用 Excel 或 WPS 填好返回。</p>
          </Nothing>
        }
      />
      {asking && (
        <IssueDialog
          onClose={() => setAsking(false)}
          onDone={(issues) => {
            setAsking(false);
            setKeys(new Set(issues));
            setTaking(issues);
          }}
        />
      )}
      {taking && <DownloadDialog issues={taking} onClose={() => setTaking(undefined)} />}
    </>
  );
}

function IssueDialog({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: (issues: readonly number[]) => void;
}) {
  const { region } = useHere();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [openOnly, setOpenOnly] = useState(false);
  const { busy, failure, run } = useAct();
  const send = (): Promise<boolean> =>
    run(async () => {
      const { items } = await call(issueBooks, { body: { region, openOnly } });
      const people = items.reduce((sum, one) => sum + one.people, 0);
      message.success(`已下发 ${number(items.length)} 份底册，${number(people)} 人。`);
      await queries.invalidateQueries({ queryKey: [bookIssues.url] });
      onDone(items.map(({ issue }) => issue));
    });
  return (
    <Modal
      open
      title="下发底册"
      okText="下发并下载"
      cancelText="取消"
      confirmLoading={busy}
      onOk={() => void send()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="book-gap">
        右上角所选的区划，每村（社区）一份；还没有分到村的人另成一份。同时记下此刻的名单和答复，返回时据此分清哪些是表里改的、哪些是手机改的。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Checkbox checked={openOnly} onChange={(event) => setOpenOnly(event.target.checked)}>
        只含待核实（应保未保还没有落实的人）；不勾选则含全村户籍人口
      </Checkbox>
    </Modal>
  );
}
