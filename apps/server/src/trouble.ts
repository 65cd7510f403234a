import { Refusal } from '@quanbao/domain/kernel/problem';

/** Of PostgreSQL's classes: connection exception; shut down, crashed, starting up. */
const LOST = /^08|^57P0[1-4]$|^(?:ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND)$/;
/** What the driver says when the line goes under a question, without a code. */
const LOST_WORDS =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when)/;
const FULL = /^(?:ENOSPC|EDQUOT|53100)$/;

/** The codes of what the machine lacks, not the input. */
export const TROUBLES: readonly string[] = ['disk.full', 'db.lost'];

/**
 * What can be said in words: a refusal, or what the machine lacks, so that somebody can help it.
 * @returns undefined for a fault of the program
 */
export function sayable(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = String((at as { code?: unknown }).code ?? '');
    if (FULL.test(code)) {
      return new Refusal(
        'disk.full',
        '磁盘已满，多半没有完成，已有的数据没有动；请腾出空间，看一看结果，没有的再做一次。',
      );
    }
    if (LOST.test(code) || LOST_WORDS.test(at.message)) {
      return new Refusal(
        'db.lost',
        '与数据库的连接中断，多半没有完成；请确认数据库在运行，看一看结果，没有的再做一次。',
      );
    }
  }
  return undefined;
}
