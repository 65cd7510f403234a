import { isSettledByReason, parseItemNumber } from '@quanbao/domain/ledger/kinds';
import { Button } from 'antd';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { localTime } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Owed } from '../../ui/owed.tsx';
import { AssignDialog } from './assign-dialog.tsx';
import { CloseDialog } from './close-dialog.tsx';
import type { ItemLine, Life } from './contract.ts';
import { stretchOn } from './life.ts';
import { StateTag } from './state-tag.tsx';
import { UndoClosing } from './undo-closing.tsx';

interface Props {
  readonly item: Life;
  readonly line: ItemLine | undefined;
}

/** Where an item comes from and where it stands: its days, what was recorded, the rule, closings by hand. */
export function ItemLife({ item, line }: Props) {
  const { asOf, href, go } = useHere();
  const may = useMay();
  const [doing, setDoing] = useState<'assign' | 'close'>();
  const now = stretchOn(item.life, asOf);
  const kind = parseItemNumber(item.number)?.kind ?? '';
  const mayClose =
    may('findings.decide') && item.rule.byHand !== null && now !== undefined && now.state !== 'closed';
  const one = [{ number: item.number, kind }];
  return (
    <div className="report">
      <dl className="facts">
        <div>
          <dt>何人</dt>
          <dd>
            <Go href={href(`/people/${item.person}`)}>{line?.name || '打开这个人'}</Go>
            {line && ` ${line.id}`}
          </dd>
        </div>
        {line && (
          <div>
            <dt>所在地</dt>
            <dd>{line.region.path}</dd>
          </div>
        )}
        {item.subject && (
          <div>
            <dt>事项</dt>
            <dd>{item.subject}</dd>
          </div>
        )}
        <div>
          <dt>编号</dt>
          <dd>{item.number}</dd>
        </div>
        <div>
          <dt>承办、期限</dt>
          <dd>
            {item.assignee ?? '未分派'}
            {item.due && `，${item.due} 前`}
          </dd>
        </div>
      </dl>
      {line?.missing && (
        <p>
          <Owed>{line.missing}</Owed>
        </p>
      )}
      {(may('visits.write') || mayClose) && (
        <div className="buttons">
          {may('visits.write') && <Button onClick={() => setDoing('assign')}>分派……</Button>}
          {may('visits.write') && isSettledByReason(kind) && (
            <Button onClick={() => go('/visits/new', { person: item.person })}>登记走访答复……</Button>
          )}
          {kind === 'uninsured' && (
            <Button onClick={() => go('/statements', { person: item.person })}>印意愿书</Button>
          )}
          {mayClose && <Button onClick={() => setDoing('close')}>人工销号……</Button>}
        </div>
      )}
      <h2>来龙去脉</h2>
      <ol className="ledger-life">
        {item.life.map((stretch) => (
          <li
            key={stretch.from}
            className={stretch.state}
            aria-current={stretch === now ? 'true' : undefined}
          >
            <span className="ledger-days">
              {stretch.from}
              {stretch.to ? ` 至 ${stretch.to}` : ' 起'}
            </span>
            <StateTag state={stretch.state} title={stretch.stateTitle} /> {stretch.why}
            {stretch === now && <b>截至 {asOf} 在此</b>}
            {asOf !== undefined && stretch.from > asOf && <span className="muted">届时</span>}
          </li>
        ))}
      </ol>
      <h2>记录</h2>
      <table className="data" aria-label="记录">
        <colgroup>
          <col style={{ width: 140 }} />
          <col style={{ width: 104 }} />
          <col style={{ width: 100 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">记录时间</th>
            <th scope="col">自哪一天</th>
            <th scope="col">何事</th>
            <th scope="col">依据</th>
          </tr>
        </thead>
        <tbody>
          {item.events.map((event) => (
            <tr key={`${event.at} ${event.day} ${event.what} ${event.why}`}>
              <td>{localTime(event.at)}</td>
              <td>{event.day}</td>
              <td>{event.what}</td>
              <td>{event.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {item.closings.length > 0 && <h2>人工销号</h2>}
      <ul className="lines">
        {item.closings.map((closing) => (
          <li key={closing.closing}>
            <span>
              {closing.reason}
              <small>
                {closing.actor}，自 {closing.from} 起；材料：{closing.paper ? `${closing.paper}，` : ''}
                {closing.document}
              </small>
            </span>
            <b>
              {closing.undone ? (
                <span className="tag undone">已撤回</span>
              ) : (
                may('findings.decide') && <UndoClosing closing={closing.closing} />
              )}
            </b>
          </li>
        ))}
      </ul>
      <h2>规则</h2>
      <dl className="ledger-rule">
        <dt>开账</dt>
        <dd>{item.rule.opens}</dd>
        <dt>销号</dt>
        <dd>{item.rule.closes}</dd>
        <dt>重新开账</dt>
        <dd>{item.rule.reopens}</dd>
        <dt>人工销号</dt>
        <dd>{item.rule.byHand ?? '不可以，只凭依据自动销号'}</dd>
      </dl>
      {doing === 'assign' && (
        <AssignDialog items={one} onClose={() => setDoing(undefined)} onDone={() => setDoing(undefined)} />
      )}
      {doing === 'close' && (
        <CloseDialog items={one} onClose={() => setDoing(undefined)} onDone={() => setDoing(undefined)} />
      )}
    </div>
  );
}
