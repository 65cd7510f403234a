import type { AnswerOf } from '@quanbao/contract/route';
import { jobEvents, job as jobRoute } from '@quanbao/contract/sources';
import { useEffect, useState } from 'react';
import { call, follow } from '../api/call.ts';
import type { Problem } from '../api/problem.ts';

export type Job = AnswerOf<typeof jobRoute>;

export function isOver(job: Job | undefined): boolean {
  return job !== undefined && job.state !== 'waiting' && job.state !== 'running';
}

export interface WatchedJob {
  readonly job: Job | undefined;
  /** The job is not known any more, or the line broke. */
  readonly lost: Problem | undefined;
}

/** Long work on the server, as it goes on; leaving the page leaves the work alone. */
export function useJob(id: string | undefined): WatchedJob {
  const [seen, setSeen] = useState<WatchedJob & { readonly id?: string }>({
    job: undefined,
    lost: undefined,
  });
  useEffect(() => {
    if (id === undefined) return;
    let stop = (): void => {};
    let gone = false;
    const keep = (job: Job): void => {
      if (gone) return;
      setSeen({ id, job, lost: undefined });
      if (isOver(job)) stop();
    };
    const lose = (lost: Problem): void => {
      if (!gone) setSeen({ id, job: undefined, lost });
    };
    call(jobRoute, { params: { job: id } })
      .then((job) => {
        keep(job);
        if (!gone && !isOver(job)) {
          stop = follow<Job>(jobEvents, { job: id }, { message: keep, lost: lose });
        }
      })
      .catch(lose);
    return () => {
      gone = true;
      stop();
    };
  }, [id]);
  return seen.id === id ? seen : { job: undefined, lost: undefined };
}
