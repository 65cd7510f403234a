import { delivery as deliveryRoute, rejected } from '@quanbao/contract/sources';
import { MODE_WORDS } from '@quanbao/domain/sources/words';
import { useParams } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { usePages, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { PeopleLink } from '../../shell/people-link.tsx';
import { fileSize } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import type { RejectedRow } from './contract.ts';
import { Counts } from './counts.tsx';
import { STATE_WORDS } from './delivery-words.ts';
import { EffectsView } from './effects-view.tsx';
import { FixDialog } from './fix-dialog.tsx';
import { Fixes } from './fixes.tsx';
import { RejectedTable } from './rejected-table.tsx';
import { HeadingsRead, ReasonsButton } from './report-view.tsx';
import './sources.css';
import { UndoDialog } from './undo-dialog.tsx';

/** Codes of rows that wait for the right number. */
const WRONG_NUMBER = /^id\.(?!blank)/;

/** One delivery: what came, what it changed, what was refused, and its undoing. */
export default function DeliveryPage() {
  const { delivery: given } = useParams({ strict: false }) as { delivery: string };
  const delivery = Number(given);
  const { href } = useHere();
  const may = useMay();
  const { data, error, refetch } = useRead(deliveryRoute, { params: { delivery } });
  const refused = usePages(rejected, { params: { delivery }, query: { limit: 50 } });
  const [undoing, setUndoing] = useState(false);
  const [fixing, setFixing] = useState<RejectedRow>();
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.line.delivery !== delivery) return <Loading />;
  const { line, files, report, mayUndo } = data;
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          第 {delivery} 号报送：{line.title}
        </h1>
        <span className={`tag ${line.state}`}>{STATE_WORDS[line.state]}</span>
        <div className="page-tools">
          <Go href={href('/deliveries', { source: line.source })}>这种名单的其他报送</Go>
          {may('lists.send') && report.rejectedCount > 0 && <ReasonsButton delivery={delivery} />}
          {mayUndo && (
            <Button danger onClick={() => setUndoing(true)}>
              撤销这份报送
            </Button>
          )}
        </div>
      </div>
      <section className="card" aria-label="概况">
        <dl className="facts">
          <div>
            <dt>报送单位</dt>
            <dd>
              {line.sender}（{line.office}）
            </dd>
          </div>
          <div>
            <dt>截至</dt>
            <dd>{line.asOf}</dd>
          </div>
          <div>
            <dt>范围</dt>
            <dd>
              {line.regionName}，{MODE_WORDS[line.mode]}
            </dd>
          </div>
          <div>
            <dt>收到</dt>
            <dd>
              {line.receivedAt}，{line.actor} 接收
            </dd>
          </div>
          {files.length > 0 && (
            <div>
              <dt>原文件（加密保存）</dt>
              <dd>{files.map(({ name, bytes }) => `${name}（${fileSize(bytes)}）`).join('、')}</dd>
            </div>
          )}
          {line.state === 'in-force' && (
            <div>
              <dt>涉及的人</dt>
              <dd>
                <PeopleLink of={{ delivery, asOf: line.asOf }}>结论由它决定或改变的人</PeopleLink>
              </dd>
            </div>
          )}
        </dl>
      </section>
      {line.state === 'replaced' && (
        <Alert
          type="info"
          showIcon
          title="同一天的后一份全量名单已经替换了这份。撤销后一份，这份重新有效。"
        />
      )}
      {report.warnings.map((warning) => (
        <Alert key={warning} type="warning" showIcon title={warning} />
      ))}
      <Counts counts={report} rejected={report.rejectedCount} />
      <EffectsView effects={report.effects} asOf={report.asOf} delivery={delivery} />
      {(report.rejectedCount > 0 || refused.error) && (
        <>
          {refused.error && <Failure error={refused.error} retry={refused.retry} />}
          <RejectedTable
            rows={refused.rows}
            total={refused.first?.total ?? report.rejectedCount}
            more={refused.more}
            onMore={refused.fetchMore}
            loading={refused.loading}
            {...(may('lists.undo') && line.state === 'in-force'
              ? {
                  actions: (row: RejectedRow) =>
                    WRONG_NUMBER.test(row.code) && row.no !== undefined ? (
                      <Button size="small" onClick={() => setFixing(row)}>
                        更正号码
                      </Button>
                    ) : null,
                }
              : {})}
          />
        </>
      )}
      {may('lists.undo') && <Fixes delivery={delivery} />}
      <HeadingsRead tables={report.tables} />
      {undoing && <UndoDialog line={line} onClose={() => setUndoing(false)} />}
      {fixing && <FixDialog delivery={delivery} row={fixing} onClose={() => setFixing(undefined)} />}
    </div>
  );
}
