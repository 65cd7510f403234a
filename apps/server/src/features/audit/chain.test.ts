import { describe, expect, it } from 'vitest';
import {
  type AuditRow,
  checkLink,
  checkRows,
  formatRanges,
  gapsOf,
  holdsIdNumber,
  isIntruder,
  parseRanges,
  rangesOf,
  sealBlock,
} from './chain.ts';

const KEY = Buffer.alloc(32, 1);
const row = (seq: number): AuditRow => ({
  seq,
  at: '2026-03-01T08:00:00.123456',
  txid: 700 + seq,
  actor: '王芳',
  act: 'person.view',
  subject: '17',
  region: null,
  detail: '{}',
});

describe('ranges', () => {
  it('go to text and back', () => {
    const ranges = rangesOf([1, 2, 3, 7, 9, 10]);
    expect(formatRanges(ranges)).toBe('1-3,7,9-10');
    expect(parseRanges('1-3,7,9-10')).toEqual(ranges);
    expect(gapsOf(parseRanges('9-10,1-3,7'))).toEqual([
      [0, 0],
      [4, 6],
      [8, 8],
    ]);
    expect(() => parseRanges('1,x')).toThrow();
  });
});

describe('a block', () => {
  const first = sealBlock('430321', undefined, [row(1), row(2)], 800, '2026-03-01T09:00:00.000000', KEY);
  const second = sealBlock('430321', first, [row(4)], 900, '2026-03-01T10:00:00.000000', KEY);

  it('follows the one before', () => {
    expect(checkLink(first, undefined, KEY)).toBeUndefined();
    expect(checkLink(second, first, KEY)).toBeUndefined();
    expect(checkLink(second, undefined, KEY)).toMatch(/missing/);
    expect(checkLink(second, { ...first, hash: second.hash }, KEY)).toMatch(/follow/);
    expect(checkLink(first, undefined, Buffer.alloc(32, 2))).toMatch(/another key/);
    expect(checkLink({ ...first, county: '430382' }, undefined, KEY)).toMatch(/altered/);
  });

  it('knows each value of its rows', () => {
    expect(checkRows(first, [row(1), row(2)])).toBeUndefined();
    expect(checkRows(first, [row(1)])).toBe('row deleted: seq 2');
    expect(checkRows(first, [row(2), row(1)])).toBe('row edited');
    for (const key of Object.keys(row(2)) as (keyof AuditRow)[]) {
      const edited = { ...row(2), [key]: typeof row(2)[key] === 'number' ? 5 : 'x' };
      expect(checkRows(first, [row(1), edited])).toBe('row edited');
    }
  });

  it('tells a late row from an intruder', () => {
    expect(isIntruder({ seq: 1, txid: 799 }, [{ lastSeq: 2, horizon: 800 }])).toBe(true);
    expect(isIntruder({ seq: 1, txid: 800 }, [{ lastSeq: 2, horizon: 800 }])).toBe(false);
    expect(isIntruder({ seq: 3, txid: 1 }, [{ lastSeq: 2, horizon: 800 }])).toBe(false);
  });
});

describe('an ID number on record', () => {
  it.each([
    '430321194006011234',
    '43032119400601123X',
    '{"id":"43032119400601123x"}',
    '见４３０３２１１９４００６０１１２３４一行',
    '430321 19400601 1234',
    'ID430321194006011234',
    '430321400601123',
    '6217001234567894567',
  ])('is seen in %s', (text) => expect(holdsIdNumber(text)).toBe(true));

  it.each([
    '430321********1234',
    '430321101201-003',
    '{"at":"2026-03-01T08:00:00.123456Z","n":123456789012}',
    'd0f1a2b3c4d5e6f712345678901234567890123456789012345678901234abcd',
    '66c7f0f4-62ee-edd9-d1f2-d46bdc10e4e2',
    '138****5678',
  ])('is not seen in %s', (text) => expect(holdsIdNumber(text)).toBe(false));
});
