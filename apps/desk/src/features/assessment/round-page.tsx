import {
  advanceAssessment,
  assessment,
  assessmentFile,
  recountAssessment,
} from '@quanbao/contract/assessment';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useState } from 'react';
import { call, download } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { ActDialog, PublishDialog } from './act-dialogs.tsx';
import { Acts } from './acts.tsx';
import './assessment.css';
import {
  points,
  type RoundView,
  refreshAssessments,
  STATE_LOOK,
  STATE_WORDS,
  type Standing,
} from './contract.ts';
import { Verify } from './verify.tsx';

/** Whether a place has come up or gone down since the round before. */
function Movement({ of: { rank, was } }: { readonly of: Standing }) {
  if (rank === null || was === null) return <span className="muted">—</span>;
  if (rank === was) return <span className="muted">持平</span>;
  return rank < was ? (
    <span className="assess-up">↑ {was - rank}</span>
  ) : (
    <span className="assess-down">↓ {rank - was}</span>
  );
}

const NEXT: Readonly<Record<string, { to: 'draft' | 'frozen'; act: string; words: string }>> = {
  self: {
    to: 'draft',
    act: '进入初评',
    words: '进入初评后自查截止，各单位可以看到本单位初评并提出申诉。',
  },
  draft: {
    to: 'frozen',
    act: '定案',
    words: '定案后得分连同全部数据冻结，不再变动；申诉须已全部裁决。',
  },
};

/** One round: who stands where, and what the county does next. */
export default function RoundPage() {
  const { assessment: given } = useParams({ strict: false }) as { assessment: string };
  const { href, go } = useHere();
  const may = useMay();
  const { county } = useSession();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const { busy, failure, run } = useAct();
  const [dialog, setDialog] = useState<'publish' | 'act'>();
  const params = { assessment: Number(given) };
  const { data, error, refetch } = useRead(assessment, { params });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const { round, items } = data;
  const write = may('assessment.write');
  const next = NEXT[round.state];
  const done = async (words: string): Promise<void> => {
    message.success(words);
    await refreshAssessments(queries);
  };
  const step = (): void => {
    if (next === undefined) return;
    modal.confirm({
      title: `${next.act}？`,
      content: next.words,
      okText: next.act,
      cancelText: '取消',
      onOk: () =>
        run(async () => {
          await call(advanceAssessment, { params, body: { to: next.to } });
          await done(`已${next.act}。`);
        }),
    });
  };
  const recount = (): void => {
    void run(async () => {
      await call(recountAssessment, { params });
      await done('已按现在的名单重新计算。');
    });
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>{round.title}</h1>
        <span className={`tag ${STATE_LOOK[round.state] ?? ''}`}>{STATE_WORDS[round.state]}</span>
        <div className="page-tools no-print">
          {write && next !== undefined && (
            <>
              <Button onClick={recount} disabled={busy}>
                重新计算
              </Button>
              <Button type="primary" onClick={step} loading={busy}>
                {next.act}
              </Button>
            </>
          )}
          {write && round.state === 'frozen' && (
            <Button type="primary" onClick={() => setDialog('publish')}>
              公布
            </Button>
          )}
          {(round.state === 'published' || (write && round.state === 'frozen')) && (
            <Go href={href(`/assessments/${given}/acceptance`)}>验收结果</Go>
          )}
          {write && round.state === 'published' && (
            <Button onClick={() => setDialog('act')}>登记表扬、问责</Button>
          )}
          {items.length > 0 && (
            <Button onClick={() => void run(() => download(assessmentFile, { params }))}>导出 xlsx</Button>
          )}
          <Button onClick={() => window.print()}>打印</Button>
        </div>
      </div>
      <p className="muted">
        截至 {longDay(round.day)}；方案“{round.schemeTitle}”（{data.schemeDocument}）
        {data.sure === 'own' && '，权重和分档由系统自拟，待县里按文件改定'}；自查截止 {round.selfDue}
        {round.document && `；通报 ${round.document}`}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Ranking view={data} onOpen={(unit) => go(`/assessments/${given}/units/${unit}`)} />
      {data.acts.length > 0 && <Acts of={data.acts} />}
      {write && (
        <p className="no-print">
          <Go href={href(`/assessments/${given}/units/${county.code}`)}>县级自查评估（上报市里）</Go>
        </p>
      )}
      {round.digest !== null && <Verify round={round} />}
      {dialog === 'publish' && (
        <PublishDialog
          assessment={round.assessment}
          onClose={() => setDialog(undefined)}
          onDone={() => done('已公布；各单位可以看到名次和等次。')}
        />
      )}
      {dialog === 'act' && (
        <ActDialog view={data} onClose={() => setDialog(undefined)} onDone={() => done('已登记。')} />
      )}
    </div>
  );
}

function Ranking({ view, onOpen }: { readonly view: RoundView; readonly onOpen: (unit: string) => void }) {
  const { href } = useHere();
  const { round, items, whole } = view;
  const most = Math.max(100, ...items.map(({ percent }) => percent ?? 0));
  const columns: readonly Column<Standing>[] = [
    { key: 'rank', title: '名次', width: 60, align: 'right', cell: ({ rank }) => rank ?? '—' },
    ...(view.before === null
      ? []
      : [
          {
            key: 'was',
            title: <span title={`与“${view.before.title}”相比`}>升降</span>,
            width: 70,
            cell: (one: Standing) => <Movement of={one} />,
          },
        ]),
    {
      key: 'name',
      title: '单位',
      width: 170,
      cell: ({ unit, name, opens }) =>
        opens ? (
          <Go href={href(`/assessments/${round.assessment}/units/${encodeURIComponent(unit)}`)}>{name}</Go>
        ) : (
          name
        ),
    },
    {
      key: 'bar',
      title: '得分率',
      width: 230,
      cell: ({ percent }) => (
        <>
          <span className="assess-track">
            <i
              className={(percent ?? 0) < 60 ? 'low' : ''}
              style={{ width: `${((percent ?? 0) / most) * 100}%` }}
            />
          </span>
          <small>{percent === null ? '—' : `${percent.toFixed(2)}%`}</small>
        </>
      ),
    },
    {
      key: 'total',
      title: '得分',
      width: 150,
      align: 'right',
      cell: ({ total, judged, leftOut }) => (
        <>
          {total.toFixed(2)} / {points(judged)}
          {leftOut > 0 && <small className="assess-sub">另有 {points(leftOut)} 分未计</small>}
        </>
      ),
    },
    {
      key: 'grade',
      title: '等次',
      width: 150,
      cell: ({ unit, name, opens, grade, gradeTitle, passed, why }) =>
        grade === null ? (
          <small className="muted">{why || '—'}</small>
        ) : (
          <>
            <span className={`tag ${passed ? 'in-force' : 'conflict'}`}>
              {opens ? (
                <Go
                  href={href(`/assessments/${round.assessment}/units/${encodeURIComponent(unit)}`)}
                  aria-label={`${name}：${gradeTitle}，看逐项得分`}
                >
                  {gradeTitle}
                </Go>
              ) : (
                gradeTitle
              )}
            </span>
            {why !== '' && <small className="assess-sub">{why}</small>}
          </>
        ),
    },
    {
      key: 'self',
      title: '自查',
      width: 120,
      cell: ({ opens, selfDay, selfLate }) => {
        if (!opens) return '';
        const words = selfDay ?? '未报';
        return selfLate ? (
          <span className="tag quality">{selfDay ? `${selfDay} 迟报` : '逾期未报'}</span>
        ) : (
          words
        );
      },
    },
    {
      key: 'appeals',
      title: '待裁决申诉',
      width: 90,
      align: 'right',
      cell: ({ opens, openAppeals }) => (opens ? openAppeals : ''),
    },
  ];
  // Whoever sees only what is published has none of it to read.
  const shown = items.some(({ opens }) => opens)
    ? columns
    : columns.filter(({ key }) => key !== 'self' && key !== 'appeals');
  return (
    <DataTable
      label="排名"
      columns={shown}
      rows={items}
      keyOf={({ unit }) => unit}
      onOpen={({ unit, opens }) => opens && onOpen(encodeURIComponent(unit))}
      heading={whole ? '排名和定级' : '本单位（公布后显示名次和等次）'}
      empty={<Nothing title="公布以后可以看到结果" />}
    />
  );
}
