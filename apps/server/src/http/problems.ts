import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { FastifyError, FastifyInstance } from 'fastify';
import { sayable } from '../trouble.ts';

/** RFC 9457. */
const TYPE = 'application/problem+json';

/** By the code's first match; everything else a user can cause is 422. */
const STATUS: readonly (readonly [RegExp, number, string])[] = [
  [/^access\.(wrong|code|code-needed|locked|pending|disabled|signed-out|oidc-[a-z]+)$/, 401, '未登录'],
  [/^access\.(forbidden|source|csrf|must-change|self)$|^report\.scope$|^device\.revoked$/, 403, '没有权限'],
  [/\.unknown$|^report\.region$|^not-found$/, 404, '没有找到'],
  [/^db\.lost$/, 503, '数据库连不上'],
  [/^disk\.full$/, 507, '磁盘已满'],
  [/^db\.|\.exists$|\.done$/, 409, '有冲突'],
  [/^upload\.(too-large|total|quota)$/, 413, '太大'],
  [/^busy$/, 503, '正忙'],
];

interface ProblemAnswer {
  readonly status: number;
  readonly body: { type: string; status: number; title: string; code: string; detail: string };
}

function problemOf(error: unknown): ProblemAnswer {
  const said = sayable(error);
  if (said !== undefined) {
    const { code, message } = said.problem;
    const [, status, title] = STATUS.find(([pattern]) => pattern.test(code)) ?? [null, 422, '不能这样做'];
    return answer(status, title, code, message);
  }
  const { statusCode, validation, code } = error as FastifyError;
  if (validation !== undefined) {
    const first = validation[0];
    const place =
      first?.instancePath.replaceAll('/', ' ').trim() || String(first?.params.missingProperty ?? '');
    return answer(
      400,
      '请求不对',
      'request.invalid',
      `请求的内容不合要求${place === '' ? '' : `（${place}）`}；请刷新页面后再试。`,
    );
  }
  if (code === 'FST_REQ_FILE_TOO_LARGE' || code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return answer(413, '太大', 'request.too-large', '文件或内容超过上限；请把名单分成几个文件再上传。');
  }
  if (code === 'FST_FILES_LIMIT' || code === 'FST_PARTS_LIMIT' || code === 'FST_FIELDS_LIMIT') {
    return answer(413, '太多', 'request.too-many', '一次上传的文件太多；请分几次上传。');
  }
  if (statusCode === 429) {
    return answer(429, '太频繁', 'request.too-often', '操作太频繁；请一分钟后再试。');
  }
  if (statusCode === 503) return answer(503, '正忙', 'busy', '系统正忙；请稍候再试。');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return answer(statusCode, '请求不对', 'request.invalid', '请求的内容不合要求；请刷新页面后再试。');
  }
  return answer(500, '程序出错', 'internal', '程序出错，没有完成；请把时间告诉管理员，查看服务日志。');
}

function answer(status: number, title: string, code: string, detail: string): ProblemAnswer {
  return {
    status,
    body: {
      type: `urn:quanbao:problem:${code}`,
      status,
      title,
      code,
      detail: detail.replace(/[\d０-９]{15,}[XxＸｘ]?/g, maskId),
    },
  };
}

/** Every refusal explained to the user; a fault goes to the log with its stack and to the user without. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'fault');
    return reply.status(problem.status).header('content-type', TYPE).send(JSON.stringify(problem.body));
  });
}
