import { recogniseSource } from '@quanbao/domain/sources/recognise';
import { openTables } from './open.ts';
import type { InputFile } from './read-files.ts';

export interface Peeked {
  readonly sheet: string;
  readonly hidden: boolean;
  /** The first rows with any content, and their numbers in the file. */
  readonly rows: string[][];
  readonly numbers: number[];
}

/** The first rows of every table of a file, as text, without knowing which list it is. @throws Refusal */
export async function peek(file: InputFile, most: number): Promise<Peeked[]> {
  const { tables } = await openTables(file.path, file.name, (rows) =>
    Math.max(0, ...recogniseSource(file.name, rows).map((guess) => guess.score)),
  );
  const peeked: Peeked[] = [];
  for (const table of tables) {
    const rows: string[][] = [];
    const numbers: number[] = [];
    const chunks = table.chunks((row, cells) => {
      if (rows.length >= most || cells.every((cell) => cell.trim() === '')) return;
      rows.push([...cells]);
      numbers.push(row);
    });
    for await (const _ of chunks) if (rows.length >= most) break;
    peeked.push({ sheet: table.sheet, hidden: table.hidden, rows, numbers });
  }
  return peeked;
}
