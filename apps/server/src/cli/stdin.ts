import { createInterface } from 'node:readline';

/** Whoever sits at a terminal is told that the program waits for him; a pipe is not. */
export function ask(what: string): void {
  if (process.stdin.isTTY) process.stderr.write(what);
}

/** ID numbers may be typed or piped in, so that they stand in no shell history. */
export async function firstLine(): Promise<string> {
  ask('请输入身份证号码，按回车：');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== '') return line.trim();
  }
  return '';
}

export async function allLines(): Promise<string[]> {
  ask('请逐行输入身份证号码，输完后按 Ctrl-D（Windows 为 Ctrl-Z 再回车）：\n');
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin }))
    if (line.trim() !== '') lines.push(line.trim());
  return lines;
}
