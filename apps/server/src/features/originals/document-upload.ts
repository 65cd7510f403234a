import { basename } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { keepFile } from './keep.ts';

export interface SentDocument<T> {
  readonly order: T;
  readonly document: { readonly name: string; readonly digest: string };
}

/**
 * An order in one field, as JSON, and the one document that it rests on, which lies encrypted in the file store from
 * its first byte.
 * @param act what the order is called, such as 裁定
 * @throws Refusal `<code>.document` or `request.invalid`
 */
export async function takeDocument<const S extends TSchema>(
  instance: Instance,
  scope: Scope,
  request: FastifyRequest,
  { field, schema, act, code }: { field: string; schema: S; act: string; code: string },
): Promise<SentDocument<Static<S>>> {
  const refused = (message: string): Refusal => new Refusal(`${code}.document`, message);
  const none = (): Refusal => refused(`${act}要附材料；请选择一个文件。`);
  if (!request.isMultipart()) throw none();
  let order: Static<S> | undefined;
  let document: SentDocument<unknown>['document'] | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (part.fieldname === field) order = readOrder(schema, String(part.value), act);
      continue;
    }
    if (document !== undefined) throw refused(`一次${act}附一份材料；多份材料请合成一个文件再上传。`);
    const { digest, bytes } = await keepFile(instance, scope, part.file);
    if (part.file.truncated) throw refused('材料超过单个文件的上限；请压缩后再上传。');
    if (bytes === 0) throw refused('材料是空文件；请重新选择。');
    document = { name: safeName(part.filename), digest };
  }
  if (order === undefined) throw new Refusal('request.invalid', `没有收到${act}的内容；请刷新页面后再试。`);
  if (document === undefined) throw none();
  return { order, document };
}

function readOrder<S extends TSchema>(schema: S, text: string, act: string): Static<S> {
  try {
    const given: unknown = JSON.parse(text);
    if (Value.Check(schema, given)) return given;
  } catch {
    // falls through: what is no JSON is no order
  }
  throw new Refusal('request.invalid', `${act}的内容不合要求；请刷新页面后再试。`);
}

/** Names are kept and shown: none holds an ID number. */
function safeName(given: string): string {
  const name = basename(given.replaceAll('\u0000', '').replaceAll('\\', '/'));
  return name.replace(/[\d０-９]{15,}[XxＸｘ]?/g, maskId) || '未命名';
}
