import { basename } from 'node:path';
import { DecisionBody } from '@quanbao/contract/register';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { keepFile } from '../originals/index.ts';

export interface SentDecision {
  readonly decision: Static<typeof DecisionBody>;
  readonly document: { readonly name: string; readonly digest: string };
}

/** The decision and its document, which lies encrypted in the file store from its first byte. */
export async function takeDecision(
  instance: Instance,
  scope: Scope,
  request: FastifyRequest,
): Promise<SentDecision> {
  if (!request.isMultipart()) throw noDocument();
  let decision: Static<typeof DecisionBody> | undefined;
  let document: SentDecision['document'] | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (part.fieldname === 'decision') decision = readDecision(String(part.value));
      continue;
    }
    if (document !== undefined) {
      throw new Refusal('adjudicate.document', '一次裁定附一份材料；多份材料请合成一个文件再上传。');
    }
    const { digest, bytes } = await keepFile(instance, scope, part.file);
    if (part.file.truncated)
      throw new Refusal('adjudicate.document', '材料超过单个文件的上限；请压缩后再上传。');
    if (bytes === 0) throw new Refusal('adjudicate.document', '材料是空文件；请重新选择。');
    document = { name: safeName(part.filename), digest };
  }
  if (decision === undefined) throw new Refusal('request.invalid', '没有收到裁定的内容；请刷新页面后再试。');
  if (document === undefined) throw noDocument();
  return { decision, document };
}

function readDecision(text: string): Static<typeof DecisionBody> {
  try {
    const given: unknown = JSON.parse(text);
    if (Value.Check(DecisionBody, given)) return given;
  } catch {
    // falls through: what is no JSON is no decision
  }
  throw new Refusal('request.invalid', '裁定的内容不合要求；请刷新页面后再试。');
}

/** Names are kept and shown: none holds an ID number. */
function safeName(given: string): string {
  return (
    basename(given.replaceAll('\u0000', '').replaceAll('\\', '/')).replace(
      /[\d０-９]{15,}[XxＸｘ]?/g,
      maskId,
    ) || '未命名'
  );
}

function noDocument(): Refusal {
  return new Refusal('adjudicate.document', '裁定要附材料；请选择一个文件。');
}
