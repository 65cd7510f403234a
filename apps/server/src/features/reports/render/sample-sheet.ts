import { Refusal } from '@quanbao/domain/kernel/problem';
import { MAX_ROWS, rowXml, SHEET } from './sheet-xml.ts';
import { readZip, zipChunks } from './zip.ts';

const CHUNK = 256 * 1024;

/**
 * A workbook of any length, made while it is sent: its one sample row gives each column's style and makes room for the
 * rows, which are put in on the way. Every cell is text, so that no number is rounded and none becomes a date.
 * @param sample a workbook whose first sheet holds the sample row at `firstRow`, with a cell in each of the columns
 */
export async function* rowsIntoSample(
  sample: Buffer,
  { firstRow, columns }: { readonly firstRow: number; readonly columns: number },
  rows: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
): AsyncGenerator<Buffer> {
  const parts = readZip(sample);
  const xml = parts.find((part) => part.name === SHEET)?.data.toString('utf8') ?? '';
  const start = xml.indexOf(`<row r="${firstRow}"`);
  const end = xml.indexOf('</row>', start) + '</row>'.length;
  const cells = [...xml.slice(start, end).matchAll(/<c r="([A-Z]+)\d+"[^>]*? s="(\d+)"/g)];
  if (start < 0 || cells.length !== columns) throw new Error('The sheet writer left out the sample row');
  const letters = cells.map((cell) => cell[1] as string);
  const styles = cells.map((cell) => cell[2] as string);
  async function* sheet(): AsyncGenerator<Buffer> {
    let at = firstRow;
    let text = xml.slice(0, start).replace(/<dimension [^>]*\/>/, '');
    for await (const row of rows) {
      if (at > MAX_ROWS) throw tooManyRows();
      text += rowXml(at, row, undefined, styles, letters);
      at++;
      if (text.length < CHUNK) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text + xml.slice(end));
  }
  yield* zipChunks(parts.map((part) => (part.name === SHEET ? { name: SHEET, data: sheet() } : part)));
}

function tooManyRows(): Refusal {
  return new Refusal('reports.too-many-rows', '人数超过一张工作表的上限（1,048,576 行），请按乡镇分别导出。');
}
