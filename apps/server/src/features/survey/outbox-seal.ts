import { createDecipheriv, createECDH, createHmac, type ECDH, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Keyring } from '../../secrets/keyring.ts';

/**
 * What a phone hands over as a file is sealed for the county: the PIN never leaves the phone, and whoever finds the file
 * reads nothing. P-256, as the browsers of cheap phones have no X25519; the private half is derived from the file key of
 * the given id, so that it is rotated and kept with it.
 *
 *     header as a line of JSON | AES-256-GCM of what it holds, its tag last
 */
const CURVE = 'prime256v1';
const FORMAT = 'quanbao-outbox';
const TAG = 16;

export interface SealHeader {
  readonly format: string;
  readonly version: number;
  readonly county: string;
  readonly key: number;
  /** The phone's public half for this file alone, base64. */
  readonly ephemeral: string;
  readonly iv: string;
}

function pairOf(keyring: Keyring, id: number): ECDH | undefined {
  const master = keyring.key('file', id);
  if (master === undefined) return undefined;
  const pair = createECDH(CURVE);
  // One in four billion is no scalar of the curve: the next is taken.
  for (let n = 0; ; n++) {
    try {
      pair.setPrivateKey(createHmac('sha256', master).update(`quanbao outbox ${n}`).digest());
      return pair;
    } catch (error) {
      if (n > 10) throw error;
    }
  }
}

/** The key a phone seals for now, and its id. */
export function outboxKey(keyring: Keyring): { key: number; public: string } {
  const key = keyring.current('file');
  const pair = pairOf(keyring, key);
  if (pair === undefined) throw new Error(`no file key k${key}`);
  return { key, public: pair.getPublicKey('base64') };
}

/** Only the server can make it: it shows that a file is from a phone on which this account was signed in. */
export function outboxPass(
  keyring: Keyring,
  of: { readonly county: string; readonly actor: string; readonly device: string },
): string {
  return createHmac('sha256', keyring.auditKey)
    .update(`quanbao outbox pass ${JSON.stringify([of.county, of.actor, of.device])}`)
    .digest('base64');
}

export function isPass(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const damaged = (): Refusal =>
  new Refusal('outbox.damaged', '文件不完整，或在传送中被改动；请在手机上重新导出，原样拷来再试。');

/** Takes a file apart without opening it. @throws Refusal when it is none */
export function readHeader(file: Buffer): { header: SealHeader; line: Buffer; sealed: Buffer } {
  const end = file.subarray(0, 2_000).indexOf(0x0a);
  const other = (): Refusal =>
    new Refusal('outbox.format', '这不是手机导出的未上报文件；请在手机“上报”页导出后再试。');
  if (end < 0) throw other();
  const line = file.subarray(0, end);
  let header: Partial<SealHeader>;
  try {
    header = JSON.parse(line.toString('utf8')) as Partial<SealHeader>;
  } catch {
    throw other();
  }
  if (header?.format !== FORMAT) throw other();
  if (header.version !== 2) {
    throw new Refusal('outbox.version', '文件是别的版本的程序导出的；请更新手机程序后重新导出。');
  }
  const { county, key, ephemeral, iv } = header;
  if (typeof county !== 'string' || typeof key !== 'number' || typeof ephemeral !== 'string') throw damaged();
  if (typeof iv !== 'string') throw damaged();
  return { header: header as SealHeader, line, sealed: file.subarray(end + 1) };
}

/** @throws Refusal when it was sealed for another key, or altered */
export function openSeal(keyring: Keyring, { header, line, sealed }: ReturnType<typeof readHeader>): Buffer {
  const pair = pairOf(keyring, header.key);
  if (pair === undefined) {
    throw new Refusal('outbox.key', '文件不是给本系统加密的，密钥文件里没有它的密钥；请核对是哪个县的手机。');
  }
  try {
    const ephemeral = Buffer.from(header.ephemeral, 'base64');
    const shared = pair.computeSecret(ephemeral);
    const key = Buffer.from(hkdfSync('sha256', shared, ephemeral, 'quanbao outbox', 32));
    const opener = createDecipheriv('aes-256-gcm', key, Buffer.from(header.iv, 'base64'), {
      authTagLength: TAG,
    });
    opener.setAAD(line);
    opener.setAuthTag(sealed.subarray(sealed.length - TAG));
    return Buffer.concat([opener.update(sealed.subarray(0, sealed.length - TAG)), opener.final()]);
  } catch {
    throw damaged();
  }
}
