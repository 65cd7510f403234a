import { fullStatements, statements } from '@quanbao/contract/survey';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { FullDialog } from './full-dialog.tsx';
import './management.css';
import { Statement, type Statements, WHO, type Who } from './statement-sheet.tsx';
import { StatementsOfTown } from './statements-of-town.tsx';

/** 意愿书 to be printed and signed: of one person, of a village's list, or of a town's villages, a sheet each. */
export default function StatementsPage() {
  const { query, region, set } = useHere();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const person = query.person ? Number(query.person) : undefined;
  const who: Who = query.who === 'all' ? 'all' : 'refusing';
  const question = person === undefined ? { region, who } : { person };
  const key = JSON.stringify(question);
  const [full, setFull] = useState<{ key: string; answer: Statements }>();
  const ready = person !== undefined || region.length >= 12;
  const { data, error, refetch } = useRead(statements, { query: question }, { enabled: ready });
  if (!ready) return <StatementsOfTown key={region} who={who} />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const shown = full?.key === key ? full.answer : data;
  return (
    <div className="page">
      <div className="page-head no-print">
        <h1>意愿书</h1>
        {person === undefined && (
          <Select
            aria-label="印给谁"
            style={{ width: 270 }}
            value={who}
            options={[...WHO]}
            onChange={(value) => set({ who: value === 'refusing' ? null : value })}
          />
        )}
        <span className="muted">
          {number(shown.people.length)} 张，每人一页
          {shown.more > 0 && `；另有 ${number(shown.more)} 人请按组分次打印`}
          {shown === data ? '，号码遮盖' : '，印全号'}
        </span>
        <div className="page-tools">
          {may('people.reveal') && shown === data && shown.people.length > 0 && (
            <Button onClick={() => setAsking(true)}>印全号……</Button>
          )}
          <Button type="primary" disabled={shown.people.length === 0} onClick={() => window.print()}>
            打印
          </Button>
        </div>
      </div>
      {shown.people.length === 0 && (
        <Nothing title="没有要签意愿书的人">
          <p>答复不愿参保、还没有签意愿书的人会出现在这里；也可以改为全部应保未保的。</p>
        </Nothing>
      )}
      {shown.people.map((one) => (
        <Statement key={one.person} of={one} county={shown.county} facts={shown.facts} />
      ))}
      {asking && (
        <FullDialog
          onClose={() => setAsking(false)}
          onReason={async (reason) => {
            setFull({ key, answer: await call(fullStatements, { body: { ...question, reason } }) });
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}
