import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../kernel/plain-date.ts';
import { ACTS, type Act, isLate, requireAct, stateAfter } from './life.ts';
import { SHIPPED_LISTS } from './list.ts';
import { gateOf, shiftPhase, shiftTiming, shiftTo, YUANJIANG_PHASES } from './phase.ts';
import { periodsUntil } from './timing.ts';
import { partiesOf } from './units.ts';

describe('writing off', () => {
  it('goes from the request to the review and back', () => {
    expect(stateAfter([])).toBe('open');
    expect(stateAfter(['request', 'return', 'request', 'close'])).toBe('closed');
    expect(stateAfter(['request', 'close', 'reopen'])).toBe('open');
    expect(() => requireAct('open', 'close')).toThrow(/未完成.*申请销账/);
    expect(() => requireAct('closed', 'request')).toThrow(/恢复/);
  });

  it('never closes what nobody asked for, whatever is done', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ACTS)), (tried) => {
        const done: Act[] = [];
        for (const act of tried) {
          const before = stateAfter(done);
          try {
            const after = requireAct(before, act);
            done.push(act);
            expect(stateAfter(done)).toBe(after);
          } catch {
            expect(stateAfter(done)).toBe(before);
          }
        }
        for (const [i, act] of done.entries()) if (act === 'close') expect(done[i - 1]).toBe('request');
      }),
    );
  });

  it('is late from the day after the last', () => {
    const period = { key: 'once', from: '0001-01-01', to: '9999-12-31', due: '2020-08-31' };
    expect(isLate(period, 'open', '2020-08-31')).toBe(false);
    expect(isLate(period, 'requested', '2020-09-01')).toBe(true);
    expect(isLate(period, 'closed', '2020-09-01')).toBe(false);
  });
});

describe('phases', () => {
  const [first] = YUANJIANG_PHASES;
  if (first === undefined) throw new Error('no phase');
  const done = { state: 'closed' as const, due: '2020-08-10' };
  const open = { state: 'open' as const, due: '2020-08-10' };

  it('are those of the plan, and each has its items', () => {
    expect(YUANJIANG_PHASES.map(({ due }) => due)).toEqual([
      '2020-08-10',
      '2020-08-31',
      '2020-09-30',
      '2020-10-31',
    ]);
    for (const { name } of YUANJIANG_PHASES)
      expect(SHIPPED_LISTS.yuanjiang.items.some(({ section }) => section === name)).toBe(true);
  });

  it('open when everything due is written off, and are late when the day is over', () => {
    expect(gateOf(first, [done, open], false, '2020-08-05')).toBe('blocked');
    expect(gateOf(first, [done, done], false, '2020-08-05')).toBe('ready');
    expect(gateOf(first, [done, { state: 'open', due: '2020-08-16' }], false, '2020-08-05')).toBe('ready');
    expect(gateOf(first, [done], false, '2020-08-11')).toBe('late');
    expect(gateOf(first, [open], true, '2020-09-11')).toBe('passed');
    expect(gateOf(first, [open], false, '2020-07-11')).toBe('ahead');
  });

  it('laid backward from another deadline keep their lengths and their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: -400, max: 400 }), (days) => {
        const deadline = addDays('2020-10-31', days);
        const shift = shiftTo(YUANJIANG_PHASES, deadline);
        const moved = YUANJIANG_PHASES.map((phase) => shiftPhase(phase, shift));
        expect(moved.at(-1)?.due).toBe(deadline);
        for (const [i, phase] of moved.entries()) {
          expect(phase.from <= phase.due).toBe(true);
          if (i > 0) expect(phase.from).toBe(addDays(moved[i - 1]?.due as string, 1));
        }
        for (const { timing } of SHIPPED_LISTS.yuanjiang.items) {
          const [before] = periodsUntil(timing, '2020-10-31');
          const [after] = periodsUntil(shiftTiming(timing, shift), deadline);
          expect(after?.due).toBe(addDays(before?.due as string, shift));
        }
      }),
    );
  });
});

describe('responsible units', () => {
  it.each([
    ['各镇（场、街道）', { towns: true, offices: [] }],
    ['沅江市人社局、税务局、各镇（场、街道）', { towns: true, offices: ['沅江市人社局', '税务局'] }],
    [
      '各乡（镇）人民政府，县人力资源社会保障局、财政局、税务局',
      { towns: true, offices: ['县人力资源社会保障局', '财政局', '税务局'] },
    ],
    ['沅江市人社局', { towns: false, offices: ['沅江市人社局'] }],
  ])('of %s', (printed, parties) => expect(partiesOf(printed)).toEqual(parties));

  it('are somebody on every line that is shipped', () => {
    for (const { items } of Object.values(SHIPPED_LISTS)) {
      for (const { units } of items) {
        const { towns, offices } = partiesOf(units);
        expect(towns || offices.length > 0, units).toBe(true);
      }
    }
  });
});
