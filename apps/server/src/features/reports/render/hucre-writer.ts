import { type Cell, type CellStyle, writeXlsx } from 'hucre/xlsx';
import type { Look, SheetModel, SheetWriter } from './sheet.ts';

const FONT = '宋体';
const INK = { rgb: '000000' };
const LINE = { style: 'thin', color: INK } as const;

function styleOf(look: Look): CellStyle {
  const border = Object.fromEntries((look.lines ?? []).map((side) => [side, LINE]));
  return {
    font: { name: FONT, size: look.size, bold: look.bold ?? false },
    alignment: { horizontal: look.align, vertical: 'center', wrapText: true },
    border: look.diagonal ? { ...border, diagonal: LINE, diagonalDown: true } : border,
    ...(look.format && { numFmt: look.format }),
  };
}

/** Strings stand in their cells: the streamed form takes such a sheet apart and fills it. */
export const hucreWriter: SheetWriter = {
  async write(sheet: SheetModel): Promise<Buffer> {
    const cells = new Map<string, Partial<Cell>>();
    const styles = new Map<Look, CellStyle>();
    const style = (look: Look): CellStyle => {
      const found = styles.get(look) ?? styleOf(look);
      styles.set(look, found);
      return found;
    };
    sheet.rows.forEach((row, r) => {
      row.forEach((cell, c) => {
        if (cell) cells.set(`${r},${c}`, { value: cell.value, style: style(cell.look) });
      });
    });
    const [first, last] = sheet.repeated;
    const bytes = await writeXlsx({
      defaultFont: { name: FONT, size: 11 },
      stringMode: 'inline',
      sheets: [
        {
          name: sheet.name,
          columns: sheet.widths.map((width) => ({ width })),
          rows: sheet.rows.map((row) => row.map((cell) => cell?.value ?? null)),
          cells,
          merges: sheet.merges.map((m) => ({ ...m })),
          rowDefs: new Map(sheet.heights.map((height, r) => [r, { height }])),
          freezePane: { ...sheet.frozen },
          pageSetup: {
            paperSize: sheet.paper.size === 'A3' ? 'a3' : 'a4',
            orientation: sheet.paper.orientation,
            fitToPage: true,
            fitToWidth: 1,
            fitToHeight: 0,
            horizontalCentered: true,
            margins: { top: 0.6, bottom: 0.6, left: 0.4, right: 0.4, header: 0.3, footer: 0.3 },
            printTitlesRow: `$${first + 1}:$${last + 1}`,
          },
          headerFooter: { oddFooter: '&C第 &P 页，共 &N 页' },
        },
      ],
    });
    return Buffer.from(bytes);
  },
};
