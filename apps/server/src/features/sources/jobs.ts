import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/sources';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { sayable } from '../../trouble.ts';

type JobAnswer = AnswerOf<typeof contract.job>;
/** What a job ends with; what it keeps is gone with it and told nobody. */
type Outcome<Kept> = Pick<JobAnswer, 'report' | 'undo' | 'issued' | 'merge'> & { readonly keep?: Kept };

interface Running<Kept> extends JobAnswer {
  kept: Kept | undefined;
  readonly account: number;
  readonly changes: EventEmitter;
  /** Grows with every change. */
  version: number;
  endedAt: number | undefined;
}

const HOUR = 3_600_000;
/** The last lines are what somebody waiting wants to read. */
const LINES = 200;
/** Several commits may lie behind it. */
const FAILED: Partial<Record<JobAnswer['kind'], string>> = {
  merge: '程序出错，没有合并完；已写入的在报送记录里，其余的可以再合并一次。请把时间告诉管理员。',
};
/** An event stream is told at most this often, in milliseconds. */
const EVERY = 200;

/**
 * Long work that a page waits for, one after another: two imports at once would only slow each other down, for the
 * county's journal takes one commit at a time. It goes on when the page is closed, and is remembered for an hour.
 */
export class Jobs<Kept = never> {
  readonly #jobs = new Map<string, Running<Kept>>();
  #last: Promise<void> = Promise.resolve();
  readonly #onFault: (error: unknown) => void;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  start(
    kind: JobAnswer['kind'],
    account: number,
    work: (progress: (text: string) => void) => Promise<Outcome<Kept>>,
  ): { job: string } {
    for (const [id, job] of this.#jobs) {
      if (job.endedAt !== undefined && Date.now() - job.endedAt > HOUR) this.#jobs.delete(id);
    }
    const job: Running<Kept> = {
      kept: undefined,
      job: randomUUID(),
      kind,
      state: 'waiting',
      progress: [],
      account,
      changes: new EventEmitter().setMaxListeners(0),
      version: 0,
      endedAt: undefined,
    };
    this.#jobs.set(job.job, job);
    this.#last = this.#last.then(() => this.#run(job, work));
    return { job: job.job };
  }

  async #run(
    job: Running<Kept>,
    work: (progress: (text: string) => void) => Promise<Outcome<Kept>>,
  ): Promise<void> {
    job.state = 'running';
    try {
      const { keep, ...outcome } = await work((text) => {
        // A line that begins with blanks counts on from the one before.
        const last = job.progress.at(-1);
        if (text.startsWith('  ') && last?.startsWith('  ')) job.progress[job.progress.length - 1] = text;
        else job.progress.push(text);
        if (job.progress.length > LINES) job.progress.shift();
        told(job);
      });
      Object.assign(job, outcome);
      job.kept = keep;
      job.state = 'done';
    } catch (error) {
      const said = sayable(error);
      if (said !== undefined) {
        job.state = 'refused';
        job.problem = { code: said.problem.code, detail: said.problem.message };
      } else {
        job.state = 'failed';
        job.problem = {
          code: 'internal',
          detail: FAILED[job.kind] ?? '程序出错，没有完成，没有改动任何数据；请把时间告诉管理员。',
        };
        this.#onFault(error);
      }
    }
    job.endedAt = Date.now();
    told(job);
  }

  /** @throws Refusal for one that is gone or another's */
  #require(id: string, account: number): Running<Kept> {
    const job = this.#jobs.get(id);
    if (job === undefined || job.account !== account) {
      throw new Refusal('job.unknown', '这项工作已经结束并清除；请在报送记录里查看结果。');
    }
    return job;
  }

  look(id: string, account: number): JobAnswer {
    const { account: _, changes, version, endedAt, kept, ...answer } = this.#require(id, account);
    return answer;
  }

  /** Those of an account that are not yet forgotten, the newest first. */
  own(account: number): Pick<JobAnswer, 'job' | 'kind' | 'state'>[] {
    return [...this.#jobs.values()]
      .filter((job) => job.account === account)
      .map(({ job, kind, state }) => ({ job, kind, state }))
      .reverse();
  }

  /** What it kept for later questions; undefined before it is done. */
  kept(id: string, account: number): Kept | undefined {
    return this.#require(id, account).kept;
  }

  /** The job now, then each time it has changed, until it is over. */
  async *follow(id: string, account: number, signal: AbortSignal): AsyncGenerator<JobAnswer> {
    const job = this.#require(id, account);
    let told = -1;
    try {
      for (;;) {
        if (job.version === told) await once(job.changes, 'change', { signal });
        else {
          told = job.version;
          yield this.look(id, account);
          if (job.endedAt !== undefined && job.version === told) return;
          await setTimeout(EVERY, undefined, { signal });
        }
      }
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    }
  }

  /** Ends when what is under way has ended: a server that stops waits for it. */
  settled(): Promise<void> {
    return this.#last;
  }
}

/** Where work of other slices takes its turn. */
export type JobQueue = Pick<Jobs, 'start'>;

function told(job: Pick<Running<unknown>, 'version' | 'changes'>): void {
  job.version++;
  job.changes.emit('change');
}
