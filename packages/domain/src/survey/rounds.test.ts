import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../kernel/plain-date.ts';
import type { Refusal } from '../kernel/problem.ts';
import { addCounts, checkRound, paceOf, visitedRate } from './rounds.ts';

const ROUND = { name: '九月走访', basis: 'ledger', from: '2020-09-01', due: '2020-09-30' };

describe('a round of visits', () => {
  it('watches the uninsured unless told otherwise, and each kind once', () => {
    expect(checkRound(ROUND).kinds).toEqual(['uninsured']);
    expect(checkRound({ ...ROUND, kinds: ['应缴未缴', 'unpaid', 'migrant'] }).kinds).toEqual([
      'unpaid',
      'migrant',
    ]);
  });

  it.each([
    [{ name: ' 九 ' }, 'round.name'],
    [{ basis: 'everybody' }, 'round.basis'],
    [{ from: '2020-9-1' }, 'round.day'],
    [{ due: '2020-08-31' }, 'round.day'],
    [{ kinds: ['没有的'] }, 'round.kind'],
    [{ kinds: ['uninsured', 'conflict'] }, 'round.kind'],
    [{ kinds: ['疑点'] }, 'round.kind'],
    [{ kinds: ['duplicate'] }, 'round.kind'],
  ])('is refused with %j', (change, code) => {
    try {
      checkRound({ ...ROUND, ...change });
      expect.unreachable();
    } catch (error) {
      expect((error as Refusal).problem.code).toBe(code);
    }
  });

  it('has nothing to say about the share of an empty list', () => {
    expect(visitedRate({ listed: 0, visited: 0, unsettled: 0 })).toBeNull();
    expect(visitedRate({ listed: 4, visited: 1, unsettled: 3 })).toBe(0.25);
  });

  it('is behind when fewer are visited than days are over', () => {
    const counts = { listed: 300, visited: 100, unsettled: 0 };
    expect(paceOf(counts, ROUND, '2020-09-10')).toMatchObject({ daysLeft: 20, perDay: 10, behind: false });
    expect(paceOf(counts, ROUND, '2020-09-11')).toMatchObject({ daysLeft: 19, perDay: 11, behind: true });
    expect(paceOf(counts, ROUND, '2020-12-01')).toMatchObject({
      elapsed: 1,
      daysLeft: 0,
      perDay: 200,
      behind: true,
    });
    expect(paceOf(counts, ROUND, '2020-08-01')).toMatchObject({ elapsed: 0, daysLeft: 30, behind: false });
  });

  it('needs as many a day as will do, on any day', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.integer({ min: 0, max: 60 }), (a, b, n) => {
        const [visited, listed] = [Math.min(a, b), Math.max(a, b)];
        const pace = paceOf({ listed, visited, unsettled: 0 }, ROUND, addDays('2020-08-20', n));
        expect(pace.perDay * Math.max(1, pace.daysLeft)).toBeGreaterThanOrEqual(listed - visited);
        if (visited === listed) expect(pace).toMatchObject({ perDay: 0, behind: false });
      }),
    );
  });

  it('adds places up', () => {
    const place = fc.record({ listed: fc.nat(99), visited: fc.nat(99), unsettled: fc.nat(99) });
    fc.assert(
      fc.property(fc.array(place), fc.array(place), (some, others) => {
        expect(addCounts([...some, ...others])).toEqual(addCounts([addCounts(some), addCounts(others)]));
      }),
    );
  });
});
