import { describe, expect, it } from 'vitest';
import type { Notice } from './contract.ts';
import { badgeWords, waited, waitingNotices, waitingPlaces } from './inbox.ts';

const notice = (change: number, code: string, kind: string, at: string, noted = false): Notice => ({
  change,
  region: { code, name: code, path: code },
  kind,
  title: kind,
  opened: 2,
  closed: 1,
  at,
  noted: noted ? { at, by: 'village' } : null,
});

describe('what waits to be signed for', () => {
  it('is added up by place and kind, the longest waiting first', () => {
    const waiting = waitingPlaces([
      notice(9, 'B', 'unpaid', '2020-09-03T00:00:00Z'),
      notice(8, 'A', 'unpaid', '2020-09-02T00:00:00Z'),
      notice(7, 'B', 'unpaid', '2020-09-01T00:00:00Z'),
      notice(6, 'B', 'lapsed', '2020-08-01T00:00:00Z', true),
    ]);
    expect(waiting.map(({ region, notices }) => [region.code, notices.map(({ change }) => change)])).toEqual([
      ['B', [9, 7]],
      ['A', [8]],
    ]);
    expect(waiting[0]?.lines).toEqual([{ kind: 'unpaid', title: 'unpaid', opened: 4, closed: 2 }]);
  });
  it('stands one by one in a village, what is signed for left out', () => {
    const waiting = waitingNotices([
      notice(9, 'B', 'unpaid', '2020-09-03T00:00:00Z'),
      notice(7, 'B', 'unpaid', '2020-09-01T00:00:00Z'),
      notice(6, 'B', 'lapsed', '2020-08-01T00:00:00Z', true),
    ]);
    expect(waiting.map(({ notices }) => notices)).toEqual([
      [{ change: 7, region: 'B', kind: 'unpaid' }],
      [{ change: 9, region: 'B', kind: 'unpaid' }],
    ]);
    expect(new Set(waiting.map(({ key }) => key)).size).toBe(2);
  });
  it('is nothing when all is signed for', () => {
    expect(waitingPlaces([notice(1, 'A', 'unpaid', '2020-09-02T00:00:00Z', true)])).toEqual([]);
  });
});

it('says how long somebody waits', () => {
  const now = Date.parse('2020-09-10T00:00:00Z');
  expect(waited('2020-09-10T00:00:10Z', now)).toBe('刚刚');
  expect(waited('2020-09-09T23:15:00Z', now)).toBe('45 分钟');
  expect(waited('2020-09-09T01:00:00Z', now)).toBe('23 小时');
  expect(waited('2020-09-01T00:00:00Z', now)).toBe('9 天');
});

it('has room for two digits', () => {
  expect([badgeWords(7), badgeWords(340)]).toEqual(['7', '99+']);
});
