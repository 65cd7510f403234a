import { formatRate } from '@quanbao/domain/indicators/indicators';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import { amount, daysWords, type PlanBoard, progressWords } from './cockpit.ts';

/** Each plan in force: the days left, how much is done, how far ahead or behind. */
export function PlanCards({ plans }: { readonly plans: readonly PlanBoard[] }) {
  const { href } = useHere();
  if (plans.length === 0) {
    return (
      <section className="card">
        <Nothing title="这一天没有下达的目标任务">
          <p>
            在<Go href={href('/targets')}>目标任务</Go>里新建并下达，这里就显示倒计时和进度。
          </p>
        </Nothing>
      </section>
    );
  }
  return (
    <div className="plan-cards">
      {plans.map((board) => (
        <PlanCard key={board.plan.plan} board={board} />
      ))}
    </div>
  );
}

function PlanCard({ board }: { readonly board: PlanBoard }) {
  const { href } = useHere();
  const { plan, whole, daysLeft } = board;
  const { standing, forecast } = whole;
  const { before, days, after } = daysWords(daysLeft);
  const [pace] = forecast;
  const done = amount(plan.unit, standing.done);
  return (
    <section className="card plan-card" aria-labelledby={`plan-${plan.plan}`}>
      <p className="countdown">
        {before}
        <strong>{days}</strong>
        {after}
        <small>期限 {longDay(plan.due)}</small>
      </p>
      <div className="plan-said">
        <h2 id={`plan-${plan.plan}`}>
          <Go href={href(`/targets/${plan.plan}`)}>{plan.title}</Go>
        </h2>
        <p className="plan-figure">
          <strong>{formatRate(standing.rate)}</strong>
          {plan.indicator ? <IndicatorLink code={plan.indicator}>{done}</IndicatorLink> : done}
          {` / ${amount(plan.unit, standing.amount)}`}
        </p>
        <p className={`standing ${standing.state}`}>{standing.words}</p>
        <p className="muted">
          {progressWords(whole)}
          {pace && standing.state !== 'done' && daysLeft > 0 && (
            <>
              ；照近 {pace.over} 天的进度，到期完成 {amount(plan.unit, pace.atDue)}
            </>
          )}
        </p>
      </div>
    </section>
  );
}
