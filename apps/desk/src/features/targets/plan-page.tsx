import { planAnnex1, planCourse, plan as planRoute } from '@quanbao/contract/targets';
import { formatRate } from '@quanbao/domain/indicators/indicators';
import { useParams } from '@tanstack/react-router';
import { App, Button, Select } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { download } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { longDay, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, NoRegister } from '../../ui/states.tsx';
import { Bar } from './bar.tsx';
import type { PlanPage } from './contract.ts';
import { PlanActs } from './plan-acts.tsx';
import { SharesTable } from './shares-table.tsx';
import { amountText, STATE_TONE } from './targets.ts';
import { Versions } from './versions.tsx';
import './targets.css';

const CourseChart = lazy(() => import('./course-chart.tsx'));

/** One plan: who has which share of it, how far each is, where that leads, and every version with its reason. */
export default function TargetPage() {
  const { plan } = useParams({ strict: false }) as { plan: string };
  const { query, asOf, href, set } = useHere();
  const version = query.version === undefined ? undefined : Number(query.version);
  const { data, error, refetch } = useRead(
    planRoute,
    { params: { plan: Number(plan) }, query: { region: query.region, asOf, version } },
    { enabled: asOf !== undefined },
  );
  if (asOf === undefined) return <NoRegister title="还没有户籍人口名单，暂时没有任务" />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.plan.plan !== Number(plan)) return <Loading />;
  const draft = data.issued === null;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{data.plan.title}</h1>
        {data.versions.length > 1 && (
          <Select
            aria-label="版本"
            value={data.version}
            popupMatchSelectWidth={false}
            options={data.versions.map((one) => ({
              value: one.version,
              label: `第 ${one.version} 版${one.issued === null ? '（草稿）' : `（${one.issued} 下达）`}`,
            }))}
            onChange={(no: number) => set({ version: no })}
          />
        )}
        <div className="page-tools no-print">
          {query.region !== undefined && query.region.length > 6 && (
            <Go href={href(`/targets/${plan}`, { region: null })}>回到全县</Go>
          )}
          {data.plan.unit === 'heads' && data.region.code.length === 6 && <Annex1Button of={data} />}
          <Button onClick={() => window.print()}>打印</Button>
          <PlanActs of={data} />
        </div>
      </div>
      <Summary of={data} />
      {draft && <DraftNotice of={data} />}
      <SharesTable of={data} />
      {!draft && <CourseCard of={data} />}
      <Versions of={data} />
    </div>
  );
}

function Summary({ of }: { readonly of: PlanPage }) {
  const { plan, whole } = of;
  const { standing, forecast } = whole;
  return (
    <section className="card" aria-label="本项任务">
      <p className="muted">
        {plan.kindTitle}
        {plan.document && `（${plan.document}）`}，{plan.from} 至 {plan.due}
        {plan.milestones.map(({ day, percent }) => `，${day} 前 ${percent}%`).join('')}。{of.region.path}
        ，截至 {longDay(of.asOf)}；完成数看“{plan.indicatorName}”。
        {plan.late && <b className="target-late">4月底后下达</b>}
        {plan.ended && <b className="target-late">{plan.ended} 终止</b>}
      </p>
      <dl className="facts target-facts">
        <div>
          <dt>任务数{plan.unit === 'fen' && '（元）'}</dt>
          <dd>{amountText(plan, standing.amount)}</dd>
        </div>
        <div>
          <dt>完成数</dt>
          <dd>
            {standing.done === null ? (
              '待接入'
            ) : (
              <IndicatorLink code={plan.indicator} region={of.region.code}>
                {amountText(plan, standing.done)}
              </IndicatorLink>
            )}
          </dd>
        </div>
        <div>
          <dt>按时间应完成</dt>
          <dd>{amountText(plan, standing.planned)}</dd>
        </div>
        <div>
          <dt>完成率</dt>
          <dd>
            {formatRate(standing.rate)} <Bar of={standing} />
          </dd>
        </div>
        <div>
          <dt>与时间进度比</dt>
          <dd>
            <span className={`tag ${STATE_TONE[standing.state] ?? ''}`}>{standing.words}</span>
          </dd>
        </div>
        {forecast.map(({ over, pace, atDue, reachedOn }) => (
          <div key={over}>
            <dt>按近 {over} 天的进度</dt>
            <dd>
              到期 {amountText(plan, atDue)}
              <small>
                每天 {pace.toFixed(1)}，{reachedOn === null ? '完不成' : `${reachedOn} 完成`}
              </small>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function DraftNotice({ of }: { readonly of: PlanPage }) {
  return (
    <p className={of.failures.length > 0 ? 'target-notice wrong' : 'target-notice'} role="status">
      第 {of.version} 版是草稿，乡镇看不到。
      {of.failures.length === 0
        ? `合计 ${amountText(of.plan, of.total)} 与各级之和相符，可以下达。`
        : `${of.failures.join('；')}，改正后才能下达。`}
    </p>
  );
}

function Annex1Button({ of }: { readonly of: PlanPage }) {
  const { message } = App.useApp();
  const save = async (): Promise<void> => {
    try {
      await download(planAnnex1, { params: { plan: of.plan.plan }, query: { version: of.version } });
    } catch (error) {
      message.error(error instanceof Problem ? error.message : '没有导出，请重试。');
    }
  };
  return <Button onClick={() => void save()}>导出附件1</Button>;
}

function CourseCard({ of }: { readonly of: PlanPage }) {
  const { query, asOf } = useHere();
  const [shown, setShown] = useState<string>();
  const { data } = useRead(planCourse, {
    params: { plan: of.plan.plan },
    query: { region: query.region, asOf },
  });
  if (!data || of.plan.indicator === '') return null;
  const series = data.series.find(({ place }) => place.code === shown) ?? data.series[0];
  if (series === undefined) return null;
  return (
    <section className="card" aria-labelledby="target-course">
      <h2 id="target-course">
        进度曲线{' '}
        <Select
          aria-label="哪个单位"
          className="target-choice"
          value={series.place.code}
          options={data.series.map(({ place, amount }) => ({
            value: place.code,
            label: `${place.name}（${number(amount)}）`,
          }))}
          onChange={setShown}
        />
      </h2>
      <Suspense fallback={<div className="target-course" />}>
        <CourseChart days={data.days} series={series} unit={of.plan.unit} />
      </Suspense>
    </section>
  );
}
