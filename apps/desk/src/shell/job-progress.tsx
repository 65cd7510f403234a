import { Loading } from '../ui/states.tsx';
import type { Job } from './use-job.ts';

/** What the server is doing: the last lines while it works, nothing when it is done. */
export function Progress({ job }: { readonly job: Job | undefined }) {
  if (!job) return <Loading />;
  if (job.state === 'waiting') return <Loading words="前面还有工作在进行，轮到后自动开始……" />;
  if (job.state !== 'running') return null;
  return (
    <div className="progress" role="status" aria-live="polite">
      <Loading words={job.progress.at(-1)?.trim() ?? '正在进行……'} />
      <ol className="plain">
        {job.progress.slice(-6, -1).map((line) => (
          <li key={line}>{line.trim()}</li>
        ))}
      </ol>
    </div>
  );
}
