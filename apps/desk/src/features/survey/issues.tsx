import { jobs } from '@quanbao/contract/sources';
import { bookIssues, issueBooks } from '@quanbao/contract/workbooks';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Progress } from '../../shell/job-progress.tsx';
import { isOver, useJob } from '../../shell/use-job.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Failure, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Issue } from './contract.ts';
import { DownloadDialog } from './download-dialog.tsx';
import { UnderWay } from './under-way.tsx';

const COLUMNS: readonly Column<Issue>[] = [
  { key: 'issue', title: '编号', width: 64, align: 'right', cell: ({ issue }) => issue },
  { key: 'place', title: '村（社区）', width: 220, cell: ({ region }) => region.path },
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
  { key: 'stamp', title: '底册编号', width: 266, cell: ({ stamp }) => <code>{stamp}</code> },
];

/** What has been handed out, and handing out more. */
export function Issues() {
  const { region, query, set } = useHere();
  const may = useMay();
  const [keys, setKeys] = useState<ReadonlySet<string | number>>(new Set());
  const [asking, setAsking] = useState(false);
  const [taking, setTaking] = useState<readonly number[]>();
  const pages = usePages(bookIssues, { query: { region, limit: 100 } });
  const chosen = pages.rows.filter(({ issue }) => keys.has(issue)).map(({ issue }) => issue);
  const mayIssue = may('people.export');
  const mayTake = may('workbooks.take');
  return (
    <>
      {mayIssue && query.issue === undefined && <UnderWay kind="issue" what="下发" />}
      <DataTable
        label="下发的底册"
        columns={COLUMNS}
        rows={pages.rows}
        keyOf={({ issue }) => issue}
        {...(mayTake ? { selection: { keys, onChange: setKeys } } : {})}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        tools={
          mayTake && (
            <>
              {mayIssue && (
                <Button type="primary" onClick={() => setAsking(true)}>
                  下发底册
                </Button>
              )}
              <Button disabled={chosen.length === 0} onClick={() => setTaking(chosen)}>
                {chosen.length > 0 ? `下载所选 ${number(chosen.length)} 份` : '下载所选'}
              </Button>
            </>
          )
        }
        empty={
          <Nothing title="这里还没有下发过底册">
            <p>
              {mayIssue
                ? '先在右上角选好乡镇或村，再点“下发底册”；村里用 Excel 或 WPS 填好返回。'
                : '乡镇下发以后，在这里下载本村的底册，用 Excel 或 WPS 填好返回。'}
            </p>
          </Nothing>
        }
      />
      {(asking || query.issue) && (
        <IssueDialog
          job={query.issue}
          onClose={() => {
            setAsking(false);
            set({ issue: null });
          }}
          onDone={(issues) => {
            setAsking(false);
            set({ issue: null });
            setKeys(new Set(issues));
            setTaking(issues);
          }}
        />
      )}
      {taking && <DownloadDialog issues={taking} onClose={() => setTaking(undefined)} />}
    </>
  );
}

/** Handing out goes on when the dialog is closed: it stands in the address, and is found again. */
function IssueDialog({
  job: issueId,
  onClose,
  onDone,
}: {
  readonly job: string | undefined;
  readonly onClose: () => void;
  readonly onDone: (issues: readonly number[]) => void;
}) {
  const { region, set } = useHere();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [openOnly, setOpenOnly] = useState(false);
  const { job, lost } = useJob(issueId);
  const { busy, failure, run } = useAct();
  const send = (): Promise<boolean> =>
    run(async () => {
      set({ issue: (await call(issueBooks, { body: { region, openOnly } })).job });
      await queries.invalidateQueries({ queryKey: [jobs.url] });
    });
  const issued = job?.issued;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has been done
  useEffect(() => {
    if (issued === undefined) return;
    message.success(`已下发 ${number(issued.issues.length)} 份底册，${number(issued.people)} 人。`);
    void queries.invalidateQueries({ queryKey: [bookIssues.url] });
    onDone(issued.issues);
  }, [issued]);
  const working = issueId !== undefined && !lost && !isOver(job);
  return (
    <Modal
      open
      title="下发底册"
      okText="下发并下载"
      cancelText={working ? '关闭（下发继续进行）' : '取消'}
      confirmLoading={busy || working}
      okButtonProps={{ disabled: lost !== undefined }}
      onOk={() => void send()}
      onCancel={onClose}
      mask={{ closable: !working }}
      destroyOnHidden
    >
      <p className="book-gap">
        右上角所选的区划，每村（社区）一份；还没有分到村的人另成一份。同时记下此刻的名单和答复，返回时据此分清哪些是表里改的、哪些是手机改的。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      {lost && <Alert type="warning" showIcon title={lost.message} />}
      {job?.problem && <Alert type="error" showIcon role="alert" title={job.problem.detail} />}
      {working ? (
        <Progress job={job} />
      ) : (
        <Checkbox checked={openOnly} onChange={(event) => setOpenOnly(event.target.checked)}>
          只含待核实（应保未保还没有落实的人）；不勾选则含全村户籍人口
        </Checkbox>
      )}
    </Modal>
  );
}
