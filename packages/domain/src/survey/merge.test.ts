import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../coverage/claim.ts';
import { REASON_CODES } from '../ledger/reasons.ts';
import { SURVEY_CHOICES } from './answers.ts';
import { type Merged, type MergeInput, mergeAnswer, partLine } from './merge.ts';
import { standingAnswer } from './standing.ts';

const RETURNED = '2020-09-20';
const merge = (base: Content, mine: Content, theirs: Content, choice?: 'theirs' | 'ours'): Merged =>
  mergeAnswer({ base, baseDay: base.d, mine, mineDay: mine.d ?? base.d, theirs, returned: RETURNED }, choice);
const unwilling: Content = { w: 'refuses', rs: '觉得待遇低', d: '2020-08-10', cw: '入户', ph: '#1' };

describe('a returned row, three ways', () => {
  it('that says nothing, or what it was handed out with, changes nothing', () => {
    expect(merge({}, {}, {}).outcome).toBe('nothing');
    expect(merge(unwilling, unwilling, {}).outcome).toBe('nothing');
    expect(merge(unwilling, unwilling, { w: 'refuses' })).toMatchObject({
      outcome: 'nothing',
      result: undefined,
    });
  });

  it('that alone has changed becomes the answer, with its own reasons only', () => {
    const { outcome, result } = merge(unwilling, unwilling, { w: 'willing', d: '2020-09-15', cw: '电话' });
    expect(outcome).toBe('apply');
    expect(result).toEqual({ w: 'willing', d: '2020-09-15', cw: '电话', ph: '#1' });
  });

  it('leaves what a phone alone has changed since', () => {
    const mine: Content = { w: 'willing', d: '2020-09-18' };
    expect(merge(unwilling, mine, { w: 'refuses' })).toMatchObject({ outcome: 'ours', result: undefined });
    expect(merge(unwilling, mine, {}).outcome).toBe('nothing');
  });

  it('that says what a phone said meanwhile is the same', () => {
    expect(merge({}, { w: 'willing', d: '2020-09-18' }, { i: 'yes' }).outcome).toBe('same');
    expect(merge(unwilling, { i: 'yes', d: '2020-09-18' }, { w: 'willing' }).outcome).toBe('same');
  });

  it('adds its will to an answer that says none, also by its word', () => {
    const alive: Content = { w: 'alive', d: '2020-09-18' };
    expect(merge({}, alive, { w: 'willing' })).toMatchObject({ outcome: 'apply', result: { i: 'yes' } });
    expect(merge({}, alive, { w: 'refuses' })).toMatchObject({ outcome: 'apply', result: { i: 'no' } });
    const away: Content = { w: 'migrant', d: '2020-09-18' };
    expect(merge({}, away, { w: 'migrant', i: 'no' }).result).toMatchObject({ w: 'migrant', i: 'no' });
    expect(merge({}, away, { w: 'refuses' }).outcome).toBe('contradiction');
  });

  it('takes another will for another answer, on either side', () => {
    const away: Content = { w: 'migrant', d: '2020-08-10' };
    const later = { d: '2020-09-18' };
    expect(merge(away, { w: 'willing', ...later }, { w: 'migrant', i: 'no' }).outcome).toBe('contradiction');
    expect(merge(away, { ...away, i: 'yes', ...later }, { w: 'refuses' }).outcome).toBe('contradiction');
    expect(merge({ w: 'willing' }, { ...unwilling, ...later }, { w: 'alive' }).outcome).toBe('contradiction');
    // What it leaves blank it does not take back.
    expect(merge({ ...away, i: 'yes' }, { w: 'refuses', ...later }, { w: 'migrant' }).outcome).toBe('ours');
  });

  it('waits where both have changed differently, until somebody decides', () => {
    const mine: Content = { w: 'willing', d: '2020-09-18', cw: '电话' };
    const theirs: Content = { w: 'student', d: '2020-09-10', cw: '入户', ph: '#2' };
    expect(merge({}, mine, theirs)).toMatchObject({ outcome: 'contradiction', contradictions: ['answer'] });
    const chosen = merge({}, mine, theirs, 'theirs').result;
    // Decided, it holds though the visit it tells of was the earlier.
    expect(chosen).toEqual({
      w: 'student',
      d: '2020-09-18',
      cw: '入户',
      ph: '#2',
      m: '表内走访时间 2020-09-10',
    });
    const kept = merge({}, mine, theirs, 'ours').result;
    expect(kept).toEqual({ d: '2020-09-18', ph: '#2' });
    expect(merge({}, mine, { w: 'student' }, 'ours').result).toBeUndefined();
  });

  it('contradicts in a telephone number or a village by themselves', () => {
    const mine: Content = { ...unwilling, ph: '#2', g: '430981114248', d: '2020-09-18' };
    const found = merge(unwilling, mine, { ph: '#3', g: '430981106201' });
    expect(found).toMatchObject({ outcome: 'contradiction', contradictions: ['phone', 'village'] });
    expect(merge(unwilling, mine, { ph: '#3' }, 'theirs')).toMatchObject({
      result: { ph: '#3' },
      theirPhone: true,
    });
    expect(merge(unwilling, { ...mine, ph: '#1' }, { ph: '#3' }).outcome).toBe('apply');
  });

  it('brings the group with its village, and leaves that of another', () => {
    const [home, other] = ['430981114248', '430981106201'];
    expect(merge({}, {}, { w: 'willing', g: home, gr: 3 }).result).toMatchObject({ g: home, gr: 3 });
    const told: Content = { ...unwilling, g: home, gr: 3 };
    expect(merge(told, told, { g: home, gr: 3 }).outcome).toBe('nothing');
    expect(merge(told, told, { ph: '#9' }).result).toEqual({ ph: '#9', d: '2020-08-10' });
    expect(merge(told, told, { g: home, gr: 5 }).result).toEqual({ g: home, gr: 5, d: '2020-08-10' });
    expect(merge(told, told, { g: other }).result).toEqual({ g: other, d: '2020-08-10' });
    const since: Content = { ...unwilling, g: other, gr: 4, d: '2020-09-18' };
    expect(merge(told, since, { g: home, gr: 3, ph: '#9' }).result).toEqual({ ph: '#9', d: '2020-09-18' });
    const found = merge(unwilling, { ...told, d: '2020-09-18' }, { g: home, gr: 5 });
    expect(found).toMatchObject({ outcome: 'contradiction', contradictions: ['village'] });
    expect(partLine('village', { g: home, gr: 5 }, () => '大福村')).toBe('大福村5组');
  });

  it('counts no attempt twice when it only corrects a number', () => {
    const mine: Content = { w: 'unreachable', rc: 'separated', d: '2020-08-10', cw: '电话', at: 1 };
    const { result } = merge(mine, mine, { ph: '#9', d: '2020-09-15', cw: '入户' });
    expect(result).toEqual({ d: '2020-08-10', ph: '#9' });
  });

  it('leaves the answer to whoever gave it when the row says none', () => {
    const mine: Content = { w: 'migrant', rs: '在东莞', pf: ['statement'], d: '2020-09-18', ph: '#1' };
    const row: Content = { ph: '#9', m: '再访', d: '2020-09-10' };
    expect(merge(unwilling, mine, row).result).toEqual({ ph: '#9', m: '再访', d: '2020-09-18' });
    // A proof proves nothing without the reason that it is of.
    const { result } = merge({}, { w: 'student', d: '2020-09-18' }, { pf: ['document'] });
    expect(result).toEqual({ rc: 'studying', pf: ['document'], d: '2020-09-18' });
  });

  it('of a later visit with the same answer renews it', () => {
    const mine: Content = { w: 'unreachable', rc: 'separated', d: '2020-08-10', cw: '电话', at: 1 };
    const { outcome, result } = merge(mine, mine, { w: 'unreachable', d: '2020-09-15', cw: '入户' });
    expect(outcome).toBe('apply');
    expect(result).toMatchObject({ d: '2020-09-15', cw: '入户', rc: 'separated' });
    expect(result?.at).toBeUndefined();
  });

  it('takes the day of its return where it tells of none', () => {
    expect(merge({}, {}, { w: 'willing' }).result).toEqual({ w: 'willing', d: RETURNED });
  });
});

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyAnswer: fc.Arbitrary<Content> = fc
  .record({
    w: some(fc.constantFrom(...SURVEY_CHOICES.map((one) => one.answer))),
    i: some(fc.constantFrom('yes', 'no')),
    g: some(fc.constantFrom('430981114248', '430981106201')),
    gr: some(fc.constantFrom(3, 5)),
    ph: some(fc.constantFrom('#1', '#2', '#3')),
    d: some(fc.constantFrom('2020-07-01', '2020-08-15', '2020-09-18')),
    cw: some(fc.constantFrom('入户', '电话')),
    rs: some(fc.constantFrom('觉得待遇低', '家里不同意')),
    m: some(fc.constantFrom('再访', '在外地')),
    rc: some(fc.constantFrom(...REASON_CODES)),
    pf: some(fc.subarray(['document', 'record', 'statement'], { minLength: 1 })),
    at: some(fc.integer({ min: 1, max: 3 })),
    pl: some(fc.constantFrom('东莞', '深圳')),
    ck: some(fc.constantFrom('2020-06-30', '2020-08-01')),
  } as const)
  .map((content) => JSON.parse(JSON.stringify(content)) as Content);

/** Answers as claims of deliveries, and what stands of them. */
const standing = (answers: readonly Content[]) =>
  standingAnswer(
    answers.map((content, i) => ({ content, since: { id: i, asOf: RETURNED } })),
    '2020-09-30',
  );
const after = (input: MergeInput, said: readonly Content[], result: Content): MergeInput => {
  const now = standing([...said, result]);
  return { ...input, mine: now?.content ?? {}, mineDay: now?.day };
};

describe('whatever was answered and comes back', () => {
  const answers = fc.array(anyAnswer, { maxLength: 3 });
  const inputs = fc
    .record({ before: answers, since: answers, theirs: anyAnswer })
    .map(({ before, since, theirs }) => {
      const said = [...before, ...since];
      const [base, mine] = [standing(before), standing(said)];
      return {
        said,
        since,
        input: {
          base: base?.content ?? {},
          baseDay: base?.day,
          mine: mine?.content ?? {},
          mineDay: mine?.day,
          theirs,
          returned: RETURNED,
        } satisfies MergeInput,
      };
    });

  it('merged again changes nothing, decided or not', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom('theirs', 'ours'), ({ said, input }, choice) => {
        const first = mergeAnswer(input);
        const { result } = first.outcome === 'contradiction' ? mergeAnswer(input, choice) : first;
        if (result === undefined) return;
        const again = mergeAnswer(after(input, said, result), choice);
        if (choice === 'theirs' || first.outcome === 'apply') expect(again.result).toBeUndefined();
      }),
    );
  });

  it('contradicts nobody where nobody has written since', () => {
    fc.assert(
      fc.property(inputs, ({ since, input }) => {
        if (since.length === 0) expect(mergeAnswer(input).contradictions).toEqual([]);
      }),
    );
  });

  const willOf = ({ w, i }: Content) => i ?? (w === 'willing' ? 'yes' : w === 'refuses' ? 'no' : undefined);
  const says = (content: Content, said: Content): boolean => {
    const bare = said.w === undefined || said.w === 'willing' || said.w === 'refuses';
    const will = willOf(said);
    return (bare || content.w === said.w) && (will === undefined || willOf(content) === will);
  };
  it('loses no answer of the row: it stands, or waits, or is that of the paper', () => {
    fc.assert(
      fc.property(inputs, ({ said, input }) => {
        const { outcome, result } = mergeAnswer(input);
        const stands = standing(result === undefined ? said : [...said, result])?.content ?? {};
        expect(
          outcome === 'contradiction' || says(stands, input.theirs) || says(input.base, input.theirs),
        ).toBe(true);
      }),
    );
  });
});
