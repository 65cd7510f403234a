import { createHash } from 'node:crypto';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';

export interface MediaState {
  received: number;
  complete: boolean;
}

/** How much of a file has arrived without a gap. */
export async function mediaState(instance: Instance, scope: Scope, digest: string): Promise<MediaState> {
  return instance.db.transaction(scope, (tx) => stateIn(tx, scope, digest));
}

async function stateIn(tx: Tx, { county }: Scope, digest: string): Promise<MediaState> {
  const [file] = await tx.query<{ total: number; stored: string | null }>(
    'select total, stored from media where county = $1 and digest = $2',
    [county, digest],
  );
  if (file === undefined) return { received: 0, complete: false };
  if (file.stored !== null) return { received: file.total, complete: true };
  const pieces = await tx.query<{ start: number; bytes: number }>(
    'select start, bytes from media_piece where county = $1 and digest = $2 order by start',
    [county, digest],
  );
  let received = 0;
  for (const { start, bytes } of pieces) if (start === received) received += bytes;
  return { received, complete: false };
}

/** The kinds of file a phone makes: PNG of a signature, JPEG of a photograph. */
function isPicture(bytes: Buffer): boolean {
  const png = bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a';
  return png || bytes.subarray(0, 3).toString('hex') === 'ffd8ff';
}

/**
 * Takes a piece. A piece that is there already changes nothing; the last makes the file whole: its digest is checked,
 * and it goes into the encrypted store.
 */
export async function takePiece(
  instance: Instance,
  scope: Scope,
  digest: string,
  piece: { readonly offset: number; readonly total: number; readonly base64: string },
): Promise<MediaState> {
  const bytes = Buffer.from(piece.base64, 'base64');
  if (bytes.length === 0 || piece.offset + bytes.length > piece.total) {
    throw new Refusal('media.piece', '这一段照片不完整；请重新发送。');
  }
  return instance.db.transaction(scope, async (tx) => {
    await tx.query(
      'insert into media (county, digest, total, actor) values ($1, $2, $3, $4) on conflict do nothing',
      [scope.county, digest, piece.total, scope.actor],
    );
    const [file] = await tx.query<{ total: number; stored: string | null }>(
      'select total, stored from media where county = $1 and digest = $2 for update',
      [scope.county, digest],
    );
    if (file === undefined || file.stored !== null) return stateIn(tx, scope, digest);
    if (file.total !== piece.total) throw new Refusal('media.total', '照片的大小前后不一致；请重新拍摄。');
    const before = await stateIn(tx, scope, digest);
    // Out of order: it would leave a gap; the device is told where to go on.
    if (piece.offset !== before.received) return before;
    await tx.query(
      'insert into media_piece (county, digest, start, bytes, content) values ($1, $2, $3, $4, $5)',
      [scope.county, digest, piece.offset, bytes.length, instance.cipher.encryptField(piece.base64)],
    );
    const received = piece.offset + bytes.length;
    if (received < piece.total) return { received, complete: false };
    await makeWhole(tx, instance, scope, digest);
    return { received, complete: true };
  });
}

/** Takes a file that came whole. @returns whether it was not there before */
export async function takeWhole(
  instance: Instance,
  scope: Scope,
  digest: string,
  bytes: Buffer,
): Promise<boolean> {
  if (createHash('sha256').update(bytes).digest('hex') !== digest || !isPicture(bytes)) {
    throw new Refusal('media.digest', '照片在传送中损坏，或不是照片；请重新拍摄。');
  }
  if ((await mediaState(instance, scope, digest)).complete) return false;
  const { digest: stored } = await instance.files.put(bytes);
  await instance.db.transaction(scope, async (tx) => {
    await tx.query('delete from media_piece where county = $1 and digest = $2', [scope.county, digest]);
    await tx.query(
      `insert into media (county, digest, total, actor, stored) values ($1, $2, $3, $4, $5)
       on conflict (county, digest) do update set total = excluded.total, stored = excluded.stored`,
      [scope.county, digest, bytes.length, scope.actor, stored],
    );
  });
  return true;
}

async function makeWhole(tx: Tx, instance: Instance, scope: Scope, digest: string): Promise<void> {
  const rows = await tx.query<{ content: Buffer }>(
    'select content from media_piece where county = $1 and digest = $2 order by start',
    [scope.county, digest],
  );
  const whole = Buffer.concat(
    rows.map((row) => Buffer.from(instance.cipher.decryptField(row.content), 'base64')),
  );
  if (createHash('sha256').update(whole).digest('hex') !== digest || !isPicture(whole)) {
    throw new Refusal('media.digest', '照片在传送中损坏，或不是照片；请重新拍摄。');
  }
  const { digest: stored } = await instance.files.put(whole);
  await tx.query('update media set stored = $3 where county = $1 and digest = $2', [
    scope.county,
    digest,
    stored,
  ]);
  await tx.query('delete from media_piece where county = $1 and digest = $2', [scope.county, digest]);
}
