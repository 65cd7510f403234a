import { finding } from '@quanbao/contract/register';
import { COLUMN_WORDS } from '@quanbao/domain/coverage/words';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { useRead } from '../../../api/queries.ts';
import { useMay } from '../../../api/session.ts';
import { useHere } from '../../../shell/here.ts';
import { Go } from '../../../ui/go.tsx';
import { Failure, Loading } from '../../../ui/states.tsx';
import type { EvidenceLine } from '../contract.ts';
import { keyOf, Says } from '../evidence.tsx';
import type { Finding } from './contract.ts';
import { DecideDialog } from './decide-dialog.tsx';
import { UndoDecision } from './undo-decision.tsx';

interface Props {
  readonly person: number;
  readonly kind: string;
  readonly onClose: () => void;
  /** The finding under this one in the list. */
  readonly next: string | undefined;
}

/** Who says what about one person, side by side, and the decision that the rules suggest. */
export function SideBySide({ person, kind, onClose, next }: Props) {
  const { asOf, set, href } = useHere();
  const may = useMay();
  const [deciding, setDeciding] = useState(false);
  const { data, error, refetch } = useRead(finding, { params: { person, kind }, query: { asOf } });
  const shown = data?.line.person === person ? data : undefined;
  const suggested = shown?.suggested ?? undefined;
  return (
    <Drawer
      open
      size={920}
      title={shown ? `${shown.label}：${shown.line.name}` : '正在读取……'}
      onClose={onClose}
      extra={next && <Button onClick={() => set({ open: next })}>下一个</Button>}
    >
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!shown && !error && <Loading />}
      {shown && (
        <div className="report">
          <p>
            <Go href={href(`/people/${person}`)}>{shown.line.name}</Go> {shown.line.id}，{shown.line.birth}{' '}
            生，
            {shown.line.region.path}。现在的结论：<strong>{shown.line.verdict}</strong>。
          </p>
          <p className="muted">
            自 {shown.from} 起。办法：{shown.advice}。
          </p>
          <h2>各方说法</h2>
          <div className="sides">
            {shown.sides.map((side) => (
              <Side key={keyOf(side)} side={side} />
            ))}
          </div>
          {may('findings.decide') && (
            <section className="card suggestion" aria-labelledby="suggestion">
              <h2 id="suggestion">裁定</h2>
              {suggested ? (
                <p>
                  按规则建议：
                  <strong>
                    第 {suggested.column} 栏，{suggested.words}
                  </strong>
                  。{suggested.because}。
                </p>
              ) : (
                <p className="muted">规则没有建议：要先核实，或要在业务系统里处理。查明后可以裁定。</p>
              )}
              <Button type="primary" onClick={() => setDeciding(true)}>
                {suggested ? '按建议裁定……' : '裁定……'}
              </Button>
            </section>
          )}
          <Decided decisions={shown.decisions} />
        </div>
      )}
      {deciding && (
        <DecideDialog
          people={[person]}
          kind={kind}
          {...(suggested ? { suggested } : {})}
          onClose={() => setDeciding(false)}
          onDone={() => {
            setDeciding(false);
            onClose();
          }}
        />
      )}
    </Drawer>
  );
}

function Side({ side }: { readonly side: EvidenceLine }) {
  const { href } = useHere();
  const may = useMay();
  if (!side.visible) return <p className="muted">{side.title}</p>;
  return (
    <article className={side.decides ? 'side decides' : 'side'}>
      <h3>{side.title}</h3>
      <p className="muted">{side.office}</p>
      {side.decides && <span className="tag in-force">决定现在的结论</span>}
      <Says line={side} />
      <p className="muted">
        {side.from} 起{side.to && `，至 ${side.to} 前`}；截至 {side.asOf}，第 {side.row} 行
        {may('lists.read') && side.delivery > 0 && (
          <>
            ，<Go href={href(`/deliveries/${side.delivery}`)}>第 {side.delivery} 号报送</Go>
          </>
        )}
      </p>
    </article>
  );
}

function Decided({ decisions }: { readonly decisions: Finding['decisions'] }) {
  const may = useMay();
  if (decisions.length === 0) return null;
  return (
    <section aria-labelledby="decided">
      <h2 id="decided">已有的裁定</h2>
      <ul className="lines">
        {decisions.map((one) => (
          <li key={one.number}>
            <span>
              第 {one.number} 号：
              {!one.visible
                ? one.reason
                : one.column === null
                  ? '只裁定所在的村'
                  : (COLUMN_WORDS[one.column] ?? `第 ${one.column} 栏`)}
              {one.undone && <span className="tag undone">已撤回</span>}
              <small>{one.visible ? `${one.actor}，${one.reason}；材料：${one.document}` : one.actor}</small>
            </span>
            {!one.undone && may('findings.decide') && <UndoDecision number={one.number} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
