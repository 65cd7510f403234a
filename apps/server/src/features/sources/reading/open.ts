import { open } from 'node:fs/promises';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { openCsv } from './csv.ts';
import type { OpenFile } from './table.ts';
import { openOle } from './xls.ts';
import { openXlsx } from './xlsx.ts';

const MAGIC: readonly (readonly [string, string])[] = [
  ['89504e470d0a1a0a', '图片'],
  ['ffd8ff', '图片'],
  ['47494638', '图片'],
  ['424d', '图片'],
  ['49492a00', '图片'],
  ['4d4d002a', '图片'],
  ['52494646', '图片或音像文件'],
  ['25504446', 'PDF 文件'],
  ['52617221', '压缩包'],
  ['377abcaf', '压缩包'],
  ['1f8b', '压缩包'],
  ['504b0506', '空压缩包'],
  ['7f454c46', '程序'],
  ['4d5a', '程序'],
  ['7b5c727466', 'RTF 文档'],
  ['53514c69746520', '数据库文件'],
];

/** Opens a file by what it is, not by what it is called. */
export async function openTables(
  path: string,
  label: string,
  fits: (rows: readonly (readonly string[])[]) => number,
): Promise<OpenFile> {
  const file = await open(path, 'r');
  const head = Buffer.alloc(512);
  let length: number;
  try {
    length = (await file.read(head, 0, 512, 0)).bytesRead;
  } finally {
    await file.close();
  }
  const start = head.subarray(0, length);
  const hex = start.toString('hex');
  if (length === 0 || /^[\s\ufeff]*$/.test(start.toString('utf8'))) throw emptyFile(label);
  if (hex.startsWith('504b0304')) return openXlsx(path, label);
  if (hex.startsWith('d0cf11e0a1b11ae1')) return openOle(path, label);
  for (const [magic, what] of MAGIC) {
    // two letters may also begin a text
    if (hex.startsWith(magic) && (magic.length > 4 || start.includes(0))) throw notATable(label, what);
  }
  const text = start.toString('latin1').trimStart();
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|meta|head)/i.test(text))
    throw notATable(label, '网页');
  if (/^(?:\xef\xbb\xbf)?\s*<\?xml/i.test(text)) throw notATable(label, 'XML 文件');
  return openCsv(path, label, fits);
}

function notATable(label: string, what: string): Refusal {
  return new Refusal(
    'reading.not-a-table',
    `《${label}》的内容是${what}，不是表格（只改后缀名没有用）。请用 Excel 或 WPS 打开原始名单，另存为 .xlsx 或 .csv 后再上传。`,
  );
}

export function emptyFile(label: string): Refusal {
  return new Refusal(
    'reading.empty',
    `《${label}》是空文件，没有任何内容。请检查导出是否成功，重新导出后再上传。`,
  );
}
