import { describe, expect, it } from 'vitest';
import { timingOf } from './deadline.ts';
import { SHIPPED_LISTS } from './list.ts';

describe('a printed deadline', () => {
  it('of the shipped lists means the day that is shipped with it', () => {
    for (const { code, items } of Object.values(SHIPPED_LISTS)) {
      for (const { deadline, timing } of items) {
        if (timing.kind === 'day')
          expect(timingOf(deadline, code === 'yuanjiang' ? '2020-08-01' : '2021-04-01')).toEqual(timing);
      }
    }
  });

  it.each([
    ['每季度开展', { kind: 'every', every: 'quarter', from: '2021-10-15' }],
    ['每周五前', { kind: 'every', every: 'week', from: '2021-10-15' }],
    ['2021年起每年开展', { kind: 'every', every: 'year', from: '2021-01-01' }],
    ['8月10日开始', { kind: 'ongoing', from: '2021-08-10' }],
    ['全年持续开展', { kind: 'ongoing', from: '2021-01-01' }],
    ['2024年2月底前', { kind: 'day', day: '2024-02-29' }],
    ['12月底', { kind: 'day', day: '2021-12-31' }],
    ['尽快', { kind: 'ongoing', from: '2021-01-01' }],
  ])('%s', (printed, timing) => expect(timingOf(printed, '2021-10-15')).toEqual(timing));
});
