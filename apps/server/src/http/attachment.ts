import type { FastifyReply } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
};

/** A file to be kept, with its Chinese name (RFC 6266). */
export function attachment(reply: FastifyReply, name: string): FastifyReply {
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return reply
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .header('cache-control', 'no-store')
    .type(TYPES[ending] ?? 'application/octet-stream');
}
