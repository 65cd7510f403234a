import { dropPaper, paper as onePaper, paperFile, papers } from '@quanbao/contract/papers';
import { PAPER_STATES, PAPER_WORDS, type PaperKind } from '@quanbao/domain/supervision/paper/paper';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useState } from 'react';
import { call, download } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { IssueDialog } from './issue-dialog.tsx';
import { PaperSheet } from './paper-sheet.tsx';
import { Proof } from './proof.tsx';
import { Remarks } from './remarks.tsx';
import { WithdrawDialog } from './withdraw-dialog.tsx';
import './papers.css';

type Dialog = 'issue' | 'withdraw' | undefined;

/** One paper: to look at, to add words to, to issue, to take away as Word or on paper. */
export default function PaperPage() {
  const { paper: given } = useParams({ strict: false }) as { paper: string };
  const no = globalThis.Number(given);
  const { href, go } = useHere();
  const may = useMay();
  const queries = useQueryClient();
  const { modal, message } = App.useApp();
  const [dialog, setDialog] = useState<Dialog>();
  const { data, error, refetch } = useRead(onePaper, { params: { paper: no } });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const { line, paper } = data;
  const mine = line.mine && may('papers.write');
  const again = async (): Promise<void> => {
    setDialog(undefined);
    await Promise.all([refetch(), queries.invalidateQueries({ queryKey: [papers.url] })]);
  };
  const failed = (what: string) => (cause: unknown) =>
    void message.error(cause instanceof Problem ? cause.message : `${what}没有成功，请重试。`);
  const drop = (): void =>
    void modal.confirm({
      title: '删除这份草稿？',
      content: '草稿连同人工补充的文字一并删除；数字随时可以重新算。',
      okText: '删除',
      cancelText: '不删除',
      onOk: async () => {
        try {
          await call(dropPaper, { params: { paper: no } });
          await queries.invalidateQueries({ queryKey: [papers.url] });
          go('/papers');
        } catch (cause) {
          failed('删除')(cause);
        }
      },
    });
  return (
    <div className="page">
      <div className="page-head no-print">
        <h1>
          {line.region.name}
          {PAPER_WORDS[line.kind as PaperKind]}
        </h1>
        <span className={line.state === 'issued' ? 'tag paper-issued' : 'tag'}>
          {PAPER_STATES[line.state as keyof typeof PAPER_STATES]}
        </span>
        <span className="muted">
          {line.state === 'draft'
            ? '数字随名单变动，印发时固定；点数字看人。'
            : `统计到 ${line.day}；点数字看人。`}
        </span>
        <div className="page-tools">
          <Go href={href('/papers')}>全部材料</Go>
          <Go href={href('/paper-templates', { kind: line.kind })}>模板</Go>
          <Button onClick={() => window.print()}>打印或存为 PDF</Button>
          <Button onClick={() => void download(paperFile, { params: { paper: no } }).catch(failed('导出'))}>
            Word
          </Button>
          {mine && line.state === 'draft' && <Button onClick={drop}>删除</Button>}
          {mine && line.state === 'draft' && (
            <Button type="primary" onClick={() => setDialog('issue')}>
              印发……
            </Button>
          )}
          {mine && line.state === 'issued' && (
            <Button danger onClick={() => setDialog('withdraw')}>
              撤回……
            </Button>
          )}
        </div>
      </div>
      <div className="paper-columns">
        <PaperSheet paper={paper} />
        <aside className="no-print">
          {line.state === 'draft' ? (
            mine && <Remarks key={data.digest} opened={data} onSaved={() => void refetch()} />
          ) : (
            <Proof opened={data} />
          )}
        </aside>
      </div>
      {dialog === 'issue' && (
        <IssueDialog opened={data} onClose={() => setDialog(undefined)} onDone={() => void again()} />
      )}
      {dialog === 'withdraw' && (
        <WithdrawDialog paper={no} onClose={() => setDialog(undefined)} onDone={() => void again()} />
      )}
    </div>
  );
}
