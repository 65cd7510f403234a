import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { selfTestSm3 } from './sm3.ts';

const FILE = 'keys.json';

/** What a key is for; keys for different uses are derived apart, so none is ever used twice. */
type Purpose = 'field' | 'file';

export interface Keyring {
  /** The key of the blind index. Changing it is an offline migration, so there is one. */
  readonly indexKey: Buffer;
  readonly auditKey: Buffer;
  /** Names stored files: the same content has the same name, and nobody without the key can guess it. */
  readonly fileNameKey: Buffer;
  /** Recognises the keyring without telling anything: keep it in the database, compare it at each start. */
  readonly fingerprint: string;
  /** The id (1–255) new values are written with. */
  current(purpose: Purpose): number;
  /** @returns the 32 bytes of a key, or undefined for an id this keyring never had */
  key(purpose: Purpose, id: number): Buffer | undefined;
  /** Adds a data key and makes it the current one; the old ones stay, to read. @returns its id */
  rotateDataKey(): number;
  /** The same for stored files. */
  rotateFileKey(): number;
}

export interface OpenedKeyring {
  readonly keyring: Keyring;
  /** Set when the key file has just been created: the CLI prints it. */
  readonly warning?: string;
}

interface KeyFile {
  format: 1;
  created: string;
  index: string;
  audit: string;
  fileName: string;
  current: Record<Purpose, string>;
  field: Record<string, string>;
  file: Record<string, string>;
  /** Notices a digit lost in copying. */
  check: string;
}

/** What an instance leaves in its directory once it holds data. */
const TRACES = ['files', 'audit-heads.log', 'db', 'pglite', 'pgdata', 'pg'];

function holdsData(dir: string): boolean {
  return TRACES.some((name) => {
    const path = join(dir, name);
    if (!existsSync(path)) return false;
    const found = statSync(path);
    return found.isDirectory() ? readdirSync(path).length > 0 : found.size > 0;
  });
}

/**
 * Opens the keys of an instance; the first time it makes them.
 * @param options.holdsData the instance already holds encrypted data (its database may be elsewhere); when
 * left out, only the directory itself is looked at
 * @throws Refusal `keys.missing` when the file is absent or unreadable and the instance holds data
 */
export function openKeyring(dir: string, options: { readonly holdsData?: boolean } = {}): OpenedKeyring {
  selfTestSm3();
  const path = join(dir, FILE);
  let warning: string | undefined;
  if (!existsSync(path)) {
    if (options.holdsData ?? holdsData(dir)) throw missing(path, '找不到密钥文件');
    if (create(dir, path)) warning = warningFor(path);
  }
  return { keyring: keyringOf(dir, path, load(path)), ...(warning === undefined ? {} : { warning }) };
}

function warningFor(path: string): string {
  return [
    `已生成密钥文件 ${path}。`,
    '请立即把它另存一份到别处（例如加密U盘，由专人保管），不要与数据备份放在一起。',
    '身份证号、电话、银行卡号和上传的文件都用它加密：丢失此文件，数据将永远无法读出，任何人都不能恢复。',
    '每次更换密钥后请重新另存。',
  ].join('\n');
}

function missing(path: string, what: string): Refusal {
  return new Refusal(
    'keys.missing',
    `${what}：${path}。本实例已有加密数据，没有原来的密钥就无法读出。请把另存的 ${FILE} 放回该位置（权限 0600）后重新启动；不要新建密钥，也不要删除数据。`,
  );
}

function keyringOf(dir: string, path: string, first: KeyFile): Keyring {
  let file = first;
  const cache = new Map<string, Buffer>();
  const rotate = (purpose: Purpose): number => {
    const lock = takeLock(dir);
    try {
      file = load(path);
      const id = Math.max(...Object.keys(file[purpose]).map(idOf)) + 1;
      if (id > 255)
        throw new Refusal('keys.full', '密钥已更换 254 次，达到上限；请联系维护人员重新加密后再更换。');
      file[purpose][`k${id}`] = newKey();
      file.current[purpose] = `k${id}`;
      file.check = checkOf(file);
      const temp = writeTemp(dir, file);
      renameSync(temp, path);
      syncDir(dir);
      return id;
    } finally {
      rmSync(lock, { force: true });
    }
  };
  return {
    indexKey: Buffer.from(file.index, 'hex'),
    auditKey: Buffer.from(file.audit, 'hex'),
    fileNameKey: Buffer.from(file.fileName, 'hex'),
    fingerprint: createHmac('sha256', Buffer.from(file.index, 'hex'))
      .update('quanbao keyring fingerprint')
      .digest('hex')
      .slice(0, 16),
    current: (purpose) => idOf(file.current[purpose]),
    key(purpose, id) {
      const name = `${purpose}${id}`;
      const known = cache.get(name);
      if (known) return known;
      // Another process (the CLI) may have rotated since.
      if (file[purpose][`k${id}`] === undefined) file = load(path);
      const text = file[purpose][`k${id}`];
      if (text === undefined) return undefined;
      const key = Buffer.from(text, 'hex');
      cache.set(name, key);
      return key;
    },
    rotateDataKey: () => rotate('field'),
    rotateFileKey: () => rotate('file'),
  };
}

function idOf(name: string): number {
  return Number(name.slice(1));
}

function newKey(): string {
  return randomBytes(32).toString('hex');
}

function checkOf(file: KeyFile): string {
  const { check: _, ...rest } = file;
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16);
}

/** @returns false when another process made the file in the meantime */
function create(dir: string, path: string): boolean {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file: KeyFile = {
    format: 1,
    created: new Date().toISOString(),
    index: newKey(),
    audit: newKey(),
    fileName: newKey(),
    current: { field: 'k1', file: 'k1' },
    field: { k1: newKey() },
    file: { k1: newKey() },
    check: '',
  };
  file.check = checkOf(file);
  const temp = writeTemp(dir, file);
  try {
    linkSync(temp, path); // unlike rename, never replaces a key file
    syncDir(dir);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if (existsSync(path)) return false;
    renameSync(temp, path); // a file system without hard links
    syncDir(dir);
    return true;
  } finally {
    rmSync(temp, { force: true });
  }
}

function writeTemp(dir: string, file: KeyFile): string {
  const temp = join(dir, `.${FILE}.${process.pid}.${randomBytes(4).toString('hex')}`);
  const fd = openSync(temp, 'wx', 0o600);
  try {
    writeSync(fd, `${JSON.stringify(file, null, 2)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return temp;
}

/** Two rotations at once would lose a key, and with it every value already written with it. */
function takeLock(dir: string): string {
  const lock = join(dir, `.${FILE}.lock`);
  if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 60_000) rmSync(lock, { force: true });
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch {
    throw new Refusal('keys.busy', '另一个程序正在更换密钥，请一分钟后重试。');
  }
  return lock;
}

function syncDir(dir: string): void {
  try {
    const fd = openSync(dir, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Windows cannot open a directory; the rename is as durable as it gets there.
  }
}

function load(path: string): KeyFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw missing(path, '密钥文件读不出');
  }
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw missing(path, '密钥文件已损坏');
  }
  if (!isKeyFile(file)) throw missing(path, '密钥文件已损坏');
  return file;
}

function isKeyFile(value: unknown): value is KeyFile {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as Partial<KeyFile>;
  const isKey = (text: unknown): boolean => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
  const isGroup = (group: unknown, current: unknown): boolean =>
    typeof group === 'object' &&
    group !== null &&
    typeof current === 'string' &&
    Object.hasOwn(group, current) &&
    Object.entries(group).every(([id, key]) => /^k\d{1,3}$/.test(id) && isKey(key));
  return (
    file.format === 1 &&
    isKey(file.index) &&
    isKey(file.audit) &&
    isKey(file.fileName) &&
    isGroup(file.field, file.current?.field) &&
    isGroup(file.file, file.current?.file) &&
    file.check === checkOf(file as KeyFile)
  );
}
