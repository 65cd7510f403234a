import { expect, it } from 'vitest';
import { isNumber } from './asked.ts';

it.each([
  ['13800138000', true],
  ['+86 138 0013 8000', true],
  ['４３０９８１１９８４０３２９６２８Ｘ', true],
  ['430981 19840329 628x', true],
  ['王小明', false],
  ['wangxiaoming', false],
  ['3组12号', false],
  ['H-0012', false],
])('%s', (text, expected) => {
  expect(isNumber(text)).toBe(expected);
});
