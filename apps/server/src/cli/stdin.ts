import { createInterface } from 'node:readline';

/** ID numbers may be typed or piped in, so that they stand in no shell history. */
export async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== '') return line.trim();
  }
  return '';
}

export async function allLines(): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin }))
    if (line.trim() !== '') lines.push(line.trim());
  return lines;
}
