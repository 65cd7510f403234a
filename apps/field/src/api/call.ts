import type { AnswerOf, BodyOf, QueryOf, Route } from '@quanbao/contract/route';
import { Problem } from './problem.ts';

let csrf = '';

/** The token every change is sent with; it lies sealed in the vault. */
export function keepCsrf(token: string): void {
  csrf = token;
}

/** A piece of 64 KB takes 11 s at 64 kbit/s; what takes longer than this is lost on the way. */
const PATIENCE = 60_000;

/**
 * Asks the server. The route is a type only, so that no schema is carried to the phone.
 * @throws Problem when the server refuses or cannot be reached
 */
export async function call<const R extends Route>(
  method: R['method'],
  url: R['url'],
  input: {
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: QueryOf<R>;
    readonly body?: BodyOf<R>;
    readonly patience?: number;
  } = {},
): Promise<AnswerOf<R>> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (method !== 'GET') headers['x-csrf-token'] = csrf;
  const init: RequestInit = {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(input.patience ?? PATIENCE),
  };
  if (input.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(input.body);
  }
  const path = url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ''));
  const query = input.query === undefined ? '' : `?${new URLSearchParams(input.query as never)}`;
  try {
    const response = await fetch(path + query, init);
    if (response.ok) return (await response.json()) as AnswerOf<R>;
    const body = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
    throw new Problem(
      response.status,
      body.code ?? 'field.unexplained',
      body.detail ?? `服务器没有说明原因（${response.status}），请稍后再试。`,
    );
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(0, 'field.unreachable', '连不上服务器。已填的内容都存在手机里，有网络时会自动上报。');
  }
}
