import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { FastifyRequest } from 'fastify';
import { LIMITS, type Limits } from '../../http/limits.ts';
import type { Instance } from '../../instance.ts';
import { createFileStore, type FileStore } from '../../secrets/file-store.ts';
import type { SourceFile } from './stage.ts';

export interface UploadedFile {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

export interface Upload {
  readonly upload: string;
  readonly account: number;
  readonly files: readonly UploadedFile[];
  readonly at: number;
  readonly dir: string;
}

/** Those of a service that ended are nobody's any more: a command that is alone takes them away after their time. */
export const UPLOADS = 'uploads';

function roomOf(instance: Instance, id: string): string {
  return join(instance.dir, UPLOADS, id);
}

export const UPLOAD_KEPT_MS = 4 * 3_600_000;

/**
 * Files on their way in. They lie encrypted from their first byte, each upload in a store of its own beside the
 * originals: what a receipt refuses is deleted there, and the clerk may send it again. In the clear they exist only
 * while they are read, in a working directory that a restart clears.
 */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();
  /** On their way in: whose, and how much has come. */
  readonly #coming = new Map<string, { readonly account: number; bytes: number }>();
  /** Those that a trial or a receipt reads, or is about to, and how many do. */
  readonly #held = new Map<string, number>();
  readonly #limits: Limits;

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits;
  }

  async take(instance: Instance, account: number, request: FastifyRequest): Promise<Upload> {
    for (const [old, { at }] of this.#uploads)
      if (Date.now() - at > UPLOAD_KEPT_MS) await this.#forget(instance, old);
    const id = randomUUID();
    this.#coming.set(id, { account, bytes: 0 });
    try {
      await this.#makeRoom(instance, account);
      const files = await this.#store(instance, id, request);
      const upload = { upload: id, account, files, at: Date.now(), dir: roomOf(instance, id) };
      this.#uploads.set(id, upload);
      return upload;
    } catch (error) {
      await this.#forget(instance, id);
      throw error;
    } finally {
      this.#coming.delete(id);
    }
  }

  /**
   * Whoever uploads more than is kept for him loses his oldest that nothing reads: a closed page keeps nobody out.
   * @throws Refusal where everything he has is on its way or being read
   */
  async #makeRoom(instance: Instance, account: number): Promise<void> {
    const { kept, keptBytes } = this.#limits;
    for (;;) {
      const own = [...this.#uploads.values()].filter((upload) => upload.account === account);
      const coming = [...this.#coming.values()].filter((one) => one.account === account);
      const bytes =
        own.flatMap((upload) => upload.files).reduce((sum, file) => sum + file.bytes, 0) +
        coming.reduce((sum, one) => sum + one.bytes, 0);
      if (own.length + coming.length <= kept && bytes <= keptBytes) return;
      const oldest = own.find((upload) => !this.#held.has(upload.upload));
      if (oldest === undefined) {
        throw new Refusal(
          'upload.quota',
          `正在上传和接收的名单已有 ${kept} 次或 ${inWords(keptBytes)}；请等前面的接收完再上传。`,
        );
      }
      await this.#forget(instance, oldest.upload);
    }
  }

  /** The bytes of a file as they come, counted before they are kept. */
  async *#counted(instance: Instance, id: string, file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const coming = this.#coming.get(id) as { account: number; bytes: number };
    for await (const chunk of file) {
      coming.bytes += chunk.length;
      if (coming.bytes > this.#limits.uploadBytes) {
        throw new Refusal(
          'upload.total',
          `这次上传的文件合计超过 ${inWords(this.#limits.uploadBytes)}；请分几次上传。`,
        );
      }
      await this.#makeRoom(instance, coming.account);
      yield chunk;
    }
  }

  /** Kept until the returned function is called, however many more come. */
  hold({ upload }: Upload): () => void {
    this.#held.set(upload, (this.#held.get(upload) ?? 0) + 1);
    return () => {
      const left = (this.#held.get(upload) ?? 0) - 1;
      if (left > 0) this.#held.set(upload, left);
      else this.#held.delete(upload);
    };
  }

  has({ upload }: Upload): boolean {
    return this.#uploads.has(upload);
  }

  async #forget(instance: Instance, id: string): Promise<void> {
    this.#uploads.delete(id);
    await rm(roomOf(instance, id), { recursive: true, force: true });
  }

  async #store(instance: Instance, id: string, request: FastifyRequest): Promise<UploadedFile[]> {
    if (!request.isMultipart()) throw new Refusal('upload.none', '没有收到文件；请选择或拖入名单文件。');
    const store = createFileStore(roomOf(instance, id), instance.keyring);
    const files: UploadedFile[] = [];
    for await (const part of request.files()) {
      const name = safeName(part.filename, files);
      const { digest, bytes } = await store.put(
        Readable.from(this.#counted(instance, id, part.file), { objectMode: false }),
      );
      if (part.file.truncated) {
        throw new Refusal('upload.too-large', `《${name}》超过单个文件的上限；请分成几个文件再上传。`);
      }
      files.push({ name, digest, bytes });
    }
    if (files.length === 0) throw new Refusal('upload.none', '没有收到文件；请选择或拖入名单文件。');
    return files;
  }

  /** @throws Refusal for one that is gone or another's */
  require(id: string, account: number): Upload {
    const upload = this.#uploads.get(id);
    if (upload === undefined || upload.account !== account) {
      throw new Refusal('upload.unknown', '上传的文件已过期；请重新上传。');
    }
    return upload;
  }

  async drop(instance: Instance, id: string, account: number): Promise<void> {
    this.require(id, account);
    await this.#forget(instance, id);
  }
}

export function uploadStore(instance: Instance, upload: Upload): FileStore {
  return createFileStore(upload.dir, instance.keyring);
}

function inWords(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${bytes / 1024 ** 3} GB` : `${Math.round(bytes / 1024 ** 2)} MB`;
}

/** Names are shown and kept: none holds an ID number, and no two of one upload are the same. */
function safeName(given: string, before: readonly UploadedFile[]): string {
  const name =
    basename(given.replaceAll('\u0000', '').replaceAll('\\', '/')).replace(
      /[\d０-９]{15,}[XxＸｘ]?/g,
      maskId,
    ) || '未命名';
  return before.some((file) => file.name === name) ? `${before.length + 1}-${name}` : name;
}

/** Hands the files of a store over in the clear for as long as `work` takes. */
export async function inTheClear<T>(
  instance: Instance,
  store: FileStore,
  files: readonly UploadedFile[],
  work: (files: SourceFile[], dir: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(instance.dir, 'work-'));
  try {
    const paths: SourceFile[] = [];
    for (const [i, file] of files.entries()) {
      const path = join(dir, `${i}`);
      await store.materialise(file.digest, path);
      paths.push({ name: file.name, path });
    }
    return await work(paths, dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
