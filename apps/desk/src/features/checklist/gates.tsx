import { passGate } from '@quanbao/contract/checklist';
import { GATE_WORDS } from '@quanbao/domain/checklist/phase';
import { dayNumber } from '@quanbao/domain/kernel/plain-date';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { number, shortDay } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Gate } from './contract.ts';

interface Props {
  readonly list: number;
  readonly gates: readonly Gate[];
  readonly asOf: string;
}

function gateWords({ state, items, closed, blocking, daysLeft }: Gate): string {
  return [
    ...(items > 0 ? [`${number(closed)}/${number(items)} 已销账`] : []),
    ...(state === 'blocked' ? [`还差 ${number(blocking)}`, `剩 ${number(daysLeft)} 天`] : []),
    ...(state === 'late' ? [blocking > 0 ? `还差 ${number(blocking)}` : '还没有验收'] : []),
  ].join('，');
}

/** The phases on one line of time, each as long as it lasts: what is passed, what blocks the next, where today stands. */
export function Gates({ list, gates, asOf }: Props) {
  const may = useMay();
  const [passing, setPassing] = useState<Gate>();
  const first = gates[0];
  const last = gates.at(-1);
  if (first === undefined || last === undefined) return null;
  const begin = dayNumber(first.from);
  const days = dayNumber(last.due) - begin + 1;
  const at = ((dayNumber(asOf) - begin + 0.5) / days) * 100;
  return (
    <section className="gates" aria-label="实施阶段">
      <ol className="gate-line">
        {gates.map((gate) => (
          <li
            key={gate.name}
            className={`gate ${gate.state}`}
            style={{ flexGrow: dayNumber(gate.due) - dayNumber(gate.from) + 1 }}
          >
            <b>{gate.name}</b>
            <span>
              {shortDay(gate.from)}—{shortDay(gate.due)}
            </span>
            <span
              className={`tag ${gate.state === 'late' ? 'is-late' : gate.state === 'passed' ? 'in-force' : ''}`}
            >
              {GATE_WORDS[gate.state]}
            </span>
            <small>{gateWords(gate)}</small>
            {gate.passed ? (
              <small title={gate.passed.remark}>
                {shortDay(gate.passed.day)} {gate.passed.actor}：{gate.passed.remark}
              </small>
            ) : (
              may('checklist.review') &&
              gate.state !== 'ahead' && (
                <Button size="small" className="no-print" onClick={() => setPassing(gate)}>
                  验收通过
                </Button>
              )
            )}
          </li>
        ))}
      </ol>
      {at >= 0 && at <= 100 && (
        <div className="gate-today" style={{ left: `${at}%` }} title={`今天 ${asOf}`}>
          今天
        </div>
      )}
      {passing && <PassDialog list={list} gate={passing} onClose={() => setPassing(undefined)} />}
    </section>
  );
}

function PassDialog({
  list,
  gate,
  onClose,
}: {
  readonly list: number;
  readonly gate: Gate;
  readonly onClose: () => void;
}) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const pass = async ({ remark }: { remark: string }): Promise<void> => {
    const body = { phase: gate.name, remark };
    if (!(await run(() => call(passGate, { params: { list }, body })))) return;
    message.success(`${gate.name}已通过。`);
    onClose();
    await refreshAll(queries);
  };
  return (
    <Modal open title={`${gate.name}验收通过`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">
        {gate.blocking > 0
          ? `这个阶段还有 ${number(gate.blocking)} 项没有销账；请在意见里写明为什么先通过。`
          : '这个阶段到期的任务都已销账。'}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={(values: { remark: string }) => void pass(values)}>
        <Form.Item
          name="remark"
          label="验收意见"
          rules={[{ required: true, min: 2, whitespace: true, message: '请写验收意见（至少两个字）' }]}
        >
          <Input.TextArea rows={3} maxLength={300} showCount />
        </Form.Item>
        <DialogButtons act="通过" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
