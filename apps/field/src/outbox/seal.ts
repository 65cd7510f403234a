import type { fieldPack } from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';

/** Delivered with a list: what is sealed for it, the county alone can open. */
export type OutboxKey = NonNullable<AnswerOf<typeof fieldPack>['outbox']>;

/**
 * The file of last resort: a line of JSON in the clear that names the key, then everything else under it. The private half
 * never leaves the county; this phone itself cannot open the file any more.
 */
export async function sealOutbox(
  to: OutboxKey,
  inside: object,
  pictures: readonly { readonly digest: string; readonly bytes: Uint8Array<ArrayBuffer> }[],
): Promise<Blob> {
  const { subtle } = crypto;
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const county = await subtle.importKey('raw', fromBase64(to.public), curve, false, []);
  const own = await subtle.generateKey(curve, false, ['deriveBits']);
  const ephemeral = new Uint8Array(await subtle.exportKey('raw', own.publicKey));
  const shared = await subtle.deriveBits({ name: 'ECDH', public: county }, own.privateKey, 256);
  const key = await subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: ephemeral, info: utf8('quanbao outbox') },
    await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const head = utf8(
    JSON.stringify({
      format: 'quanbao-outbox',
      version: 2,
      county: to.county,
      key: to.key,
      ephemeral: base64(ephemeral),
      iv: base64(iv),
    }),
  );
  const sizes = pictures.map(({ digest, bytes }) => ({ digest, bytes: bytes.length }));
  const text = utf8(`${JSON.stringify({ ...inside, pass: to.pass, pictures: sizes })}\n`);
  const plain = new Uint8Array(await new Blob([text, ...pictures.map(({ bytes }) => bytes)]).arrayBuffer());
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: head }, key, plain);
  return new Blob([head, '\n', sealed], { type: 'application/octet-stream' });
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
