import { describe, expect, it } from 'vitest';
import { fileNameOf, fillUrl, parseQuery } from './url.ts';

describe('fillUrl', () => {
  it('fills params and leaves blanks out of the query', () => {
    expect(fillUrl('/api/people/:person', { person: 7 }, { asOf: '2020-08-31', q: '', after: null })).toBe(
      '/api/people/7?asOf=2020-08-31',
    );
  });
  it('escapes what a user typed', () => {
    expect(fillUrl('/api/findings/:kind', { kind: 'a/b' }, { q: '陈&海' })).toBe(
      '/api/findings/a%2Fb?q=%E9%99%88%26%E6%B5%B7',
    );
  });
  it('refuses a missing param', () => {
    expect(() => fillUrl('/api/people/:person')).toThrow('person');
  });
});

it('a region code stays text', () => {
  expect(parseQuery('?region=430981&registered=true')).toEqual({ region: '430981', registered: 'true' });
});

describe('fileNameOf', () => {
  it('prefers the encoded name', () => {
    expect(fileNameOf(`attachment; filename="f.xlsx"; filename*=UTF-8''%E9%99%84%E4%BB%B64.xlsx`)).toBe(
      '附件4.xlsx',
    );
  });
  it('takes the plain one, or none', () => {
    expect(fileNameOf('attachment; filename="annex4.xlsx"')).toBe('annex4.xlsx');
    expect(fileNameOf(null)).toBeUndefined();
  });
});
