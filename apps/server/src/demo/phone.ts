import { createHash } from 'node:crypto';
import { journalOf } from '../db/journal-of.ts';
import type { Scope } from '../db/port.ts';
import { takeWhole } from '../features/survey/index.ts';
import type { Instance } from '../instance.ts';

export function digestOf(picture: Buffer): string {
  return createHash('sha256').update(picture).digest('hex');
}

/** Pictures come after the answers that name them. */
export async function takePictures(
  instance: Instance,
  scope: Scope,
  pictures: readonly Buffer[],
): Promise<void> {
  for (const picture of pictures) await takeWhole(instance, journalOf(scope), digestOf(picture), picture);
}

/** The same number for the same visit, as a phone would send it twice. */
export function commandOf(device: string, id: string): string {
  const hex = createHash('sha256').update(`${device} ${id}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
