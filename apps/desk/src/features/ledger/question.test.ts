import { indicatorAddress } from '@quanbao/domain/indicators/address';
import { describe, expect, it } from 'vitest';
import { notByHand, paperOptions, proofsOf, questionOf } from './question.ts';

it('takes the question of an address, and nothing else', () => {
  expect(
    questionOf({
      kind: 'unpaid',
      state: ' ',
      assignee: ' 王芳 ',
      open: 'A-1',
      region: '430981',
      asOf: undefined,
    }),
  ).toEqual({ kind: 'unpaid', assignee: '王芳', region: '430981' });
});

it.each(['uninsured-known', 'written-off', 'written-off-items'])(
  'asks for exactly what %s counts when its number is opened',
  (code) => {
    const { path, query } = indicatorAddress(code);
    expect(path).toBe('/items');
    expect(questionOf({ ...query, region: '430981', asOf: '2020-09-10' })).toEqual({
      indicator: code,
      region: '430981',
      asOf: '2020-09-10',
    });
  },
);

describe('writing off by hand', () => {
  const item = (kind: string, title: string, state = 'verify') => ({ kind, title, state });
  it('is for kinds that a proof closes', () => {
    expect(notByHand([item('duplicate', '重复参保'), item('duplicate', '重复参保')])).toBeUndefined();
    expect(
      notByHand([item('duplicate', '重复参保'), item('unpaid', '应缴未缴'), item('unpaid', '应缴未缴')]),
    ).toBe('应缴未缴凭依据自动销号，不能人工销号');
  });
  it('needs something open', () => {
    expect(notByHand([])).toBe('先勾选台账');
    expect(notByHand([item('duplicate', '重复参保', 'closed')])).toContain('已经销号');
  });
  it('asks for a paper that closes all of them, and for none where they need different ones', () => {
    expect(paperOptions(['duplicate', 'duplicate']).map(({ value }) => value)).toEqual([
      'termination',
      'refund',
    ]);
    expect(paperOptions(['duplicate', 'quality'])).toEqual([]);
    expect(notByHand([item('duplicate', '重复参保'), item('quality', '数据待核')])).toContain('分开销号');
  });
  it('says which proof each kind asks for, once', () => {
    expect(proofsOf(['duplicate', 'duplicate', 'unpaid']).map(({ title }) => title)).toEqual(['重复参保']);
  });
});
