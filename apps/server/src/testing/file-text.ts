import { inflateRawSync } from 'node:zlib';

/** What is written in an answer; of an xlsx (a zip of deflated parts) the texts inside as well. */
export function textOf(body: unknown): string {
  if (!Buffer.isBuffer(body)) return JSON.stringify(body);
  let text = body.toString('utf8');
  for (let at = body.indexOf('PK\u0003\u0004'); at >= 0; at = body.indexOf('PK\u0003\u0004', at + 4)) {
    const start = at + 30 + body.readUInt16LE(at + 26) + body.readUInt16LE(at + 28);
    try {
      text += inflateRawSync(body.subarray(start), { finishFlush: 2 }).toString('utf8');
    } catch {
      // a part that is stored plainly is in the text already
    }
  }
  return text;
}
