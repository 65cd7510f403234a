import { openTables } from './open.ts';
import type { InputFile } from './read-files.ts';

/** More rows than any paper of figures has. */
const MOST = 2_000;

/** A paper of figures, whole, as text: the first table that is shown, each row where it stands. @throws Refusal */
export async function readSmallTable(file: InputFile): Promise<string[][]> {
  const { tables } = await openTables(file.path, file.name, (rows) =>
    Math.max(0, ...rows.map((row) => row.filter((cell) => cell.trim() !== '').length)),
  );
  const table = tables.find(({ hidden }) => !hidden) ?? tables[0];
  const rows: string[][] = [];
  if (table === undefined) return rows;
  const chunks = table.chunks((row, cells) => {
    if (row > MOST) return;
    while (rows.length < row - 1) rows.push([]);
    rows[row - 1] = [...cells];
  });
  for await (const _ of chunks) if (rows.length >= MOST) break;
  return rows;
}
