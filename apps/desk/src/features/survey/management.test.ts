import { describe, expect, it } from 'vitest';
import {
  ageWords,
  chosenRound,
  laggingFirst,
  type PlaceLine,
  type RoundLine,
  workerWords,
} from './management.ts';

const round = (no: number, ended: boolean): RoundLine => ({ round: no, ended }) as RoundLine;
const place = (name: string, listed: number, rate: number | null): PlaceLine =>
  ({ name, listed, rate }) as PlaceLine;

describe('survey pages', () => {
  it('open the round of the address, else the newest that runs', () => {
    const all = [round(3, true), round(2, false), round(1, false)];
    expect(chosenRound(all, '1')?.round).toBe(1);
    expect(chosenRound(all, undefined)?.round).toBe(2);
    expect(chosenRound([round(3, true)], '9')?.round).toBe(3);
    expect(chosenRound([], undefined)).toBeUndefined();
  });
  it('show first where least is done, and of those alike the larger', () => {
    const sorted = laggingFirst([
      place('甲', 10, 0.5),
      place('乙', 9, 0),
      place('丙', 90, 0),
      place('丁', 0, null),
    ]);
    expect(sorted.map(({ name }) => name)).toEqual(['丙', '乙', '甲', '丁']);
  });
  it('say who and how long', () => {
    expect(workerWords({ login: 'cwh', name: '王芳' })).toBe('王芳（cwh）');
    expect(workerWords({ login: 'gone', name: '' })).toBe('gone');
    const now = Date.parse('2020-09-10T08:00:00Z');
    expect(ageWords('2020-09-10T07:30:00Z', now)).toBe('不到1小时');
    expect(ageWords('2020-09-10T03:00:00Z', now)).toBe('5小时');
    expect(ageWords('2020-09-07T03:00:00Z', now)).toBe('3天5小时');
    expect(ageWords('2020-09-08T08:00:00Z', now)).toBe('2天');
  });
});
