import { previewUndo, undoDelivery } from '@quanbao/contract/sources';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { refreshSession } from '../../api/session.ts';
import { Progress } from '../../shell/job-progress.tsx';
import { isOver, useJob } from '../../shell/use-job.ts';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { DeliveryLine } from './contract.ts';
import { EffectsView } from './effects-view.tsx';

/** First what undoing would change, then the question in plain words. */
export function UndoDialog({ line, onClose }: { readonly line: DeliveryLine; readonly onClose: () => void }) {
  const { delivery, title, asOf } = line;
  const [previewId, setPreviewId] = useState<string>();
  const [undoId, setUndoId] = useState<string>();
  const preview = useJob(previewId);
  const undo = useJob(undoId);
  const { busy, failure, run } = useAct();
  const queries = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the preview is asked for once, when the dialog opens
  useEffect(() => {
    void run(async () => setPreviewId((await call(previewUndo, { params: { delivery } })).job));
  }, [delivery]);
  const done = undo.job?.state === 'done';
  useEffect(() => {
    if (!done) return;
    void refreshAll(queries);
    void refreshSession();
  }, [done, queries]);
  const found = done ? undo.job?.undo : preview.job?.undo;
  const problem = undo.job?.problem ?? preview.job?.problem;
  const lost = undo.lost ?? preview.lost;
  const working = undoId !== undefined && !undo.lost && !isOver(undo.job);
  return (
    <Modal
      open
      width={860}
      title={done ? `第 ${delivery} 号报送已撤销` : `撤销第 ${delivery} 号报送？`}
      onCancel={onClose}
      mask={{ closable: !working }}
      footer={
        done ? (
          <Button type="primary" onClick={onClose}>
            完成
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{working ? '关闭（撤销继续进行）' : '不撤销'}</Button>
            <Button
              danger
              type="primary"
              loading={busy || working}
              disabled={!found || problem !== undefined}
              onClick={() =>
                void run(async () => setUndoId((await call(undoDelivery, { params: { delivery } })).job))
              }
            >
              撤销这份报送
            </Button>
          </>
        )
      }
    >
      <div className="report">
        <p>
          {title}（截至 {asOf}）。撤销后，一切就像没有收到过这份名单一样；原文件和这次撤销都留痕。
        </p>
        {failure !== undefined && <Failure error={failure} />}
        {lost && <Alert type="warning" showIcon title={lost.message} />}
        {problem && <Alert type="error" showIcon role="alert" title={problem.detail} />}
        {!done && undoId === undefined && !found && !problem && <Progress job={preview.job} />}
        {working && <Progress job={undo.job} />}
        {found && (
          <>
            <p>
              涉及 <strong>{number(found.people)}</strong> 人，其中 <strong>{number(found.changed)}</strong>{' '}
              人的结论{done ? '已经改变' : '会改变'}。
            </p>
            <EffectsView effects={found.effects} asOf={asOf} />
          </>
        )}
      </div>
    </Modal>
  );
}
