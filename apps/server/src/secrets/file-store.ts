import {
  createCipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Suite } from './field.ts';
import type { Keyring } from './keyring.ts';

/**
 * Encrypted files, named by a keyed hash of their content: `<dir>/files/ab/abcd…`.
 *
 *     "QBF1" | suite 1 | key id 1 | salt 16
 *     chunk*: length 4 | flags 1 | data, deflated when that helps, then CTR | tag 32
 *
 * Each file has its own keys, derived from the file key and the salt, so (chunk, block) is a fresh counter.
 * A tag covers the head, the chunk's number, its length and flags. The last chunk is flagged and holds the
 * digest and the number of bytes: a file cut short, reordered, extended or put under another's name is noticed.
 */
const MAGIC = 'QBF1';
const HEAD = 22;
const CHUNK = 512 * 1024;
const FRAME = 5;
const TAG = 32;
const DEFLATED = 1;
const FINAL = 2;
/** Chunks being compressed by the thread pool while this thread encrypts. */
const AHEAD = 4;
/** After this many chunks that would not shrink (an xlsx is a zip already) only each 16th is tried. */
const PATIENCE = 3;

const SUITES: Record<Suite, { readonly id: number; readonly ctr: string; readonly keyBytes: number }> = {
  sm4: { id: 1, ctr: 'sm4-ctr', keyBytes: 16 },
  aes: { id: 2, ctr: 'aes-256-ctr', keyBytes: 32 },
};

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw);

/** A stored file that is not there or cannot be trusted. */
export class FileStoreError extends Error {
  readonly code: 'file.missing' | 'file.format' | 'file.unknown-key' | 'file.tampered';
  constructor(code: FileStoreError['code'], message: string) {
    super(message);
    this.name = 'FileStoreError';
    this.code = code;
  }
}

export interface FileStore {
  /** @param source a path, the content, or a stream of it */
  put(source: string | Uint8Array | Readable): Promise<{ digest: string; bytes: number }>;
  /**
   * Every byte that comes out has been checked; whether it was the whole file is known at the end only: a
   * stream that fails must undo what was done with its beginning.
   */
  open(digest: string): Readable;
  /** Decrypts into a new file (mode 0600), which is there only when the whole content was right. */
  materialise(digest: string, path: string): Promise<void>;
  has(digest: string): Promise<boolean>;
  /** @returns false when there was none */
  delete(digest: string): Promise<boolean>;
  /** Every stored file. */
  digests(): Promise<string[]>;
  /** Writes a file again under the current key. @returns false when it already is */
  renew(digest: string): Promise<boolean>;
}

interface FileKeys {
  readonly ctr: string;
  readonly enc: Buffer;
  readonly mac: KeyObject;
}

/** Where the store of an instance's directory keeps the file of a digest. */
export function storedPath(dir: string, digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw new FileStoreError('file.missing', 'not the name of a stored file');
  return join(dir, 'files', digest.slice(0, 2), digest);
}

/** @param dir the instance's directory; the files go to `files/` in it */
export function createFileStore(dir: string, keyring: Keyring, suite: Suite = 'sm4'): FileStore {
  const root = join(dir, 'files');
  const pathOf = (digest: string): string => storedPath(dir, digest);
  const keysFor = (head: Buffer): FileKeys => {
    const name = head[4] === 1 ? 'sm4' : head[4] === 2 ? 'aes' : undefined;
    if (head.length !== HEAD || head.toString('latin1', 0, 4) !== MAGIC || name === undefined) {
      throw new FileStoreError('file.format', 'not a file of this store');
    }
    const master = keyring.key('file', head[5]!);
    if (!master) throw new FileStoreError('file.unknown-key', `no file key k${head[5]} in this keyring`);
    const derive = (use: string): Buffer =>
      createHmac('sm3', master).update(`quanbao file ${name} ${use} `).update(head.subarray(6)).digest();
    return {
      ctr: SUITES[name].ctr,
      enc: derive('enc').subarray(0, SUITES[name].keyBytes),
      mac: createSecretKey(derive('mac')),
    };
  };

  const put: FileStore['put'] = async (source) => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    const head = Buffer.concat([
      Buffer.from(MAGIC, 'latin1'),
      Buffer.of(SUITES[suite].id, keyring.current('file')),
      randomBytes(16),
    ]);
    const keys = keysFor(head);
    const temp = join(root, `.put-${process.pid}-${randomBytes(6).toString('hex')}`);
    const file = await open(temp, 'wx', 0o600);
    const name = createHmac('sm3', keyring.fileNameKey);
    let bytes = 0;
    let index = 0;
    let stubborn = 0;
    const waiting: Promise<{ data: Uint8Array; flags: number }>[] = [];
    const shrink = async (plain: Buffer, number: number): Promise<{ data: Uint8Array; flags: number }> => {
      if (stubborn >= PATIENCE && number % 16 !== 0) return { data: plain, flags: 0 };
      const small = await deflate(plain, { level: 1 });
      if (small.length < plain.length * 0.95) {
        stubborn = 0;
        return { data: small, flags: DEFLATED };
      }
      stubborn++;
      return { data: plain, flags: 0 };
    };
    const writeNext = async (): Promise<void> => {
      const { data, flags } = await waiting.shift()!;
      await writeAll(file, seal(keys, head, index++, flags, data));
    };
    try {
      await writeAll(file, head);
      let number = 0;
      for await (const plain of chunksOf(source)) {
        name.update(plain);
        bytes += plain.length;
        const job = shrink(plain, number++);
        job.catch(() => {}); // reported where it is awaited
        waiting.push(job);
        if (waiting.length >= AHEAD) await writeNext();
      }
      while (waiting.length > 0) await writeNext();
      const digest = name.digest();
      const end = Buffer.alloc(40);
      digest.copy(end);
      end.writeBigUInt64BE(BigInt(bytes), 32);
      await writeAll(file, seal(keys, head, index, FINAL, end));
      await file.sync();
      await file.close();
      const target = pathOf(digest.toString('hex'));
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(temp, target);
      await syncDir(dirname(target));
      await syncDir(root);
      return { digest: digest.toString('hex'), bytes };
    } catch (error) {
      await file.close().catch(() => {});
      await rm(temp, { force: true });
      throw error;
    }
  };

  const headOf = async (digest: string): Promise<Buffer> => {
    const file = await open(pathOf(digest), 'r').catch(() => {
      throw new FileStoreError('file.missing', 'no such stored file');
    });
    try {
      return await readExactly(file, HEAD);
    } finally {
      await file.close();
    }
  };

  async function* plainOf(digest: string): AsyncGenerator<Buffer> {
    const path = pathOf(digest);
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new FileStoreError('file.missing', 'no such stored file');
    }
    try {
      const head = await readExactly(file, HEAD);
      const keys = keysFor(head);
      let bytes = 0;
      for (let index = 0; ; index++) {
        const frame = await readExactly(file, FRAME);
        const length = frame.readUInt32BE(0);
        const flags = frame[4]!;
        if (length > CHUNK) throw tampered('a chunk is longer than any can be');
        const rest = await readExactly(file, length + TAG);
        const data = rest.subarray(0, length);
        if (!timingSafeEqual(tagOf(keys, head, index, frame, data), rest.subarray(length))) {
          throw tampered(`chunk ${index} was altered, moved, or belongs to another file`);
        }
        const plain = crypt(keys, index, data);
        if (flags & FINAL) {
          const more = await file.read(Buffer.alloc(1), 0, 1);
          if (more.bytesRead !== 0) throw tampered('something follows the end');
          if (plain.toString('hex', 0, 32) !== digest) throw tampered('another file stands under this name');
          if (Number(plain.readBigUInt64BE(32)) !== bytes) throw tampered('the length is wrong');
          return;
        }
        const out = flags & DEFLATED ? await inflate(plain, { maxOutputLength: CHUNK }) : plain;
        bytes += out.length;
        yield out;
      }
    } finally {
      await file.close();
    }
  }

  return {
    put,
    open: (digest) => Readable.from(plainOf(digest), { objectMode: false, highWaterMark: CHUNK }),
    async materialise(digest, path) {
      const temp = `${path}.${randomBytes(4).toString('hex')}.part`;
      const file = await open(temp, 'wx', 0o600);
      try {
        for await (const chunk of plainOf(digest)) await writeAll(file, chunk);
        await file.close();
        await rename(temp, path);
      } catch (error) {
        await file.close().catch(() => {});
        await rm(temp, { force: true });
        throw error;
      }
    },
    async has(digest) {
      return (await stat(pathOf(digest)).catch(() => undefined)) !== undefined;
    },
    async digests() {
      const dirs = (await readdir(root).catch(() => [] as string[])).filter((name) =>
        /^[0-9a-f]{2}$/.test(name),
      );
      const names = await Promise.all(dirs.map((name) => readdir(join(root, name))));
      return names
        .flat()
        .filter((name) => /^[0-9a-f]{64}$/.test(name))
        .sort();
    },
    async renew(digest) {
      if ((await headOf(digest))[5] === keyring.current('file')) return false;
      // What was altered fails here, and stays as it is.
      await put(Readable.from(plainOf(digest), { objectMode: false, highWaterMark: CHUNK }));
      return true;
    },
    async delete(digest) {
      const path = pathOf(digest);
      if ((await stat(path).catch(() => undefined)) === undefined) return false;
      await rm(path, { force: true });
      await syncDir(dirname(path));
      return true;
    },
  };
}

/** Removes what a killed process left half written. Run at start, when nothing is being put. */
export async function sweepFileStore(dir: string): Promise<number> {
  const root = join(dir, 'files');
  const names = await readdir(root).catch(() => [] as string[]);
  const left = names.filter((name) => name.startsWith('.put-'));
  for (const name of left) await rm(join(root, name), { force: true });
  return left.length;
}

function tampered(message: string): FileStoreError {
  return new FileStoreError('file.tampered', message);
}

function counter(index: number): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeBigUInt64BE(BigInt(index), 0);
  return iv;
}

function crypt(keys: FileKeys, index: number, data: Uint8Array): Buffer {
  return createCipheriv(keys.ctr, keys.enc, counter(index)).update(data);
}

function tagOf(keys: FileKeys, head: Buffer, index: number, frame: Buffer, data: Uint8Array): Buffer {
  return createHmac('sm3', keys.mac).update(head).update(counter(index)).update(frame).update(data).digest();
}

function seal(keys: FileKeys, head: Buffer, index: number, flags: number, plain: Uint8Array): Buffer {
  const frame = Buffer.alloc(FRAME);
  frame.writeUInt32BE(plain.length, 0);
  frame[4] = flags;
  const data = crypt(keys, index, plain);
  return Buffer.concat([frame, data, tagOf(keys, head, index, frame, data)]);
}

/** Pieces of CHUNK bytes (the last may be shorter), whatever the pieces of the source. */
async function* chunksOf(source: string | Uint8Array | Readable): AsyncGenerator<Buffer> {
  if (source instanceof Uint8Array) {
    const all = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    for (let at = 0; at < all.length; at += CHUNK) yield all.subarray(at, at + CHUNK);
    return;
  }
  const stream = typeof source === 'string' ? createReadStream(source, { highWaterMark: CHUNK }) : source;
  let parts: Buffer[] = [];
  let held = 0;
  for await (const piece of stream) {
    let rest: Buffer = typeof piece === 'string' ? Buffer.from(piece) : piece;
    while (held + rest.length >= CHUNK) {
      const take = CHUNK - held;
      parts.push(rest.subarray(0, take));
      yield parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      rest = rest.subarray(take);
      parts = [];
      held = 0;
    }
    if (rest.length > 0) {
      parts.push(rest);
      held += rest.length;
    }
  }
  if (held > 0) yield Buffer.concat(parts);
}

async function writeAll(file: FileHandle, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length; ) {
    const { bytesWritten } = await file.write(data, at, data.length - at);
    at += bytesWritten;
  }
}

async function readExactly(file: FileHandle, length: number): Promise<Buffer> {
  const out = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(out, at, length - at);
    if (bytesRead === 0) throw tampered('the file is cut short');
    at += bytesRead;
  }
  return out;
}

async function syncDir(dir: string): Promise<void> {
  const handle = await open(dir, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {}); // Windows cannot
  await handle?.close();
}
