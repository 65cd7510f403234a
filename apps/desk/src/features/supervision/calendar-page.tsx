import { calendar, prepareSubmission } from '@quanbao/contract/supervision';
import { type DutyLevel, LEVEL_WORDS, RHYTHM_WORDS, type Rhythm } from '@quanbao/domain/supervision/calendar';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { shortDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { type CalendarCell, type CalendarLine, cellLook } from './words.ts';
import './supervision.css';

interface Wanted {
  readonly line: CalendarLine;
  readonly period: CalendarLine['periods'][number];
  readonly place: CalendarLine['places'][number];
}

/** 报送日历: form × place × period, each square coloured by how it stands. */
export default function CalendarPage() {
  const { region, query, href } = useHere();
  const [wanted, setWanted] = useState<Wanted>();
  const { data, error, refetch } = useRead(calendar, { query: { region, asOf: query.asOf } });
  return (
    <div className="page">
      <div className="page-head">
        <h1>报送日历</h1>
        <span className="muted">
          哪张表、哪个单位、哪一期，报没报、迟没迟；带“变”的是报送以后又有新情况，点开看差异。
        </span>
        <div className="page-tools no-print">
          <Go href={href('/supervision/rules')}>规则</Go>
          <Button onClick={() => window.print()}>打印</Button>
        </div>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data?.lines.length === 0 && (
        <Nothing title="报送日历里没有这里要报的表">
          <p>
            第一份名单以前的报期不列。<Go href={href('/supervision/rules')}>看报送日历的规则</Go>
          </p>
        </Nothing>
      )}
      {data && data.lines.length > 0 && <Legend />}
      {data?.lines.map((line) => (
        <Matrix key={line.duty.code} line={line} onPrepare={setWanted} />
      ))}
      {wanted && <PrepareDialog wanted={wanted} onClose={() => setWanted(undefined)} />}
    </div>
  );
}

function Legend() {
  const looks: readonly (readonly [string, string])[] = [
    ['approved', '已审定'],
    ['submitted', '已报送'],
    ['prepared', '已编未报'],
    ['due', '应报'],
    ['returned', '退回待改'],
    ['late', '迟报未报'],
  ];
  return (
    <p className="sup-legend">
      {looks.map(([look, words]) => (
        <span key={look} className={`sup-cell ${look}`}>
          {words}
        </span>
      ))}
    </p>
  );
}

interface MatrixProps {
  readonly line: CalendarLine;
  readonly onPrepare: (wanted: Wanted) => void;
}

function Matrix({ line, onPrepare }: MatrixProps) {
  const { duty, formName, periods, places } = line;
  const { title, to } = LEVEL_WORDS[duty.level as DutyLevel];
  const name = `${formName}（${RHYTHM_WORDS[duty.every as Rhythm]}，${title}报${to}）`;
  return (
    <section className="sup-matrix" aria-label={name}>
      <h2>
        {name} <small className="muted">期后 {duty.dueDays} 日内报送</small>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard too */}
      <section className="sup-scroll" tabIndex={0} aria-label={`${name}表格`}>
        <table className="data" aria-label={name}>
          <thead>
            <tr>
              <th scope="col">单位</th>
              {periods.map((period) => (
                <th key={period.code} scope="col" title={`${period.title}，${period.due} 前报送`}>
                  {duty.every === 'week' ? `${shortDay(period.from)}—${shortDay(period.to)}` : period.title}
                  <small className="sup-sub">限 {shortDay(period.due)}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((place) => (
              <tr key={place.code}>
                <th scope="row">{place.name}</th>
                {place.cells.map((cell, i) => {
                  const period = periods[i] as CalendarLine['periods'][number];
                  return (
                    <td key={period.code}>
                      <Square cell={cell} onPrepare={() => onPrepare({ line, period, place })} />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Square({ cell, onPrepare }: { readonly cell: CalendarCell; readonly onPrepare: () => void }) {
  const { href } = useHere();
  const may = useMay();
  const { look, words } = cellLook(cell);
  if (cell.submission !== null) {
    return (
      <Go href={href(`/submissions/${cell.submission}`)} className={`sup-cell ${look}`}>
        {words}
        {cell.moved && <b title="报送以后又有新情况">变</b>}
      </Go>
    );
  }
  if (!may('submissions.write')) return <span className={`sup-cell ${look}`}>{words}</span>;
  return (
    <button type="button" className={`sup-cell ${look}`} onClick={onPrepare} title="编制这一期">
      {words}
    </button>
  );
}

interface Fields {
  readonly reporter?: string;
  readonly contact?: string;
}

/** Takes the figures of the period and keeps them. */
function PrepareDialog({ wanted, onClose }: { readonly wanted: Wanted; readonly onClose: () => void }) {
  const { go } = useHere();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const { line, period, place } = wanted;
  const send = (values: Fields): void => {
    void run(async () => {
      const { form, every } = line.duty;
      const { submission } = await call(prepareSubmission, {
        body: { form, every, region: place.code, period: period.code, ...filled(values) },
      });
      await refreshAll(queries);
      go(`/submissions/${submission}`);
    });
  };
  return (
    <Modal open title={`编制${place.name} ${line.formName}`} footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <p className="muted">
        {period.title}：取这一期最后一天（还没到的取最新一天）的数字固定下来，核对后再报送。
      </p>
      <Form<Fields> layout="vertical" onFinish={send}>
        <Form.Item name="reporter" label="填报人">
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="contact" label="联系方式">
          <Input maxLength={60} />
        </Form.Item>
        <DialogButtons act="编制" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

function filled(values: Fields): Partial<Record<keyof Fields, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, text]) => text !== undefined && text !== ''));
}
