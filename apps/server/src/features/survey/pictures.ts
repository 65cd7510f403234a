import { Refusal } from '@quanbao/domain/kernel/problem';
import type { FastifyReply } from 'fastify';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { readStored } from '../originals/index.ts';

const KINDS = [
  ['89504e47', 'image/png'],
  ['ffd8ff', 'image/jpeg'],
  ['25504446', 'application/pdf'],
] as const;

/** What a proof is, by its first bytes; undefined for what is none. */
export function kindOf(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 4).toString('hex');
  return KINDS.find(([magic]) => start.startsWith(magic))?.[1];
}

/** Where pictures hang, with the act that a look is recorded as. */
const BEARERS = {
  visit: { table: 'visit', subject: `'person ' || person_no`, act: 'visit.picture' },
  found: { table: 'found_person', subject: `'found person'`, act: 'found.picture' },
} as const;

/** The signature, photograph or scan of a visit, or of somebody found, that the account sees; the look is recorded. */
export async function surveyPicture(
  instance: Instance,
  scope: Scope,
  bearer: keyof typeof BEARERS,
  { command, no }: { readonly command: string; readonly no: number },
): Promise<{ type: string; bytes: Buffer }> {
  const { table, subject, act } = BEARERS[bearer];
  const digest = await instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<{ digest: string | null; subject: string; region: string }>(
      `select media[$3::int] as digest, ${subject} as subject, region from ${table} where county = $1 and command = $2::uuid`,
      [scope.county, command, no],
    );
    if (row === undefined || row.digest === null) {
      throw new Refusal('visit.picture', '没有这张图片，或不在您的管辖范围。');
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act,
      subject: row.subject,
      region: row.region,
      detail: {},
    });
    return row.digest;
  });
  const [file] = await instance.db.transaction(journalOf(scope), (tx) =>
    tx.query<{ stored: string | null }>('select stored from media where county = $1 and digest = $2', [
      scope.county,
      digest,
    ]),
  );
  if (file === undefined || file.stored === null) {
    throw new Refusal('visit.picture', '这张图片还在手机上，没有传完；请走访员连上网络后再看。');
  }
  const bytes = await readStored(instance, file.stored);
  return { type: kindOf(bytes) ?? 'application/octet-stream', bytes };
}

/** Shown in the browser, kept nowhere. */
export function sendPicture(
  reply: FastifyReply,
  { type, bytes }: { readonly type: string; readonly bytes: Buffer },
): FastifyReply {
  return reply
    .header('content-disposition', 'inline')
    .header('cache-control', 'no-store')
    .type(type)
    .send(bytes);
}
