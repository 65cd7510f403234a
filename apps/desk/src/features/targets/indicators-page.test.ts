import { indicator } from '@quanbao/domain/indicators/indicators';
import { describe, expect, it } from 'vitest';
import { rangeOf } from './indicators-page.tsx';

describe('an indicator', () => {
  it.each([
    ['coverage-rate', '越高越好；2020年1月1日起用'],
    ['not-asked', '越低越好；2020年1月1日起用'],
    ['population', '不比高低；2020年1月1日起用'],
  ])('says which way is better and since when it counts so: %s', (code, words) =>
    expect(rangeOf(indicator(code))).toBe(words),
  );
});
