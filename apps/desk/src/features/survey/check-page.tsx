import { check as checkRoute, enterResult } from '@quanbao/contract/survey';
import { formatRate } from '@quanbao/domain/indicators/indicators';
import { CHECK_RESULTS, CHECK_WORDS, type CheckResult, stillUnchecked } from '@quanbao/domain/survey/checks';
import { useParams } from '@tanstack/react-router';
import { App, Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { type CheckView, type DrawnLine, workerWords } from './management.ts';
import './management.css';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';

type WorkerChecked = CheckView['workers'][number];

const TONE: Readonly<Record<CheckResult, string>> = {
  same: 'in-force',
  different: 'conflict',
  unverifiable: 'quality',
};

/** One back-check: how far each worker agrees, and the visits that were drawn, to be entered one by one. */
export default function CheckPage() {
  const { check: given } = useParams({ strict: false }) as { check: string };
  const check = Number(given);
  const { href, query, set } = useHere();
  const { account } = useSession();
  const [entering, setEntering] = useState<DrawnLine>();
  const { data, error, refetch } = useRead(checkRoute, { params: { check } });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.check.check !== check) return <Loading />;
  const { check: head } = data;
  // Of a county's back-check a town sees its own part.
  const whole = head.region.code.startsWith(account.region.code);
  const shown = data.items.filter(
    (one) => (!query.worker || one.worker === query.worker) && isFound(one, query.found),
  );
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          第 {head.check} 次抽查{head.round ? `：${head.round.name}` : ''}
        </h1>
        <div className="page-tools no-print">
          <Button onClick={() => window.print()}>打印抽查表</Button>
        </div>
      </div>
      <p className="muted">
        {head.region.path}，{head.from} 至 {head.to} 的走访 {number(head.visits)} 条，抽 {head.size}，抽样种子{' '}
        <b>{head.seed}</b>（按 md5(种子|走访号) 由小到大
        {whole ? `取前 ${number(head.drawn)} 条` : `抽取，本辖区有 ${number(head.drawn)} 条`}）；{head.actor}{' '}
        于 {localTime(head.madeAt)} 抽取。
      </p>
      <DataTable
        label="走访员一致率"
        heading={
          <>
            <h2>走访员一致率</h2>
            <span className="muted">
              一致 ÷（一致＋不一致），无法核实的不算在内。合计 {formatRate(head.agreement)}（
              {number(head.same)} / {number(head.same + head.different)}），还有{' '}
              {number(stillUnchecked(head))} 条未复核。
            </span>
          </>
        }
        columns={workerColumns((of) => href(`/checks/${check}`, of))}
        rows={data.workers}
        keyOf={({ worker }) => worker.login}
      />
      <DataTable
        label="抽到的走访"
        heading={
          <>
            <h2>抽到的走访</h2>
            {(query.worker || query.found) && (
              <span className="muted no-print">
                只看{[query.worker, FOUND[query.found ?? '']].filter(Boolean).join('、')}的{' '}
                {number(shown.length)} 条{' '}
                <Button size="small" type="text" onClick={() => set({ worker: null, found: null })}>
                  看全部
                </Button>
              </span>
            )}
          </>
        }
        columns={drawnColumns((person) => href(`/people/${person}`))}
        rows={shown}
        keyOf={({ command }) => command}
        actionsWidth={108}
        actions={(one) =>
          one.worker === account.login ? (
            <span className="muted">请他人复核</span>
          ) : one.result !== null && !whole && one.checkedBy !== account.login ? (
            <span className="muted">上级已登记</span>
          ) : (
            <Button
              size="small"
              type={one.result === null ? 'primary' : 'default'}
              aria-label={`登记${one.name}的复核结果`}
              onClick={() => setEntering(one)}
            >
              {one.result === null ? '登记' : '改'}
            </Button>
          )
        }
      />
      {entering && (
        <ResultDialog
          check={check}
          drawn={entering}
          onClose={() => setEntering(undefined)}
          onDone={() => {
            setEntering(undefined);
            void refetch();
          }}
        />
      )}
    </div>
  );
}

/** What was found of a visit, as the address names it. */
const FOUND: Readonly<Record<string, string>> = { ...CHECK_WORDS, left: '未复核' };

function isFound({ result }: DrawnLine, asked: string | undefined): boolean {
  return !asked || (asked === 'left' ? result === null : result === asked);
}

function workerColumns(
  href: (of: { worker: string; found?: string }) => string,
): readonly Column<WorkerChecked>[] {
  const visits = (n: number, { worker: { login: worker } }: WorkerChecked, found?: string) =>
    n === 0 ? (
      <span className="muted">0</span>
    ) : (
      <Go href={href({ worker, ...(found === undefined ? {} : { found }) })}>{number(n)}</Go>
    );
  const right = { width: 90, align: 'right' } as const;
  return [
    { key: 'worker', title: '走访员', width: 200, cell: ({ worker }) => workerWords(worker) },
    { key: 'drawn', title: '抽到', ...right, cell: (one) => visits(one.drawn, one) },
    { key: 'same', title: '一致', ...right, cell: (one) => visits(one.same, one, 'same') },
    { key: 'different', title: '不一致', ...right, cell: (one) => visits(one.different, one, 'different') },
    {
      key: 'unverifiable',
      title: '无法核实',
      ...right,
      cell: (one) => visits(one.unverifiable, one, 'unverifiable'),
    },
    { key: 'left', title: '未复核', ...right, cell: (one) => visits(stillUnchecked(one), one, 'left') },
    {
      key: 'agreement',
      title: '一致率',
      width: 160,
      align: 'right',
      cell: ({ agreement, same, different }) =>
        same + different === 0
          ? formatRate(agreement)
          : `${formatRate(agreement)}（${number(same)} / ${number(same + different)}）`,
    },
  ];
}

function drawnColumns(href: (person: number) => string): readonly Column<DrawnLine>[] {
  return [
    {
      key: 'name',
      title: '姓名',
      width: 84,
      cell: (one) => <Go href={href(one.person)}>{one.name || '（无名）'}</Go>,
    },
    { key: 'id', title: '身份证号码', width: 164, cell: ({ id }) => id },
    { key: 'place', title: '所在地', width: 170, cell: ({ region }) => region.path },
    {
      key: 'answer',
      title: '走访答复',
      width: 260,
      cell: ({ answer, details, undone, day, way, worker }) => (
        <>
          {answer}
          {undone && <span className="tag undone">已撤回</span>}
          <small className="survey-sub">{[`${day} ${way}，${worker}`, ...details].join('；')}</small>
        </>
      ),
    },
    {
      key: 'result',
      title: '复核结果',
      width: 260,
      cell: ({ result, note, checkedBy, checkedAt }) =>
        result !== null && (
          <>
            <span className={`tag ${TONE[result as CheckResult]}`}>{CHECK_WORDS[result as CheckResult]}</span>{' '}
            {note}
            <small className="survey-sub">
              {checkedBy}，{checkedAt && localTime(checkedAt)}
            </small>
          </>
        ),
    },
  ];
}

interface DialogProps {
  readonly check: number;
  readonly drawn: DrawnLine;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function ResultDialog({ check, drawn, onClose, onDone }: DialogProps) {
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const [form] = Form.useForm<{ result: CheckResult; note?: string }>();
  const result = Form.useWatch('result', form);
  const send = (values: { result: CheckResult; note?: string }): void => {
    void run(async () => {
      await call(enterResult, {
        params: { check },
        body: { command: drawn.command, result: values.result, note: values.note ?? '' },
      });
      message.success('已登记。');
      onDone();
    });
  };
  return (
    <Modal open title={`复核${drawn.name}`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">
        {drawn.worker} {drawn.day} {drawn.way}的答复：{[drawn.answer, ...drawn.details].join('；')}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        form={form}
        layout="vertical"
        initialValues={{ result: drawn.result ?? undefined, note: drawn.note }}
        onFinish={send}
      >
        <Form.Item name="result" label="复核结果" rules={[{ required: true, message: '请选择复核结果' }]}>
          <Radio.Group options={CHECK_RESULTS.map((one) => ({ value: one, label: CHECK_WORDS[one] }))} />
        </Form.Item>
        <Form.Item
          name="note"
          label="情况说明"
          rules={
            result === undefined || result === 'same'
              ? []
              : [{ required: true, min: 2, whitespace: true, message: '不一致或无法核实的，请写明情况' }]
          }
        >
          <Input.TextArea rows={3} maxLength={300} showCount placeholder="例如：本人说没有人来过" />
        </Form.Item>
        <DialogButtons act="登记" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
