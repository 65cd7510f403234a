import { Refusal } from '@quanbao/domain/kernel/problem';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';

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

export async function readStored(instance: Instance, digest: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of instance.files.open(digest)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The signature, photograph or scan of a visit that the account sees; the look is recorded. */
export async function visitPicture(
  instance: Instance,
  scope: Scope,
  command: string,
  no: number,
): Promise<{ type: string; bytes: Buffer }> {
  const digest = await instance.db.transaction(scope, async (tx) => {
    const [visit] = await tx.query<{ digest: string | null; person: number; region: string }>(
      'select media[$3::int] as digest, person_no as person, region from visit where county = $1 and command = $2::uuid',
      [scope.county, command, no],
    );
    if (visit === undefined || visit.digest === null) {
      throw new Refusal('visit.picture', '没有这张图片，或不在您的管辖范围。');
    }
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'visit.picture',
      subject: `person ${visit.person}`,
      region: visit.region,
      detail: {},
    });
    return visit.digest;
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
