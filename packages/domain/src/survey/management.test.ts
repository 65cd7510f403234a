import { describe, expect, it } from 'vitest';
import { answerWords, choiceOf } from './answers.ts';
import { deviceAlarm, deviceWords } from './devices.ts';
import { headcountDrift, headcountState } from './headcount.ts';
import { revisitOf } from './revisits.ts';

describe('a signed head count', () => {
  const signed = { day: '2020-09-01', population: 300, inScope: 200 };
  it('holds until a figure moves, by which it then says', () => {
    expect(headcountState(undefined, signed)).toBe('unsigned');
    expect(headcountState(signed, { population: 300, inScope: 200 })).toBe('signed');
    expect(headcountState(signed, { population: 300, inScope: 199 })).toBe('moved');
    // One dead and one born leave the register as large as it was; the figures are what was signed.
    expect(headcountDrift(signed, { population: 302, inScope: 199 })).toEqual({ population: 2, inScope: -1 });
  });
});

describe('a revisit', () => {
  const base = {
    kind: 'uninsured',
    why: 'opened',
    from: '2020-08-31',
    revisitDays: undefined,
    last: undefined,
  };
  const on = '2021-09-10';
  it('is due when a proof expires, also ahead', () => {
    expect(revisitOf({ ...base, why: 'expired', from: '2021-09-20' }, on)).toEqual({
      why: 'expired',
      due: '2021-09-20',
    });
  });
  it('is due from the next day on where attempts were too few', () => {
    const last = { day: '2021-09-01', reason: 'unreachable' };
    expect(revisitOf({ ...base, last }, on)).toEqual({ why: 'attempts', due: '2021-09-02' });
  });
  it('tells who works away unknown from who was asked a year ago', () => {
    const away = { ...base, kind: 'migrant', from: '2020-09-05' };
    expect(revisitOf({ ...away, last: { day: '2020-09-05', reason: 'working-away' } }, on)?.why).toBe(
      'migrant-old',
    );
    expect(revisitOf({ ...away, last: { day: '2021-08-05', reason: 'working-away' } }, on)?.why).toBe(
      'migrant',
    );
    expect(revisitOf(away, on)?.why).toBe('migrant');
  });
  it('is due by the round after so many days, and never before a first visit', () => {
    const last = { day: '2021-09-01', reason: undefined };
    expect(revisitOf({ ...base, last, revisitDays: 7 }, on)).toEqual({ why: 'round', due: '2021-09-08' });
    expect(revisitOf({ ...base, last }, on)).toBeUndefined();
    expect(revisitOf({ ...base, revisitDays: 7 }, on)).toBeUndefined();
  });
});

describe('a phone', () => {
  const now = Date.parse('2020-09-10T08:00:00Z');
  const ago = (days: number): number => now - days * 86_400_000;
  it('worries more the longer it holds something back', () => {
    const holding = (waiting: number, since: number) =>
      deviceAlarm({ waiting, since: ago(since), seenAt: now }, now);
    expect(holding(0, 30)).toBe('clear');
    expect(holding(3, 1.9)).toBe('holding');
    expect(holding(3, 2)).toBe('late');
    expect(holding(1, 7)).toBe('lost');
  });
  it('is not said to have sent everything when it has long been silent', () => {
    const silent = (days: number) => ({ waiting: 0, since: undefined, seenAt: ago(days) });
    expect(deviceAlarm(silent(1.9), now)).toBe('clear');
    expect(deviceWords(silent(1.9), now)).toBe('已全部上报');
    expect(deviceAlarm(silent(2), now)).toBe('silent');
    expect(deviceWords(silent(3.5), now)).toBe('3天没有联系，情况不明');
    expect(deviceAlarm(silent(7), now)).toBe('gone');
    expect(deviceAlarm({ waiting: 2, since: ago(8), seenAt: ago(8) }, now)).toBe('lost');
  });
});

describe('an answer in words', () => {
  it('is the choice that was tapped, with what was written down', () => {
    expect(choiceOf({ w: 'unreachable', rc: 'separated' })?.title).toBe('人户分离');
    expect(choiceOf({ w: 'unreachable' })?.title).toBe('联系不上');
    expect(answerWords({ w: 'refuses', rc: 'unwilling', pf: ['statement'], m: '说等两年' })).toEqual({
      title: '不愿意参保',
      details: ['佐证：本人签名的意愿书', '说等两年'],
    });
    expect(
      answerWords({ w: 'migrant', rc: 'working-away', pl: '东莞', sc: '职工', ck: '2020-09-01', at: 2 })
        .details,
    ).toEqual(['务工地：东莞', '险种：职工', '核实于2020-09-01', '联系2次']);
    expect(answerWords({ w: 'willing', rc: 'other', rs: '等收稻子' }).details).toEqual([
      '原因：其他',
      '等收稻子',
    ]);
  });
});
