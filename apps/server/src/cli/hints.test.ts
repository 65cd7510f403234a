import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFile } from '../package-file.ts';
import { withHint } from './hints.ts';

/** Where no desk can be yet. */
const BEFORE_A_DESK = /quanbao init|--divisions|quanbao backup/;
const COMMAND = /quanbao [a-z]+|(?<![-\w])--[a-z][a-z-]+/;

it('refusals of the features speak no command line: they are read on the desk, too', () => {
  const features = packageFile('src/features');
  const spoken = readdirSync(features, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .flatMap((path) =>
      readFileSync(join(features, path), 'utf8')
        .split('\n')
        .filter((line) => /\p{Script=Han}/u.test(line) && COMMAND.test(line) && !BEFORE_A_DESK.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
  expect(spoken).toEqual([]);
});

it('and the command line says how it is done there', () => {
  expect(withHint({ code: 'undo.unknown', message: '没有第 9 号报送；请核对编号。' }).message).toBe(
    '没有第 9 号报送；请核对编号。（用 quanbao deliveries 查看编号）',
  );
  expect(withHint({ code: 'people.tag', message: '没有这个标签。' }).message).toBe('没有这个标签。');
});
