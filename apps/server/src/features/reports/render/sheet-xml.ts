import type { CellValue } from '@quanbao/domain/reports/forms';

/** The only sheet of a workbook that was just written. */
export const SHEET = 'xl/worksheets/sheet1.xml';
export const MAX_ROWS = 1_048_576;

/** @param height in points; without it the row is as high as its text */
export function rowXml(
  at: number,
  values: readonly CellValue[],
  height: number | undefined,
  styles: readonly string[],
  letters: readonly string[],
): string {
  let xml = height === undefined ? `<row r="${at}">` : `<row r="${at}" ht="${height}" customHeight="1">`;
  for (let i = 0; i < letters.length; i++) {
    const value = values[i] ?? null;
    const head = `<c r="${letters[i]}${at}" s="${styles[i]}"`;
    if (value === null || value === '') xml += `${head}/>`;
    else if (typeof value === 'number') xml += `${head}><v>${value}</v></c>`;
    else xml += `${head} t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`;
  }
  return `${xml}</row>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

export function escapeXml(text: string): string {
  if (!/[&<>\u0000-\u001f\ud800-\udfff\ufffe\uffff]/.test(text)) return text;
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>]/g, (c) => ENTITIES[c] as string);
}
