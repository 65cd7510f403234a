import { assessedUnit } from '@quanbao/contract/assessment';
import { LINE_WORDS, type LineKind } from '@quanbao/domain/assessment/scheme';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { Acts } from './acts.tsx';
import { AppealDialog, DecideDialog } from './appeal-dialogs.tsx';
import { Appeals } from './appeals.tsx';
import './assessment.css';
import { AttachDialog } from './attach-dialog.tsx';
import {
  type Appeal,
  LEFT_WORDS,
  type LineView,
  points,
  refreshAssessments,
  STATE_LOOK,
  STATE_WORDS,
  type UnitView,
} from './contract.ts';
import { Counts, Papers } from './counts.tsx';
import { FactDialog } from './fact-dialog.tsx';
import { Files } from './files.tsx';
import { SelfDialog } from './self-dialog.tsx';

type Doing =
  | { readonly what: 'self' | 'attach' }
  | { readonly what: 'appeal' | 'fact' | 'attach'; readonly line: LineView }
  | { readonly what: 'decide'; readonly appeal: Appeal };

/** 成绩单: one unit line by line, from its grade down to the people behind an indicator. */
export default function UnitPage() {
  const { assessment: given, unit: asked } = useParams({ strict: false }) as {
    assessment: string;
    unit: string;
  };
  const unit = decodeURIComponent(asked);
  const { href } = useHere();
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [doing, setDoing] = useState<Doing>();
  const params = { assessment: Number(given), unit };
  const { data, error, refetch } = useRead(assessedUnit, { params });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const { round, standing, lines } = data;
  const write = may('assessment.write');
  const answers = may('assessment.answer') && data.mine;
  const running = round.state === 'self' || round.state === 'draft';
  const close = (): void => setDoing(undefined);
  const done = (words: string) => async (): Promise<void> => {
    close();
    message.success(words);
    await refreshAssessments(queries);
  };
  const closing = (words: string) => ({ view: data, onClose: close, onDone: done(words) });
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          {standing.name}：{data.own ? '县级自查评估' : '成绩单'}
        </h1>
        <span className={`tag ${STATE_LOOK[round.state] ?? ''}`}>{STATE_WORDS[round.state]}</span>
        <div className="page-tools no-print">
          {answers && round.state === 'self' && (
            <Button type="primary" onClick={() => setDoing({ what: 'self' })}>
              {data.selfDay === null ? '填写自查评估' : '修改自查评估'}
            </Button>
          )}
          {answers && running && <Button onClick={() => setDoing({ what: 'attach' })}>附材料</Button>}
          <Button onClick={() => window.print()}>打印</Button>
          <Go href={href(`/assessments/${given}`)}>回到本轮</Go>
        </div>
      </div>
      <p className="muted">
        {round.title}，截至 {longDay(round.day)}；自查截止 {round.selfDue}
        {round.digest !== null && `；定案 SM3 ${round.digest.slice(0, 16)}…`}
      </p>
      {!data.own && <Result of={data} />}
      <Lines
        of={data}
        {...(running && (write || answers)
          ? {
              acts: (line: LineView) => (
                <>
                  {write && !data.own && line.byHand && (
                    <Button type="link" size="small" onClick={() => setDoing({ what: 'fact', line })}>
                      登记
                    </Button>
                  )}
                  {answers && !data.own && round.state === 'draft' && (
                    <Button type="link" size="small" onClick={() => setDoing({ what: 'appeal', line })}>
                      申诉
                    </Button>
                  )}
                  <Button type="link" size="small" onClick={() => setDoing({ what: 'attach', line })}>
                    附材料
                  </Button>
                </>
              ),
            }
          : {})}
      />
      <section className="card" aria-labelledby="assess-self">
        <h2 id="assess-self">自查评估</h2>
        {data.selfDay === null ? (
          <p className="muted">还没有报送自查评估。</p>
        ) : (
          <>
            <p className="assess-text">{data.selfText}</p>
            <p className="muted">
              {data.selfDay} 由 {data.selfActor} 报送
              {data.selfDay > round.selfDue && <span className="tag quality">迟报</span>}
            </p>
          </>
        )}
        <Files assessment={round.assessment} files={data.files} />
      </section>
      {data.appeals.length > 0 && (
        <Appeals
          of={data}
          {...(write && round.state === 'draft'
            ? { onDecide: (appeal: Appeal) => setDoing({ what: 'decide', appeal }) }
            : {})}
        />
      )}
      {data.acts.length > 0 && <Acts of={data.acts} />}
      <div className="assess-signs">
        <span>单位（盖章）：</span>
        <span>审核人：</span>
        <span>日期：　　　年　　月　　日</span>
      </div>
      {doing?.what === 'self' && <SelfDialog {...closing('已报送自查评估。')} />}
      {doing?.what === 'attach' && (
        <AttachDialog {...closing('已附材料。')} {...('line' in doing ? { line: doing.line } : {})} />
      )}
      {doing?.what === 'appeal' && <AppealDialog {...closing('已提出申诉。')} line={doing.line} />}
      {doing?.what === 'fact' && <FactDialog {...closing('已登记。')} line={doing.line} />}
      {doing?.what === 'decide' && (
        <DecideDialog
          {...closing('已裁决，得分已重新计算。')}
          appeal={doing.appeal}
          line={lines.find(({ line }) => line === doing.appeal.line) as LineView}
        />
      )}
    </div>
  );
}

function Result({ of: { standing } }: { readonly of: UnitView }) {
  const { rank, was, total, judged, leftOut, percent, grade, gradeTitle, why } = standing;
  return (
    <section className="card" aria-label="结果">
      <dl className="facts">
        <div>
          <dt>得分 / 可计分满分</dt>
          <dd>
            {points(total)} / {points(judged)}
          </dd>
        </div>
        {leftOut > 0 && (
          <div>
            <dt>未计分的满分（待接入、无基数、未登记）</dt>
            <dd>{points(leftOut)}</dd>
          </div>
        )}
        <div>
          <dt>得分率</dt>
          <dd>{percent === null ? '—' : `${percent.toFixed(2)}%`}</dd>
        </div>
        <div>
          <dt>名次</dt>
          <dd>
            {rank ?? '—'}
            {was !== null && <small className="muted">（上轮第 {was}）</small>}
          </dd>
        </div>
        <div>
          <dt>等次</dt>
          <dd>
            {grade === null ? '—' : gradeTitle}
            {why !== '' && <small className="muted"> {why}</small>}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Lines({ of, acts }: { readonly of: UnitView; readonly acts?: (line: LineView) => ReactNode }) {
  const { href } = useHere();
  const columns: readonly Column<LineView>[] = [
    {
      key: 'title',
      title: '考核内容',
      width: 210,
      cell: (line) => (
        <>
          {line.title}
          <small className="assess-sub" title={line.definition}>
            {LINE_WORDS[line.kind as LineKind]}，{line.basis}
          </small>
        </>
      ),
    },
    {
      key: 'value',
      title: of.own ? '全县数' : '数值',
      width: 200,
      cell: (line) =>
        line.state === 'judged' ? (
          <>
            <b title={line.definition}>
              {line.reference === '' ? (
                line.text
              ) : (
                <Go
                  href={href(`/references/${encodeURIComponent(line.reference)}`)}
                  aria-label={`${line.title} ${line.text}：看指标`}
                >
                  {line.text}
                </Go>
              )}
            </b>
            <Counts of={line.counts} region={of.standing.unit} day={of.round.day} />
            <Papers of={line.papers} />
            {line.fact && <small className="assess-sub">依据：{line.fact.remark}</small>}
          </>
        ) : (
          <span className="tag pending">{LEFT_WORDS[line.state]}</span>
        ),
    },
    {
      key: 'self',
      title: '自报',
      width: 120,
      cell: ({ self, value }) =>
        self === null ? (
          ''
        ) : (
          <>
            <span className={self.amount !== null && self.amount !== value ? 'assess-minus' : undefined}>
              {self.text}
            </span>
            {self.remark && <small className="assess-sub">{self.remark}</small>}
          </>
        ),
    },
    ...(of.own
      ? []
      : [
          {
            key: 'points',
            title: '得分 / 满分',
            width: 100,
            align: 'right' as const,
            cell: (line: LineView) => (
              <>
                <span className={line.points < 0 ? 'assess-minus' : undefined}>
                  {line.state === 'judged' ? points(line.points) : '—'}
                </span>
                {line.kind !== 'veto' && ` / ${points(line.full)}`}
              </>
            ),
          },
          {
            key: 'formula',
            title: '算法',
            width: 300,
            cell: (line: LineView) => (
              <>
                {line.formula}
                {line.reference !== '' && <small className="assess-sub">出处 {line.reference}</small>}
                <Files assessment={of.round.assessment} files={line.files} />
              </>
            ),
          },
        ]),
  ];
  return (
    <DataTable
      label="逐项得分"
      columns={columns}
      rows={of.lines}
      keyOf={({ line }) => line}
      {...(acts ? { actions: acts } : {})}
      actionsWidth={130}
      heading="逐项"
    />
  );
}
