import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from '@quanbao/contract/route';
import { Problem, problemOf, unreachable } from './problem.ts';
import { fileNameOf, fillUrl, type QueryValue } from './url.ts';

type Part<Name extends string, T> = [T] extends [undefined]
  ? { readonly [K in Name]?: undefined }
  : Record<string, never> extends T
    ? { readonly [K in Name]?: T }
    : { readonly [K in Name]: T };
export type Input<R extends Route> = Part<'params', ParamsOf<R>> &
  Part<'query', QueryOf<R>> &
  Part<'body', BodyOf<R>>;
type InputArgument<R extends Route> =
  Record<string, never> extends Input<R> ? [input?: Input<R>] : [input: Input<R>];

let csrf = '';
let onSignedOut = (): void => {};

/** The token every change is sent with. */
export function keepCsrf(token: string): void {
  csrf = token;
}

/** @param act what to do when the server no longer knows the session */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

interface AnyInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

async function send(route: Route, input: AnyInput, form?: FormData): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json, */*' };
  if (route.method !== 'GET') headers['x-csrf-token'] = csrf;
  const init: RequestInit = { method: route.method, headers, credentials: 'same-origin' };
  if (form) init.body = form;
  else if (input.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(input.body);
  }
  const url = fillUrl(
    route.url,
    input.params as Record<string, unknown>,
    input.query as Record<string, QueryValue>,
  );
  const response = await fetch(url, init).catch(() => {
    throw unreachable();
  });
  if (response.ok) return response;
  const problem = await problemOf(response);
  // A wrong password or code is a 401 too: only this one says that nobody is signed in.
  if (problem.code === 'access.signed-out') onSignedOut();
  throw problem;
}

/** @throws Problem when the server refuses or cannot be reached */
export async function call<const R extends Route>(
  route: R,
  ...[input]: InputArgument<R>
): Promise<AnswerOf<R>> {
  const response = await send(route, (input ?? {}) as AnyInput);
  return (await response.json()) as AnswerOf<R>;
}

/** Sends files, with other fields, as multipart/form-data. */
export async function sendForm<const R extends Route>(
  route: R,
  form: FormData,
  params?: ParamsOf<R>,
  query?: QueryOf<R>,
): Promise<AnswerOf<R>> {
  const response = await send(route, { params, query }, form);
  return (await response.json()) as AnswerOf<R>;
}

/** Fetches a file and hands it to the browser to save. @returns its name */
export async function download<const R extends Route>(
  route: R,
  ...[input]: InputArgument<R>
): Promise<string> {
  const response = await send(route, (input ?? {}) as AnyInput);
  const name = fileNameOf(response.headers.get('content-disposition')) ?? '全保导出.xlsx';
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Chromium reads the blob after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return name;
}

/** Follows an event stream of JSON messages. @returns how to stop */
export function follow<Message>(
  route: Route,
  params: Readonly<Record<string, unknown>>,
  on: { readonly message: (message: Message) => void; readonly lost: (problem: Problem) => void },
): () => void {
  const stream = new EventSource(fillUrl(route.url, params));
  stream.onmessage = (event) => on.message(JSON.parse(event.data) as Message);
  stream.onerror = () => {
    // The browser connects again by itself unless the server closed for good.
    if (stream.readyState === EventSource.CLOSED) {
      on.lost(new Problem(0, 'desk.stream', '进度中断。工作仍在服务器上进行，请稍后刷新查看结果。'));
    }
  };
  return () => stream.close();
}
