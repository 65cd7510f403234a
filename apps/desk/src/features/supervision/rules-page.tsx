import { setSupervisionRules, supervisionRules } from '@quanbao/contract/supervision';
import { checkEscalation } from '@quanbao/domain/supervision/order';
import { checkWarnings } from '@quanbao/domain/supervision/warning';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Input } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { CalendarRules, EscalationRules } from './rules-duties.tsx';
import { RulesHistory } from './rules-history.tsx';
import { WarningRules } from './rules-warnings.tsx';
import type { Rules } from './words.ts';
import './supervision.css';

const PARTS = ['warnings', 'escalation', 'calendar'] as const;
const PART_WORDS = { warnings: '预警档次', escalation: '督办升级', calendar: '报送日历' } as const;

/** 调度规则: when a place turns yellow, when it is asked for an answer, who hears of it, which form is owed when. */
export default function RulesPage() {
  const { query } = useHere();
  const { data, error, refetch } = useRead(supervisionRules, { query: { asOf: query.asOf } });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return <Editor key={JSON.stringify(data)} stored={data} />;
}

function Editor({ stored }: { readonly stored: Rules }) {
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const was = {
    warnings: stored.warnings.body,
    escalation: stored.escalation.body,
    calendar: stored.calendar.body,
  };
  const [draft, setDraft] = useState(was);
  const [from, setFrom] = useState(stored.asOf);
  const [document, setDocument] = useState('');
  const write = may('supervision.write');
  const changed = PARTS.filter((part) => JSON.stringify(draft[part]) !== JSON.stringify(was[part]));
  const wrong = problemOf(() => {
    checkWarnings(draft.warnings);
    checkEscalation(draft.escalation);
  });
  const first =
    changed.length === 0
      ? '没有改动'
      : (wrong ?? (document.trim().length < 2 ? '先写明依据（文件、会议或事由）' : undefined));
  const save = (): void => {
    void run(async () => {
      const parts = Object.fromEntries(changed.map((part) => [part, structuredClone(draft[part])]));
      await call(setSupervisionRules, { body: { from, document: document.trim(), ...parts } });
      message.success(`已保存，自 ${from} 起执行。`);
      await refreshAll(queries);
    });
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>调度规则</h1>
        <span className="muted">
          {stored.asOf} 在用的预警档次、督办升级和报送日历；改动自某日起执行，以前各天照旧。
        </span>
        <div className="page-tools no-print">
          <Button onClick={() => window.print()}>打印</Button>
        </div>
      </div>
      {failure !== undefined && <Failure error={failure} />}
      <WarningRules
        rules={draft.warnings}
        said={stored.warnings}
        write={write}
        sound={wrong === undefined}
        onChange={(warnings) => setDraft({ ...draft, warnings })}
      />
      <EscalationRules
        levels={draft.escalation}
        said={stored.escalation}
        write={write}
        onChange={(escalation) => setDraft({ ...draft, escalation })}
      />
      <CalendarRules
        duties={draft.calendar}
        said={stored.calendar}
        write={write}
        onChange={(calendar) => setDraft({ ...draft, calendar })}
      />
      <RulesHistory />
      {write && changed.length > 0 && (
        <section className="action-bar no-print" aria-label="保存">
          <span className="action-hint">
            改动：{changed.map((part) => PART_WORDS[part]).join('、')}
            {first && <b className="rule-wrong">　{first}</b>}
          </span>
          <Button onClick={() => setDraft(was)}>撤销改动</Button>
          <span>
            自{' '}
            <DatePicker
              aria-label="自哪一天起"
              allowClear={false}
              value={dayjs(from)}
              onChange={(day) => day && setFrom(day.format('YYYY-MM-DD'))}
            />{' '}
            起
          </span>
          <Input
            aria-label="依据"
            className="rule-why"
            maxLength={120}
            placeholder="依据：文件、会议或事由"
            value={document}
            onChange={(event) => setDocument(event.target.value)}
          />
          <Button type="primary" loading={busy} disabled={first !== undefined} onClick={save}>
            保存
          </Button>
        </section>
      )}
    </div>
  );
}

function problemOf(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}
