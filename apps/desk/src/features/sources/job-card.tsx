import { findSource } from '@quanbao/domain/sources/catalogue';
import { Alert } from 'antd';
import { useEffect } from 'react';
import { Progress } from '../../shell/job-progress.tsx';
import { isOver, useJob } from '../../shell/use-job.ts';
import type { Part } from './parts.ts';
import { ReportView } from './report-view.tsx';

/** A trial under way, then what it found. */
export function JobCard({
  job: id,
  part,
  onOver,
}: {
  readonly job: string | undefined;
  readonly part: Part;
  /** The trial has ended: received may be what it found, and not what it refused. */
  readonly onOver: (job: string, may: boolean) => void;
}) {
  const { job, lost } = useJob(id);
  const state = isOver(job) ? job?.state : undefined;
  useEffect(() => {
    if (id !== undefined && state !== undefined) onOver(id, state === 'done');
  }, [id, state, onOver]);
  const title = findSource(part.intention.source)?.title ?? '名单';
  return (
    <section className="card part" aria-label={`试算：${title}`}>
      <h2>
        试算：{title} <small className="muted">截至 {part.intention.asOf}</small>
      </h2>
      {id === undefined && <p className="muted">改动以后还没有试算，请回上一步重新试算。</p>}
      {lost && <Alert type="warning" showIcon title={lost.message} />}
      {id !== undefined && !lost && <Progress job={job} />}
      {job?.problem && <Alert type="error" showIcon role="alert" title={job.problem.detail} />}
      {job?.report && <ReportView report={job.report} job={job.job} />}
    </section>
  );
}
