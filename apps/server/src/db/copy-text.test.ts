import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CopyLines, copyField } from './copy-text.ts';

const wide = fc.string({
  unit: fc.constantFrom('a', '7', '\\', '\t', '\n', '\r', '\b', 'é', '沅', '𠮷', '\ud800'),
});

it('writes the bytes that the text of the line has', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(wide, fc.integer({ min: -9_000_000_000, max: 9_000_000_000 }), fc.uint8Array())),
      (rows) => {
        const lines = new CopyLines();
        let text = '';
        for (const [field, n, bytes] of rows) {
          lines.start('430981').text(field).number(n).bytes(bytes).bytes(undefined).end();
          text += `430981\t${copyField(field)}\t${n}\t\\\\x${Buffer.from(bytes).toString('hex')}\t\\N\n`;
        }
        const expected = Buffer.from(text);
        expect(lines.size).toBe(expected.length);
        expect(lines.take().equals(expected)).toBe(true);
        expect(lines.size).toBe(0);
        lines.start('b').end();
        expect(lines.take().toString()).toBe('b\n');
      },
    ),
  );
});

it('keeps what was taken while more is written', () => {
  const lines = new CopyLines();
  const long = '沅'.repeat(50_000);
  lines.start(long).end();
  const taken = lines.take();
  lines.start('x'.repeat(200_000)).end();
  expect(taken.toString()).toBe(`${long}\n`);
  lines.drain((bytes) => expect(bytes.toString()).toBe(`${'x'.repeat(200_000)}\n`));
  expect(lines.size).toBe(0);
});

it('writes every length of a number', () => {
  for (let n = 1; n < 2 ** 53; n *= 10) {
    for (const one of [n - 1, n, n + 1]) {
      const lines = new CopyLines();
      lines.start('').number(one).end();
      expect(lines.take().toString()).toBe(`\t${one}\n`);
    }
  }
});
