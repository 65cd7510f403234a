import { describe, expect, it } from 'vitest';
import { changeWords, daysWords, linePoints, movement } from './cockpit.ts';

describe('what the cockpit says', () => {
  it('counts the days to a deadline, on it and past it', () => {
    const words = (n: number) => Object.values(daysWords(n)).join('');
    expect([41, 0, -3].map(words)).toEqual(['还有41天', '今天到期', '已过期限3天']);
  });

  it('calls a smaller place a rise, and says nothing of a place that had none', () => {
    expect(movement({ rank: 2, wasRank: 5 })).toMatchObject({ sign: '↑3', way: 'up' });
    expect(movement({ rank: 5, wasRank: 2 })).toMatchObject({ words: '下降 3 位', way: 'down' });
    expect(movement({ rank: 1, wasRank: 1 }).way).toBe('same');
    expect(movement({ rank: 1, wasRank: null })).toMatchObject({ sign: '', way: 'none' });
  });

  it('tells a change of a rate in points', () => {
    expect(changeWords('coverage-rate', { value: 0.5123, was: 0.5 })).toBe('+1.23');
    expect(changeWords('coverage-rate', { value: null, was: 0.5 })).toBe('—');
  });

  it('draws a line over time, leaving out what is not known', () => {
    const box = { width: 100, height: 10 };
    const days = ['2020-08-01', '2020-08-02', '2020-08-11'];
    expect(linePoints(days, [0, 5, null], 10, box)).toBe('0.0,10.0 10.0,5.0');
    expect(linePoints(days, [0, 0, 0], 0, box)).toBe('0.0,10.0 10.0,10.0 100.0,10.0');
  });
});
