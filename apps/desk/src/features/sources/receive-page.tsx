import { commitUpload, dropUpload, tryUpload } from '@quanbao/contract/sources';
import { App, Button } from 'antd';
import { useCallback, useState } from 'react';
import { call } from '../../api/call.ts';
import { useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Failure } from '../../ui/states.tsx';
import { CheckStep } from './check-step.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { JobCard } from './job-card.tsx';
import { type Part, unsaid } from './parts.ts';
import { changePart, setReceipt, useReceipt } from './receipt.ts';
import { ReceiptCard } from './receipt-card.tsx';
import './sources.css';

const STEPS = [
  { key: 'files', title: '选文件' },
  { key: 'check', title: '核对来源和列' },
  { key: 'trial', title: '试算' },
  { key: 'receive', title: '接收与影响' },
] as const;
type Step = (typeof STEPS)[number]['key'];

/** Receiving lists, step by step; each step can be gone back to, and a receipt goes on when the page is closed. */
export default function ReceivePage() {
  const { account } = useSession();
  const { query, set } = useHere();
  const { modal } = App.useApp();
  const receipt = useReceipt(account.login);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const jobs = query.jobs?.split(',') ?? [];
  const known = receipt?.parts.filter((part) => part.receipt && jobs.includes(part.receipt)) ?? [];
  // Opened again by its address: the work is followed, whatever else has been begun since.
  const alone = jobs.length > 0 && known.length === 0;
  const step = stepOf(query.step, receipt?.parts, alone);
  const goTo = (next: Step): void => set({ step: next, jobs: null });
  const waiting = receipt?.parts.map((part) =>
    unsaid(part, receipt.uploaded.tables, receipt.uploaded.remembered),
  );
  const firstUnsaid = waiting?.find((words) => words !== undefined);

  const start = async (parts: readonly Part[], dryRun: boolean): Promise<void> => {
    if (!receipt) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const params = { upload: receipt.uploaded.upload };
      const started: string[] = [];
      for (const part of parts) {
        const { job } = await call(dryRun ? tryUpload : commitUpload, { params, body: part.intention });
        changePart(part.key, dryRun ? { trial: job } : { receipt: job });
        started.push(job);
      }
      if (dryRun) goTo('trial');
      else {
        const others = receipt.parts.flatMap((part) =>
          part.receipt && !parts.some(({ key }) => key === part.key) ? [part.receipt] : [],
        );
        set({ step: 'receive', jobs: [...others, ...started].join(',') });
      }
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const giveUp = (): void => {
    modal.confirm({
      title: '放弃这次上传？',
      content: '还没有接收的文件会从服务器删除；已经接收的报送不受影响。',
      okText: '放弃',
      cancelText: '继续办理',
      onOk: () => {
        if (receipt) void call(dropUpload, { params: { upload: receipt.uploaded.upload } }).catch(() => {});
        setReceipt(undefined);
        goTo('files');
      },
    });
  };
  const again = (): void => {
    setReceipt(undefined);
    goTo('files');
  };
  const [passed, setPassed] = useState<ReadonlySet<string>>(new Set());
  const tried = useCallback((job: string, may: boolean) => {
    setPassed((before) => (may ? new Set([...before, job]) : before));
  }, []);
  const unreceived = receipt?.parts.filter((part) => part.receipt === undefined) ?? [];
  const untried = receipt?.parts.filter((part) => part.trial === undefined) ?? [];

  return (
    <div className="page">
      <div className="page-head">
        <h1>接收名单</h1>
        <Steps at={step} reach={alone ? ['receive'] : reachable(receipt?.parts)} onGo={goTo} />
        <div className="page-tools">
          {receipt && step !== 'files' && step !== 'receive' && (
            <Button type="text" onClick={giveUp}>
              放弃这次上传
            </Button>
          )}
        </div>
      </div>
      {failure !== undefined && <Failure error={failure} />}
      {step === 'files' && <ChooseFiles onTaken={() => goTo('check')} />}
      {step === 'check' && receipt && (
        <>
          <CheckStep receipt={receipt} />
          <Bar hint={firstUnsaid}>
            <Button onClick={() => goTo('files')}>上一步</Button>
            <Button
              type="primary"
              loading={busy}
              disabled={firstUnsaid !== undefined}
              onClick={() => (untried.length > 0 ? void start(untried, true) : goTo('trial'))}
            >
              试算（不写入）
            </Button>
          </Bar>
        </>
      )}
      {step === 'trial' && receipt && (
        <>
          {receipt.parts.map((part) => (
            <JobCard key={part.key} job={part.trial} part={part} onOver={tried} />
          ))}
          <Bar hint="试算没有写入任何数据。核对上面的计数、拒收的行和影响，再接收。">
            <Button onClick={() => goTo('check')}>上一步</Button>
            <Button
              type="primary"
              loading={busy}
              disabled={
                unreceived.length === 0 ||
                unreceived.some(({ trial }) => trial === undefined || !passed.has(trial))
              }
              onClick={() => void start(unreceived, false)}
            >
              接收
            </Button>
          </Bar>
        </>
      )}
      {step === 'receive' && (
        <>
          {alone
            ? jobs.map((job) => <ReceiptCard key={job} job={job} />)
            : receipt?.parts
                .filter((part) => part.receipt !== undefined)
                .map((part) => (
                  <ReceiptCard
                    key={part.key}
                    job={part.receipt as string}
                    part={part}
                    onAgain={(change) => {
                      const intention = { ...part.intention, ...change };
                      changePart(part.key, { intention });
                      void start([{ ...part, intention }], false);
                    }}
                    onCorrect={() => {
                      const { receipt: _, ...kept } = part;
                      setReceipt({
                        ...receipt,
                        parts: receipt.parts.map((p) => (p.key === part.key ? kept : p)),
                      });
                      goTo('check');
                    }}
                  />
                ))}
          <Bar hint="接收在服务器上进行，关闭页面也不会中断；按本页地址重新打开可继续查看。">
            <Button onClick={again}>再接收一批</Button>
          </Bar>
        </>
      )}
    </div>
  );
}

function stepOf(asked: string | undefined, parts: readonly Part[] | undefined, alone: boolean): Step {
  if (alone) return 'receive';
  if (!parts) return 'files';
  // Opened from the menu: what is received is done with, the next list begins.
  const open = parts.some((part) => part.receipt === undefined);
  return STEPS.find(({ key }) => key === asked)?.key ?? (open ? 'check' : 'files');
}

function reachable(parts: readonly Part[] | undefined): readonly Step[] {
  if (!parts) return ['files'];
  return [
    'files',
    'check',
    ...(parts.some((part) => part.trial) ? (['trial'] as const) : []),
    ...(parts.some((part) => part.receipt) ? (['receive'] as const) : []),
  ];
}

function Steps({
  at,
  reach,
  onGo,
}: {
  readonly at: Step;
  readonly reach: readonly Step[];
  readonly onGo: (step: Step) => void;
}) {
  return (
    <nav aria-label="步骤">
      <ol className="steps">
        {STEPS.map(({ key, title }, index) => (
          <li key={key}>
            <button
              type="button"
              aria-current={key === at ? 'step' : undefined}
              disabled={!reach.includes(key) && key !== at}
              onClick={() => onGo(key)}
            >
              <span>{index + 1}</span> {title}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Bar({ hint, children }: { readonly hint?: string | undefined; readonly children: React.ReactNode }) {
  return (
    <div className="action-bar no-print">
      <span className="muted action-hint" role="status">
        {hint}
      </span>
      {children}
    </div>
  );
}
