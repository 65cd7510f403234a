import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore, type FileStore, sweepFileStore } from './file-store.ts';
import { type Keyring, openKeyring } from './keyring.ts';

let dir: string;
let keyring: Keyring;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'files-'));
  keyring = openKeyring(dir).keyring;
});
afterEach(() => rmSync(dir, { recursive: true }));

const stored = (digest: string): string => join(dir, 'files', digest.slice(0, 2), digest);

async function read(store: FileStore, digest: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of store.open(digest)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const CSV = Buffer.from('430321194006011234,张三,湘潭县易俗河镇\n'.repeat(40_000));

describe.each(['sm4', 'aes'] as const)('the file store in %s', (suite) => {
  it('gives back what was put, of every size', async () => {
    const store = createFileStore(dir, keyring, suite);
    for (const content of [
      Buffer.alloc(0),
      Buffer.from('x'),
      CSV,
      randomBytes(524_288),
      randomBytes(3_000_001),
    ]) {
      const { digest, bytes } = await store.put(content);
      expect(bytes).toBe(content.length);
      expect((await read(store, digest)).equals(content)).toBe(true);
      const path = join(dir, 'plain');
      writeFileSync(path, content);
      expect(await store.put(path)).toEqual({ digest, bytes });
      expect(await store.put(Readable.from([content.subarray(0, 7), content.subarray(7)]))).toEqual({
        digest,
        bytes,
      });
      await store.materialise(digest, join(dir, 'out'));
      expect(readFileSync(join(dir, 'out')).equals(content)).toBe(true);
      expect(statSync(join(dir, 'out')).mode & 0o777).toBe(0o600);
    }
  });

  it('stores nothing readable, small, and for its owner', async () => {
    const store = createFileStore(dir, keyring, suite);
    const { digest } = await store.put(CSV);
    const raw = readFileSync(stored(digest));
    expect(raw.includes('430321194006011234')).toBe(false);
    expect(raw.length).toBeLessThan(CSV.length / 10);
    expect(statSync(stored(digest)).mode & 0o777).toBe(0o600);
  });

  it('notices a flipped bit, a cut, an addition, exchanged chunks and another file under the name', async () => {
    const store = createFileStore(dir, keyring, suite);
    const content = randomBytes(3 * 524_288 + 100);
    const { digest } = await store.put(content);
    const good = readFileSync(stored(digest));
    const spoilt = async (bytes: Buffer): Promise<void> => {
      writeFileSync(stored(digest), bytes);
      await expect(read(store, digest)).rejects.toMatchObject({ name: 'FileStoreError' });
      await expect(store.materialise(digest, join(dir, 'never'))).rejects.toThrow();
      expect(readdirSync(dir).filter((name) => name.startsWith('never'))).toEqual([]);
    };
    const frame = 5 + 524_288 + 32;
    const last = 5 + 40 + 32;
    for (const at of [0, 4, 5, 10, 22, 26, 27, 5000, 22 + frame - 1, good.length - 50, good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at]! ^= 1;
      await spoilt(bad);
    }
    for (const end of [0, 10, 22, 22 + frame, 22 + 3 * frame, good.length - last, good.length - 1]) {
      await spoilt(good.subarray(0, end));
    }
    await spoilt(Buffer.concat([good, Buffer.of(0)]));
    const chunk = (n: number): Buffer => good.subarray(22 + n * frame, 22 + (n + 1) * frame);
    await spoilt(Buffer.concat([good.subarray(0, 22), chunk(1), chunk(0), good.subarray(22 + 2 * frame)]));
    await spoilt(Buffer.concat([good.subarray(0, 22), chunk(0), good.subarray(22 + 2 * frame)]));
    const other = await store.put(randomBytes(3 * 524_288 + 100));
    await spoilt(readFileSync(stored(other.digest)));
    writeFileSync(stored(digest), good);
    expect((await read(store, digest)).equals(content)).toBe(true);
  });
});

it('reads files written with an earlier key and with the other suite', async () => {
  const { digest } = await createFileStore(dir, keyring, 'aes').put(CSV);
  keyring.rotateFileKey();
  const store = createFileStore(dir, openKeyring(dir).keyring);
  expect((await read(store, digest)).equals(CSV)).toBe(true);
  expect(await store.put(CSV)).toEqual({ digest, bytes: CSV.length });
  expect([...readFileSync(stored(digest)).subarray(4, 6)]).toEqual([1, 2]);
});

it('writes files again under the current key, once, and leaves an altered one alone', async () => {
  const store = createFileStore(dir, keyring);
  const big = randomBytes(1_200_000);
  const [first, second] = [(await store.put(CSV)).digest, (await store.put(big)).digest];
  expect(await store.digests()).toEqual([first, second].sort());
  expect(await store.renew(first)).toBe(false);
  keyring.rotateFileKey();
  const before = readFileSync(stored(second));
  expect([await store.renew(first), await store.renew(second), await store.renew(second)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(readFileSync(stored(second)).equals(before)).toBe(false);
  expect([readFileSync(stored(first))[5], readFileSync(stored(second))[5]]).toEqual([2, 2]);
  expect((await read(store, first)).equals(CSV) && (await read(store, second)).equals(big)).toBe(true);
  keyring.rotateFileKey();
  const altered = Buffer.from(readFileSync(stored(first)));
  altered[60] = altered[60]! ^ 1;
  writeFileSync(stored(first), altered);
  await expect(store.renew(first)).rejects.toMatchObject({ code: 'file.tampered' });
  expect(readFileSync(stored(first)).equals(altered)).toBe(true);
  expect(readdirSync(join(dir, 'files')).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('knows what it has, forgets what is deleted, and takes no path for a name', async () => {
  const store = createFileStore(dir, keyring);
  const { digest } = await store.put(CSV);
  expect(await store.has(digest)).toBe(true);
  expect(await store.delete(digest)).toBe(true);
  expect(await store.delete(digest)).toBe(false);
  expect(await store.has(digest)).toBe(false);
  await expect(read(store, digest)).rejects.toMatchObject({ code: 'file.missing' });
  await expect(read(store, '../keys.json')).rejects.toMatchObject({ code: 'file.missing' });
});

it('leaves nothing of a put that failed, and sweeps what a killed process left', async () => {
  const store = createFileStore(dir, keyring);
  const broken = Readable.from(
    (function* () {
      yield randomBytes(600_000);
      throw new Error('network gone');
    })(),
  );
  await expect(store.put(broken)).rejects.toThrow('network gone');
  await expect(store.put(join(dir, 'nowhere'))).rejects.toThrow();
  expect(readdirSync(join(dir, 'files'))).toEqual([]);
  copyFileSync(join(dir, 'keys.json'), join(dir, 'files', '.put-1-abc'));
  expect(await sweepFileStore(dir)).toBe(1);
  expect(readdirSync(join(dir, 'files'))).toEqual([]);
});
