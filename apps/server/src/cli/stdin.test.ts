import { afterEach, expect, it, vi } from 'vitest';
import { ask } from './stdin.ts';

const { isTTY } = process.stdin;
afterEach(() => {
  process.stdin.isTTY = isTTY;
  vi.restoreAllMocks();
});

it.each([
  [true, ['请输入身份证号码']],
  [false, []],
])('at a terminal (%s) it asks on stderr, a pipe is not asked', (terminal, said) => {
  const told: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  process.stdin.isTTY = terminal;
  ask('请输入身份证号码');
  expect(told).toEqual(said);
});
