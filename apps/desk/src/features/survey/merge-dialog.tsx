import { mergeBooks } from '@quanbao/contract/survey';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Merge, MergeLine } from './contract.ts';
import { refreshAll } from './refresh.ts';

/** What a merge would change, before it does. */
export function MergeDialog({
  returns,
  onClose,
}: {
  readonly returns: readonly number[];
  readonly onClose: () => void;
}) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { set } = useHere();
  const [trial, setTrial] = useState<Merge>();
  const look = useAct();
  const act = useAct();
  // biome-ignore lint/correctness/useExhaustiveDependencies: tried once, when it opens
  useEffect(() => {
    void look.run(async () =>
      setTrial(await call(mergeBooks, { body: { returns: [...returns], dryRun: true } })),
    );
  }, []);
  const merge = async (): Promise<void> => {
    const done = await act.run(async () => {
      const { outcomes, deliveries } = await call(mergeBooks, { body: { returns: [...returns] } });
      const brought = deliveries.length > 0 ? `，见报送第 ${deliveries.join('、')} 号` : '';
      message.success(
        `已写入 ${number(outcomes.apply)} 行${brought}；矛盾 ${number(outcomes.contradiction)} 行待裁决。`,
      );
      if (outcomes.contradiction > 0) set({ tab: 'contradictions' });
      await refreshAll(queries);
    });
    if (done) onClose();
  };
  return (
    <Modal open width={860} title="合并返回的底册" footer={null} onCancel={onClose} destroyOnHidden>
      {look.failure !== undefined && <Failure error={look.failure} />}
      {act.failure !== undefined && <Failure error={act.failure} />}
      {!trial && look.failure === undefined && <Loading words="正在试算，不写入……" />}
      {trial && (
        <>
          <ul className="book-outcomes">
            <li>
              <b>{number(trial.outcomes.apply)}</b> 行将写入（只有表里改过）
            </li>
            <li className={trial.outcomes.contradiction > 0 ? 'book-bad' : undefined}>
              <b>{number(trial.outcomes.contradiction)}</b> 行矛盾（表里和现有答复都改过），待裁决
            </li>
            <li>
              <b>{number(trial.outcomes.ours)}</b> 行维持现有（下发后只有现有答复改过）
            </li>
            <li>
              <b>{number(trial.outcomes.same + trial.outcomes.nothing)}</b> 行没有变化
            </li>
          </ul>
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
          <p className="muted">写入后是一份“底册合并”报送，可以在报送记录里整份撤销。</p>
          <div className="buttons">
            <Button type="primary" loading={act.busy} onClick={() => void merge()}>
              合并
            </Button>
            <Button onClick={onClose}>取消</Button>
          </div>
        </>
      )}
    </Modal>
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
