import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../kernel/plain-date.ts';
import { afterAnswer, askedOf, type Known, type RoundUnderWay } from './asked.ts';

const ON = '2020-09-10';
const ROUND: RoundUnderWay = {
  name: '常态化摸底',
  kinds: ['uninsured'],
  from: '2020-09-01',
  due: '2020-09-30',
  revisitDays: undefined,
};
const NOTHING: Known = { items: [], rounds: [], last: undefined, revisit: undefined };
const UNINSURED = { kind: 'uninsured', state: 'verify' };
const known = (change: Partial<Known>): Known => ({ ...NOTHING, ...change });
const listed = (visited: boolean, change: Partial<RoundUnderWay> = {}) => ({
  round: { ...ROUND, ...change },
  visited,
});

describe('somebody is to be visited', () => {
  it('for an open item until he has answered, and for nothing at all not', () => {
    expect(askedOf(NOTHING, ON)).toBeUndefined();
    expect(askedOf(known({ items: [UNINSURED] }), ON)).toEqual({ by: 'item', words: '' });
    expect(askedOf(known({ items: [UNINSURED], last: '2020-08-01' }), ON)).toBeUndefined();
  });

  it('for a round that lists him, with or without an item, though he answered before it', () => {
    const words = '本轮：常态化摸底';
    expect(askedOf(known({ rounds: [listed(false)] }), ON)).toEqual({ by: 'round', words });
    expect(askedOf(known({ rounds: [listed(false)], last: '2020-08-31' }), ON)?.words).toBe(words);
    expect(askedOf(known({ rounds: [listed(true)], last: '2020-09-02' }), ON)).toBeUndefined();
    // One that begins later asks when it begins; past its due day it asks until the county ends it.
    expect(askedOf(known({ rounds: [listed(false, { from: addDays(ON, 1) })] }), ON)).toBeUndefined();
    expect(askedOf(known({ rounds: [listed(false)] }), '2020-10-20')?.by).toBe('round');
    const two = [listed(false), listed(false, { name: '先到期', due: '2020-09-12' })];
    expect(askedOf(known({ rounds: two }), ON)?.words).toBe('本轮：先到期');
  });

  it('again from the day on that it is due, before any round', () => {
    const revisit = { why: 'expired', due: ON } as const;
    const again = known({ last: '2019-09-09', revisit, rounds: [listed(false)] });
    expect(askedOf(again, ON)).toEqual({ by: 'revisit', words: '复访日期已到：原因的佐证到期' });
    expect(askedOf(known({ last: '2019-09-09', revisit }), addDays(ON, -1))).toBeUndefined();
    // Whoever was never visited is visited, not visited again; whoever answered today is not asked today.
    expect(askedOf(known({ items: [UNINSURED], revisit }), ON)?.by).toBe('item');
    expect(askedOf(known({ last: ON, revisit }), ON)).toBeUndefined();
  });
});

describe('an answer that only the phone knows of', () => {
  const answer = (change: object = {}) => ({ day: ON, reason: undefined, complete: true, ...change });

  it('counts in the rounds that have begun, and takes the revisit away', () => {
    const before = known({
      items: [UNINSURED],
      last: '2019-09-09',
      revisit: { why: 'expired', due: ON },
      rounds: [listed(false), listed(false, { from: addDays(ON, 1) })],
    });
    const after = afterAnswer(before, answer());
    expect(after.rounds.map(({ visited }) => visited)).toEqual([true, false]);
    expect(after.revisit).toBeUndefined();
    expect(askedOf(after, ON)).toBeUndefined();
    expect(askedOf(after, addDays(ON, 1))?.by).toBe('round');
  });

  it('with too few attempts he is visited again from the next day on', () => {
    const items = [UNINSURED];
    const after = afterAnswer(known({ items }), answer({ reason: 'unreachable', complete: false }));
    expect(askedOf(after, ON)).toBeUndefined();
    expect(askedOf(after, addDays(ON, 1))?.words).toBe('复访日期已到：联系不上，联系记录不够');
    const enough = afterAnswer(known({ items }), answer({ reason: 'unreachable' }));
    expect(askedOf(enough, addDays(ON, 40))).toBeUndefined();
  });

  it('still 待核实 in a round he is visited again when that says; an item no paper settles too', () => {
    const rounds = [listed(false, { revisitDays: 7, kinds: ['uninsured', 'unpaid'] })];
    const incomplete = afterAnswer(
      known({ items: [UNINSURED], rounds }),
      answer({ reason: 'unwilling', complete: false }),
    );
    expect(askedOf(incomplete, addDays(ON, 6))).toBeUndefined();
    expect(askedOf(incomplete, addDays(ON, 7))?.words).toBe('复访日期已到：本轮走访后仍待核实，到了复访日');
    const unpaid = [{ kind: 'unpaid', state: 'verify' }];
    expect(afterAnswer(known({ items: unpaid, rounds }), answer()).revisit?.due).toBe(addDays(ON, 7));
    expect(afterAnswer(known({ items: unpaid }), answer()).revisit).toBeUndefined();
  });

  it('asks nobody twice on one day, whatever was known', () => {
    const day = fc.integer({ min: -30, max: 30 }).map((n) => addDays(ON, n));
    const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
    const anything = fc.record({
      items: fc.subarray([
        UNINSURED,
        { kind: 'migrant', state: 'verify' },
        { kind: 'unpaid', state: 'verify' },
      ]),
      rounds: fc.array(
        fc.record({
          round: fc.record({
            name: fc.constant('走访'),
            kinds: fc.subarray(['uninsured', 'migrant', 'unpaid']),
            from: day,
            due: day,
            revisitDays: some(fc.integer({ min: 1, max: 9 })),
          }),
          visited: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
      last: some(day),
      revisit: some(fc.record({ why: fc.constantFrom('expired' as const, 'migrant' as const), due: day })),
    });
    const given = fc.record({
      reason: some(fc.constantFrom('unreachable', 'working-away', 'unwilling')),
      complete: fc.boolean(),
    });
    fc.assert(
      fc.property(anything, given, (before, { reason, complete }) => {
        expect(askedOf(afterAnswer(before, { day: ON, reason, complete }), ON)).toBeUndefined();
      }),
    );
  });
});
