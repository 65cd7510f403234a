import { describe, expect, it } from 'vitest';
import { contextOf } from '../../cases/coverage/county.ts';
import { claimsOf, type Spoken } from '../../cases/coverage/journal.ts';
import type { Content } from '../coverage/claim.ts';
import { DEFAULT_SETTINGS } from '../coverage/settings.ts';
import { stepsOf } from '../coverage/steps.ts';
import type { LedgerItem } from './items.ts';
import {
  type Closing,
  isSettledByReason,
  itemClass,
  itemNumber,
  itemOfClass,
  LEDGER_KIND_CODES,
  LEDGER_STATES,
  parseItemNumber,
} from './kinds.ts';

const list = (
  source: string,
  asOf: string,
  content: Content | undefined,
  more: Partial<Spoken> = {},
): Spoken => ({
  source,
  asOf,
  mode: 'full',
  rows: content === undefined ? [] : [{ slot: '', content: { n: '张三', ...content } }],
  ...more,
});
const register = list('household-register', '2020-08-01', { g: '430981114248' });
const visit = (asOf: string, content: Content): Spoken =>
  list('survey-workbook', asOf, content, { mode: 'delta' });
const scheme = (asOf: string, s: 'paying' | 'drawing' | 'ended' | 'paused'): Spoken =>
  list('residents-scheme', asOf, { s });
const paid = (asOf: string, year: string, day: string, fen = 20_000): Spoken => ({
  source: 'residents-payments',
  asOf,
  mode: 'delta',
  rows: [{ slot: year, content: { p: [[fen, day, '', '']] } }],
});

function itemsOf(
  said: readonly Spoken[],
  birth = '1985-03-01',
  closings: readonly Closing[] = [],
): LedgerItem[] {
  const context = contextOf(DEFAULT_SETTINGS, '2019-06-01');
  return stepsOf({ birth, claims: claimsOf(said), adjudications: [], closings }, context).items;
}
/** The life of an item; stretches that differ in place or groups only are one. */
const told = (items: readonly LedgerItem[], kind: string, subject = ''): string[] =>
  items
    .filter((i) => i.kind === kind && i.subject === subject)
    .filter((i, n, all) => all[n - 1]?.state !== i.state || all[n - 1]?.why !== i.why)
    .map((i) => `${i.from} ${i.state} ${i.why}`);

describe('an item 应保未保', () => {
  it('opens for whoever is in scope and not registered, is written off by registration, and comes back with its number', () => {
    const items = itemsOf([register, scheme('2020-08-20', 'paying'), scheme('2020-09-30', 'ended')]);
    expect(told(items, 'uninsured')).toEqual([
      '2020-08-01 verify opened',
      '2020-08-20 closed registered',
      '2020-09-30 verify reopened',
    ]);
  });

  it('is settled by a recorded wish, not by a refusal without proof', () => {
    expect(told(itemsOf([register, visit('2020-08-20', { w: 'willing' })]), 'uninsured')).toEqual([
      '2020-08-01 verify opened',
      '2020-08-20 settled willing',
    ]);
    expect(told(itemsOf([register, visit('2020-08-20', { w: 'refuses' })]), 'uninsured')).toEqual([
      '2020-08-01 verify opened',
    ]);
    const refusal = visit('2020-08-20', { w: 'refuses', pf: ['statement'] });
    expect(told(itemsOf([register, refusal]), 'uninsured')).toEqual([
      '2020-08-01 verify opened',
      '2020-08-20 settled unwilling',
    ]);
    // A refusal repeated without paper does not undo the signed one.
    expect(
      told(itemsOf([register, refusal, visit('2020-09-01', { w: 'refuses' })]), 'uninsured'),
    ).toHaveLength(2);
    // A wish afterwards is the newer word.
    expect(
      told(itemsOf([register, refusal, visit('2020-09-01', { w: 'willing' })]), 'uninsured').at(-1),
    ).toBe('2020-09-01 settled willing');
  });

  it('wants two attempts at contact, adds them up over visits, and asks again after a year', () => {
    const one = visit('2020-08-20', { w: 'unreachable', at: 1, d: '2020-08-20' });
    const two = visit('2020-09-05', { w: 'unreachable', at: 1, d: '2020-09-05' });
    expect(told(itemsOf([register, one]), 'uninsured')).toEqual(['2020-08-01 verify opened']);
    expect(told(itemsOf([register, one, two]), 'uninsured')).toEqual([
      '2020-08-01 verify opened',
      '2020-09-05 settled unreachable',
      '2021-09-05 verify expired',
    ]);
  });

  it('wants place, scheme and day of who works elsewhere', () => {
    const vague = visit('2020-08-20', { w: 'migrant' });
    const clear = visit('2020-08-25', { w: 'migrant', pl: '广东东莞', sc: '企业职工', ck: '2020-08-25' });
    const items = itemsOf([register, vague, clear]);
    expect(told(items, 'uninsured')).toEqual([
      '2020-08-01 verify opened',
      '2020-08-25 settled working-away',
      '2021-08-25 verify expired',
    ]);
    expect(told(items, 'migrant')).toEqual([
      '2020-08-20 verify opened',
      '2020-08-25 closed scheme-known',
      '2021-08-25 verify reopened',
    ]);
  });

  it('ends when the verdict leaves column 7', () => {
    const dead = list('deaths', '2020-09-10', { d: '2020-09-02' }, { mode: 'delta' });
    expect(told(itemsOf([register, dead]), 'uninsured')).toEqual([
      '2020-08-01 verify opened',
      '2020-09-02 closed left-scope',
    ]);
  });
});

describe('items of money', () => {
  it('应缴未缴 is one a year: paid, refunded, the year over', () => {
    const items = itemsOf([
      register,
      scheme('2020-08-05', 'paying'),
      paid('2020-09-10', '2020', '2020-09-08'),
      paid('2020-10-10', '2020', '2020-10-08', -20_000),
    ]);
    expect(told(items, 'unpaid', '2020')).toEqual([
      '2020-08-05 verify opened',
      '2020-09-08 closed paid',
      '2020-10-08 verify reopened',
      '2021-01-01 closed year-over',
    ]);
    expect(told(items, 'unpaid', '2021')[0]).toBe('2021-01-01 verify opened');
  });

  it('断保 is two years without money after years with it', () => {
    const items = itemsOf([
      register,
      scheme('2020-08-05', 'paused'),
      paid('2018-03-01', '2018', '2018-03-01'),
    ]);
    // Known from the first list on: 2018 paid, 2019 not, 2020 not yet.
    expect(told(items, 'lapsed')[0]).toMatch(/^2020-08-\d\d verify opened$/);
    const back = itemsOf([
      register,
      scheme('2020-08-05', 'paused'),
      paid('2018-03-01', '2018', '2018-03-01'),
      paid('2020-09-10', '2020', '2020-09-08'),
    ]);
    expect(told(back, 'lapsed').at(-1)).toBe('2020-09-08 closed paid');
  });
});

describe('到龄', () => {
  it('opens twelve months before 60 without any list, and closes when the pension is drawn', () => {
    const items = itemsOf(
      [register, scheme('2020-08-05', 'paying'), scheme('2021-10-01', 'drawing')],
      '1961-09-15',
    );
    expect(told(items, 'reaching-60')).toEqual(['2020-09-15 verify opened', '2021-10-01 closed drawing']);
  });

  it('is closed by hand with a reason, and opens again when the pension stops', () => {
    const closing: Closing = { id: 1, kind: 'reaching-60', subject: '', from: '2020-09-20' };
    const items = itemsOf(
      [register, scheme('2021-03-01', 'drawing'), scheme('2021-06-01', 'paused')],
      '1960-10-01',
      [closing],
    );
    expect(told(items, 'reaching-60')).toEqual([
      '2020-08-01 verify opened',
      '2020-09-20 closed by-hand',
      '2021-03-01 closed drawing',
      '2021-06-01 verify reopened',
    ]);
  });
});

it('a reason with its proof settles or closes what lies open for one, and nothing else', () => {
  const vague = visit('2020-08-20', { w: 'migrant' });
  const clear = visit('2020-08-25', { w: 'migrant', pl: '广东东莞', sc: '企业职工', ck: '2020-08-25' });
  const refusal = visit('2020-08-25', { w: 'refuses', pf: ['statement'] });
  const openOn = (items: readonly LedgerItem[], day: string): string[] =>
    items.filter((i) => i.state === 'verify' && i.from <= day && day < i.to).map(({ kind }) => kind);
  const seen = [
    itemsOf([register, vague, clear]),
    itemsOf([register, list('employees-obligated', '2020-08-05', {}), refusal]),
    itemsOf(
      [register, scheme('2020-08-05', 'paying'), paid('2018-03-01', '2018', '2018-03-01'), refusal],
      '1961-03-01',
    ),
  ].flatMap((items) => {
    const after = openOn(items, '2020-08-26');
    return openOn(items, '2020-08-24').map((kind) => ({ kind, open: after.includes(kind) }));
  });
  expect(seen.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['uninsured', 'migrant', 'obligated', 'unpaid', 'lapsed', 'reaching-60']),
  );
  expect(seen.filter(({ kind, open }) => open === isSettledByReason(kind))).toEqual([]);
});

it('duplicate, conflict and quality items follow their findings', () => {
  const employed = list('employees-in-province', '2020-09-01', { e: 'current' });
  const gone = list('employees-in-province', '2020-10-01', undefined);
  const items = itemsOf([register, scheme('2020-08-05', 'paying'), employed, gone]);
  expect(told(items, 'duplicate')).toEqual(['2020-09-01 verify opened', '2020-10-01 closed evidence-gone']);
  expect(told(items, 'quality', 'never-paid')[0]).toBe('2020-08-05 verify opened');
});

it('numbers of items and of their counts go there and back', () => {
  for (const kind of LEDGER_KIND_CODES) {
    expect(parseItemNumber(itemNumber(kind, 42, kind === 'unpaid' ? '2020' : ''))).toEqual({
      kind,
      personNo: 42,
      subject: kind === 'unpaid' ? '2020' : '',
    });
    for (const state of LEDGER_STATES) {
      expect(itemClass(kind, state)).toBeLessThan(0);
      expect(itemOfClass(itemClass(kind, state))).toEqual({ kind, state });
    }
  }
  expect(parseItemNumber('430981196001020017')).toBeUndefined();
});
