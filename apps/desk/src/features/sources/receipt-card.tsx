import { findSource } from '@quanbao/domain/sources/catalogue';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useEffect } from 'react';
import { refreshAll } from '../../api/queries.ts';
import { refreshSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Progress } from '../../shell/job-progress.tsx';
import { useJob } from '../../shell/use-job.ts';
import { Go } from '../../ui/go.tsx';
import type { Intention } from './contract.ts';
import type { Part } from './parts.ts';
import { ReportView } from './report-view.tsx';

interface Props {
  readonly job: string;
  /** Not known when the page was opened again by its address alone. */
  readonly part?: Part;
  readonly onAgain?: (change: Partial<Intention>) => void;
  readonly onCorrect?: () => void;
}

/** A receipt as it goes on, then what it changed. */
export function ReceiptCard({ job: id, part, onAgain, onCorrect }: Props) {
  const { job, lost } = useJob(id);
  const { href } = useHere();
  const title = job?.report?.title ?? findSource(part?.intention.source ?? '')?.title ?? '名单';
  const asOf = job?.report?.asOf ?? part?.intention.asOf;
  const received = job?.report?.delivery ?? undefined;
  const queries = useQueryClient();
  // Days, counts and lists have moved; what is on other pages is old.
  useEffect(() => {
    if (received === undefined) return;
    void refreshAll(queries);
    void refreshSession();
  }, [received, queries]);
  return (
    <section className="card part" aria-label={`接收：${title}`}>
      <h2>
        {received === undefined ? '接收' : '已接收'}：{title}{' '}
        {asOf && <small className="muted">截至 {asOf}</small>}{' '}
        {received !== undefined && <Go href={href(`/deliveries/${received}`)}>第 {received} 号报送</Go>}
      </h2>
      {lost && (
        <Alert
          type="warning"
          showIcon
          title={lost.message}
          action={<Go href={href('/deliveries')}>报送记录</Go>}
        />
      )}
      {!lost && <Progress job={job} />}
      {job?.problem?.code === 'import.withdrawals' ? (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title="这份名单会使许多人不再在册，还没有接收"
          description={
            <>
              <p>{job.problem.detail}</p>
              {onAgain && (
                <p className="buttons">
                  <Button onClick={() => onAgain({ acceptWithdrawals: true })}>
                    已核实是完整名单，照此接收
                  </Button>
                  <Button onClick={() => onAgain({ mode: 'delta' })}>这只是变动部分，按变动接收</Button>
                  {onCorrect && <Button onClick={onCorrect}>回去检查</Button>}
                </p>
              )}
            </>
          }
        />
      ) : (
        job?.problem && (
          <Alert
            type="error"
            showIcon
            role="alert"
            title={job.problem.detail}
            action={onCorrect && <Button onClick={onCorrect}>回去更正</Button>}
          />
        )
      )}
      {job?.report && <ReportView report={job.report} job={job.job} />}
    </section>
  );
}
