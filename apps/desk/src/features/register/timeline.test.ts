import { describe, expect, it } from 'vitest';
import { placeOn, pointOn, scaleOf } from './timeline.ts';

describe('the scale', () => {
  it('begins with the first period, three years back at most', () => {
    expect(scaleOf([{ from: '2019-05-01', to: null }], '2020-10-31')).toEqual({
      first: '2019-05-01',
      last: '2020-12-31',
    });
    expect(scaleOf([{ from: '1990-01-01', to: null }], '2020-10-31').first).toBe('2017-01-01');
    expect(scaleOf([{ from: '', to: null }], '2020-10-31').first).toBe('2020-10-31');
  });
});

describe('a period on it', () => {
  const scale = { first: '2020-01-01', last: '2020-12-31' };
  it('open at the end', () => {
    const place = placeOn(scale, { from: '2020-07-01', to: null });
    expect(place?.left).toBeCloseTo(49.86, 1);
    expect((place?.left ?? 0) + (place?.width ?? 0)).toBeCloseTo(100);
  });
  it('begun before, or over before, or not begun', () => {
    expect(placeOn(scale, { from: '2010-01-01', to: '2020-07-01' })).toMatchObject({ left: 0, before: true });
    expect(placeOn(scale, { from: '2010-01-01', to: '2019-07-01' })).toBeUndefined();
    expect(placeOn(scale, { from: '2021-01-01', to: null })).toBeUndefined();
  });
  it('a day', () => {
    expect(pointOn(scale, '2020-01-01')).toBe(0);
  });
});
