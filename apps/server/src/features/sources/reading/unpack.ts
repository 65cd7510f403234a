import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { InputFile } from './read-files.ts';
import { Zip } from './zip.ts';

/** What systems leave in archives, and what is open in a table program. */
const NO_TABLE = /^(?:\.|~\$|thumbs\.db$)/i;

/**
 * The tables of an archive, written out one by one; a file that is none comes back as it is.
 * @param dir where they are written, in the clear: whoever calls deletes it
 * @throws Refusal for an archive inside an archive, or without tables
 */
export async function unpackTables(file: InputFile, dir: string, mark: string): Promise<InputFile[]> {
  const handle = await open(file.path, 'r');
  const head = Buffer.alloc(4);
  try {
    await handle.read(head, 0, 4, 0);
  } finally {
    await handle.close();
  }
  if (head.toString('hex') !== '504b0304') return [file];
  const zip = await Zip.open(file.path, file.name);
  if (zip.find('[content_types].xml') !== undefined || zip.find('mimetype') !== undefined) return [file];
  const tables: InputFile[] = [];
  for (const [name, entry] of zip.entries) {
    const own = basename(name);
    if (name.startsWith('__macosx/') || NO_TABLE.test(own)) continue;
    if (/\.(?:zip|rar|7z)$/.test(own)) {
      throw new Refusal('reading.nested', `《${file.name}》里还有压缩包“${own}”；请先解开再上传。`);
    }
    const path = join(dir, `${mark}-${tables.length}`);
    await pipeline(zip.stream(entry), createWriteStream(path, { mode: 0o600 }));
    tables.push({ name: own, path });
  }
  if (tables.length === 0) throw new Refusal('reading.empty', `《${file.name}》是空的压缩包；请重新打包。`);
  return tables;
}
