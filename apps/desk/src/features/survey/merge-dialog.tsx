import { jobs } from '@quanbao/contract/sources';
import { mergeBooks } from '@quanbao/contract/workbooks';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { Progress } from '../../shell/job-progress.tsx';
import { isOver, useJob } from '../../shell/use-job.ts';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Merge, MergeLine } from './contract.ts';

interface Props {
  readonly returns: readonly number[];
  /** A merge that was begun: it stands in the address, and goes on when the page is left. */
  readonly job: string | undefined;
  readonly onClose: () => void;
}

/** What a merge would change, before it does; then the merge as it goes on, and what it came to. */
export function MergeDialog({ returns, job: mergeId, onClose }: Props) {
  const queries = useQueryClient();
  const { set } = useHere();
  const [trialId, setTrialId] = useState<string>();
  const trial = useJob(mergeId === undefined ? trialId : undefined);
  const merge = useJob(mergeId);
  const { busy, failure, run } = useAct();
  // biome-ignore lint/correctness/useExhaustiveDependencies: tried once, when it opens
  useEffect(() => {
    if (mergeId !== undefined) return;
    void run(async () =>
      setTrialId((await call(mergeBooks, { body: { returns: [...returns], dryRun: true } })).job),
    );
  }, []);
  const over = isOver(merge.job);
  useEffect(() => {
    if (over) void refreshAll(queries);
  }, [over, queries]);
  const begin = (): Promise<boolean> =>
    run(async () => {
      const { job } = await call(mergeBooks, { body: { returns: [...returns] } });
      set({ merge: job });
      await queries.invalidateQueries({ queryKey: [jobs.url] });
    });
  const shown = mergeId === undefined ? trial : merge;
  const working = mergeId !== undefined && !over && !merge.lost;
  const done = merge.job?.merge;
  return (
    <Modal
      open
      width={860}
      title={done ? '合并完成' : '合并返回的底册'}
      onCancel={onClose}
      mask={{ closable: !working }}
      destroyOnHidden
      footer={
        mergeId === undefined ? (
          <>
            <Button onClick={onClose}>取消</Button>
            <Button
              type="primary"
              loading={busy && trialId !== undefined}
              disabled={!trial.job?.merge}
              onClick={() => void begin()}
            >
              合并
            </Button>
          </>
        ) : (
          <Button type={done ? 'primary' : 'default'} onClick={onClose}>
            {working ? '关闭（合并继续进行）' : '完成'}
          </Button>
        )
      }
    >
      {failure !== undefined && <Failure error={failure} />}
      {shown.lost && <Alert type="warning" showIcon title={shown.lost.message} />}
      {shown.job?.problem && <Alert type="error" showIcon role="alert" title={shown.job.problem.detail} />}
      {failure === undefined && !shown.lost && !isOver(shown.job) && (
        <>
          <p className="muted">{mergeId === undefined ? '正在试算，不写入。' : '正在合并。'}</p>
          <Progress job={shown.job} />
        </>
      )}
      {mergeId === undefined && trial.job?.merge && <Trial trial={trial.job.merge} />}
      {done && <Result merge={done} onContradictions={() => set({ merge: null, tab: 'contradictions' })} />}
    </Modal>
  );
}

function Trial({ trial }: { readonly trial: Merge }) {
  return (
    <>
      <Outcomes of={trial} will />
      {trial.lines.length > 0 && (
        <div className="book-lines">
          <table className="data" aria-label="会有的变化">
            <thead>
              <tr>
                <th scope="col">姓名</th>
                <th scope="col">所在地</th>
                <th scope="col">栏目</th>
                <th scope="col">现有答复</th>
                <th scope="col">返回的表</th>
              </tr>
            </thead>
            <tbody>
              {trial.lines.flatMap((line) =>
                line.parts.map((part) => (
                  <Change key={`${line.person} ${part.part}`} line={line} part={part} />
                )),
              )}
            </tbody>
          </table>
        </div>
      )}
      <p className="muted">写入后是“底册合并”报送，每个乡镇一份，可以在报送记录里撤销。</p>
    </>
  );
}

/** The clear end: what was written and where it is undone, what waits for somebody. */
function Result({
  merge,
  onContradictions,
}: {
  readonly merge: Merge;
  readonly onContradictions: () => void;
}) {
  const { href } = useHere();
  return (
    <>
      <Outcomes of={merge} />
      <p>
        {merge.deliveries.length === 0 ? (
          '没有写入任何变动。'
        ) : (
          <>
            写入的变动见报送{' '}
            {merge.deliveries.map((delivery, i) => (
              <span key={delivery}>
                {i > 0 && '、'}
                <Go href={href(`/deliveries/${delivery}`)}>第 {delivery} 号</Go>
              </span>
            ))}
            ，可以撤销。
          </>
        )}
      </p>
      {merge.outcomes.contradiction > 0 && (
        <Button onClick={onContradictions}>去裁决 {number(merge.outcomes.contradiction)} 行矛盾</Button>
      )}
    </>
  );
}

function Outcomes({ of: { outcomes }, will = false }: { readonly of: Merge; readonly will?: boolean }) {
  return (
    <ul className="book-outcomes">
      <li>
        <b>{number(outcomes.apply)}</b> 行{will ? '将' : '已'}写入（只有表里改过）
      </li>
      <li className={outcomes.contradiction > 0 ? 'book-bad' : undefined}>
        <b>{number(outcomes.contradiction)}</b> 行矛盾（表里和现有答复都改过），待裁决
      </li>
      <li>
        <b>{number(outcomes.ours)}</b> 行维持现有（下发后只有现有答复改过）
      </li>
      <li>
        <b>{number(outcomes.same + outcomes.nothing)}</b> 行没有变化
      </li>
    </ul>
  );
}

function Change({ line, part }: { readonly line: MergeLine; readonly part: MergeLine['parts'][number] }) {
  return (
    <tr>
      <td>{line.name}</td>
      <td>{line.region.path}</td>
      <td>{part.title}</td>
      <td>{part.ours || <span className="muted">没有</span>}</td>
      <td>
        {part.theirs}
        {line.outcome === 'contradiction' && <span className="tag book-refused">矛盾</span>}
      </td>
    </tr>
  );
}
