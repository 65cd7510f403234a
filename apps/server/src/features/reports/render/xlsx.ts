import type { FormTable } from '@quanbao/domain/reports/forms';
import { hucreWriter } from './hucre-writer.ts';
import { layOut } from './layout.ts';
import type { SheetWriter } from './sheet.ts';

/** The form as a workbook, ready to print and to send. */
export function toXlsx(table: FormTable, writer: SheetWriter = hucreWriter): Promise<Buffer> {
  return writer.write(layOut(table));
}
