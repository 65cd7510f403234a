import type { HeaderCell } from '@quanbao/domain/reports/forms';
import type { Block, Paper, Run } from '@quanbao/domain/supervision/paper/paper';
import type { tableOnScreen } from '../apps/server/src/features/reports/index.ts';
import { STYLE } from './style.ts';

type OnScreen = ReturnType<typeof tableOnScreen>;

export function inHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const lines = (text: string): string => inHtml(text).replaceAll('\n', '<br>');

/** A page that needs nothing but itself: it is opened from a disk. */
export function page(
  title: string,
  body: string,
  back: string | undefined,
  shape: 'index' | 'wide' | 'sheet',
): string {
  const home = back === undefined ? '' : `<p class="back"><a href="${back}">返回每日记录</a></p>`;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${inHtml(title)}</title><style>${STYLE}</style></head><body class="${shape}">${home}<main>${body}</main></body></html>
`;
}

/** Cells of a heading, row by row; those that were spanned over are not written again. */
function headRows(header: readonly HeaderCell[], rows: number): string {
  return Array.from({ length: rows }, (_, row) => {
    const cells = header
      .filter((cell) => cell.row === row)
      .toSorted((a, b) => a.column - b.column)
      .map(
        ({ text, rowSpan, columnSpan, joined }) =>
          `<th${joined ? ' class="joined"' : ''} rowspan="${rowSpan}" colspan="${columnSpan}">${lines(text)}</th>`,
      );
    return `<tr>${cells.join('')}</tr>`;
  }).join('');
}

/** A statutory form as it is printed. */
export function formHtml({ layout, rows, total, note }: OnScreen): string {
  const { number, title, meta, header, headerRows, numbered, columns, footnotes } = layout;
  const alignOf = (kind: string): string =>
    kind === 'count' || kind === 'rate' ? 'right' : kind === 'remark' || kind === 'text' ? 'left' : 'center';
  const row = (texts: readonly string[], sum: boolean): string =>
    `<tr${sum ? ' class="total"' : ''}>${texts
      .map((text, i) => `<td class="${alignOf(columns[i]?.kind ?? '')}">${lines(text)}</td>`)
      .join('')}</tr>`;
  const numbers = numbered
    ? `<tr class="numbered">${columns.map((column) => `<td>${column.number}</td>`).join('')}</tr>`
    : '';
  return `<p class="annex">${inHtml(number)}</p><h1>${lines(title)}</h1>
<p class="meta">${meta.map(({ text }) => `<span>${inHtml(text)}</span>`).join('')}</p>
<div class="scroll"><table class="form"><thead>${headRows(header, headerRows)}${numbers}</thead>
<tbody>${rows.map(({ texts }) => row(texts, false)).join('')}${row(total.texts, true)}</tbody></table></div>
${[...footnotes, ...(note === null ? [] : [note])].map((text) => `<p class="note">${lines(text)}</p>`).join('')}`;
}

export interface PlainTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function plainTable({ title, columns, rows }: PlainTable): string {
  const cells = (texts: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${texts.map((text) => `<${tag} class="left">${lines(text)}</${tag}>`).join('')}</tr>`;
  return `<h1>${lines(title)}</h1><div class="scroll"><table class="form"><thead>${cells(columns, 'th')}</thead>
<tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table></div>`;
}

const runsText = (runs: readonly Run[]): string => runs.map(({ text }) => lines(text)).join('');

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `<h2>${inHtml(block.text)}</h2>`;
    case 'paragraph':
      return `<p>${runsText(block.runs)}</p>`;
    case 'table': {
      const head = block.head.map((text) => `<th>${lines(text)}</th>`).join('');
      const rows = block.rows.map(
        (row) =>
          `<tr>${row.map(({ text }, i) => `<td class="${i === 0 ? 'center' : 'right'}">${lines(text)}</td>`).join('')}</tr>`,
      );
      return `<table class="form"><caption>${inHtml(block.title)}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
    }
    case 'form': {
      const rows = block.rows.map(
        (row) => `<tr>${row.map((runs) => `<td>${runsText(runs)}</td>`).join('')}</tr>`,
      );
      return `<section class="attached"><p class="annex">${inHtml(block.number)}</p><h1>${lines(block.title)}</h1><p class="meta"><span>${lines(block.meta)}</span></p>
<div class="scroll"><table class="form"><thead>${headRows(block.header, block.headerRows)}</thead><tbody>${rows.join('')}</tbody></table></div></section>`;
    }
    case 'bars': {
      const bars = block.bars.map(
        ({ label, value, share }) =>
          `<div><span>${inHtml(label)}</span><i><b style="width:${((share ?? 0) * 100).toFixed(1)}%"></b></i><em>${lines(value.text)}</em></div>`,
      );
      return `<figure class="bars"><figcaption>${inHtml(block.title)}</figcaption>${bars.join('')}</figure>`;
    }
  }
}

/** A bulletin on its sheet. */
export function paperHtml(paper: Paper): string {
  const { redHead, number, title, to, blocks, offices, dated, cc } = paper;
  const attached = blocks.filter(({ type }) => type === 'form');
  const text = blocks.filter(({ type }) => type !== 'form');
  return `<article class="paper">${redHead === '' ? '' : `<p class="red">${inHtml(redHead)}</p>`}
<p class="number${redHead === '' ? '' : ' ruled'}">${inHtml(number)}</p><h1>${lines(title)}</h1>
${to === '' ? '' : `<p class="to">${inHtml(to)}：</p>`}${text.map(blockHtml).join('')}
<div class="signed">${offices.map((office) => `<p>${inHtml(office)}</p>`).join('')}<p>${inHtml(dated)}</p></div>
${cc === '' ? '' : `<p class="cc">抄送：${inHtml(cc)}</p>`}</article>${attached.map(blockHtml).join('')}`;
}
