import type { Problem as ProblemBody } from '@quanbao/contract/route';
import type { Static } from 'typebox';

/** What the server refused, or why it could not be asked; `message` is for the user. */
export class Problem extends Error {
  /** 0 when no answer came. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
  }
}

export function unreachable(): Problem {
  return new Problem(0, 'desk.unreachable', '连不上服务器。请检查网络，稍后重试；刚才的操作没有送达。');
}

function isProblemBody(body: unknown): body is Static<typeof ProblemBody> {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblemBody(body)) return new Problem(response.status, body.code, body.detail);
  return new Problem(
    response.status,
    'desk.unexplained',
    `服务器没有说明原因（${response.status}）。请稍后重试；仍然不行时，请把时间和这个数字告诉系统管理员。`,
  );
}
