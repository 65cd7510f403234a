import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../coverage/claim.ts';
import { reasonWords } from '../coverage/reason.ts';
import { SURVEY_CHOICES } from './answers.ts';
import { owedWords, standingAnswer, standingReason } from './standing.ts';

const answer = (id: number, asOf: string, content: Content) => ({ content, since: { id, asOf } });
const OPEN = { column: 7, rank: 14 };

/** Column 20 of 附件3. */
function words(answers: readonly ReturnType<typeof answer>[], on: string): string {
  const standing = standingAnswer(answers, on);
  return reasonWords(OPEN, undefined, standing?.content, standing?.toldBy?.content);
}

const judged = (answers: readonly ReturnType<typeof answer>[]) => standingReason(answers, '9999-12-31');

describe('what stands of several answers', () => {
  const refused = answer(1, '2020-09-30', {
    w: 'refuses',
    rs: '觉得待遇低',
    pf: ['statement'],
    ph: '#1',
    d: '2020-09-20',
    cw: '入户',
  });

  it('goes by the day of the visit, not by the workbook handed in last', () => {
    const late = answer(2, '2020-10-10', { w: 'willing', d: '2020-09-05' });
    expect(standingAnswer([refused, late], '2020-10-31')?.last).toBe(refused);
    expect(standingAnswer([late, refused], '2020-10-31')?.last).toBe(refused);
    expect(standingAnswer([refused, late], '2020-09-10')?.last).toBe(late);
    expect(standingAnswer([refused, late], '2020-09-01')).toBeUndefined();
  });

  it('of one day takes the one received later, and without a visit day the workbook’s own', () => {
    const first = answer(1, '2020-09-30', { d: '2020-09-30' });
    const second = answer(2, '2020-09-30', {});
    expect(standingAnswer([second, first], '2020-09-30')?.last).toBe(second);
  });

  it('keeps reason, proof and contact of a visit when a later row only corrects the telephone', () => {
    const corrected = answer(2, '2020-10-15', { ph: '#2', d: '2020-10-15' });
    const standing = standingAnswer([refused, corrected], '2020-10-31');
    expect(words([refused, corrected], '2020-10-31')).toBe(
      '个人不愿意参保；觉得待遇低；佐证：本人签名的意愿书；2020-09-20 入户',
    );
    expect(standing?.content.pf).toEqual(['statement']);
    expect(standing?.toldBy).toBe(refused);
    expect(standing?.phoneOf).toBe(corrected);
    expect(judged([refused, corrected])?.reason.code).toBe('unwilling');
  });

  it('keeps the telephone when a later visit names none, and drops the reason with the answer that it was of', () => {
    const later = answer(2, '2020-10-15', { w: 'willing', d: '2020-10-14', cw: '电话' });
    expect(words([refused, later], '2020-10-31')).toBe('2020-10-14 电话');
    expect(words([refused, later], '2020-10-01')).toBe(
      '个人不愿意参保；觉得待遇低；佐证：本人签名的意愿书；2020-09-20 入户',
    );
    expect(standingAnswer([refused, later], '2020-10-31')?.phoneOf).toBe(refused);
  });

  it('adds attempts up from visit to visit, by the day of the visit', () => {
    const tried = (id: number, day: string) => answer(id, day, { w: 'unreachable', at: 1, d: day });
    const twice = [tried(2, '2020-09-20'), tried(1, '2020-09-10')];
    expect(standingReason(twice, '2020-09-19')).toMatchObject({ attempts: 1, complete: false });
    expect(standingReason(twice, '2020-09-20')).toMatchObject({
      attempts: 2,
      complete: true,
      expires: '2021-09-20',
    });
  });

  it('lets a word nobody knows take nothing back', () => {
    const odd = answer(2, '2020-10-15', { w: 'unknown', q: 1 });
    const standing = standingAnswer([refused, odd], '2020-10-31');
    expect([standing?.content.w, standing?.toldBy]).toEqual(['refuses', refused]);
  });
});

const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const anyAnswer = fc
  .record({
    w: some(fc.constantFrom(...SURVEY_CHOICES.map((one) => one.answer))),
    rs: some(fc.constantFrom('觉得待遇低', '常年在外打工')),
    m: some(fc.constantFrom('再访')),
    pf: some(fc.subarray(['document', 'statement'], { minLength: 1 })),
    ph: some(fc.constantFrom('#1', '#2')),
    d: some(fc.constantFrom('2020-07-01', '2020-08-15')),
    cw: some(fc.constantFrom('入户', '电话')),
  })
  .map((content) => JSON.parse(JSON.stringify(content)) as Content);

it('a correction of number and village moves neither 附件3’s reason nor the ledger’s, whatever was answered before', () => {
  fc.assert(
    fc.property(fc.array(anyAnswer, { maxLength: 4 }), (contents) => {
      const before = contents.map((content, i) => answer(i + 1, '2020-09-18', content));
      const all = [...before, answer(9, '2020-09-20', { ph: '#9', g: '430981114248', d: '2020-09-20' })];
      expect(words(all, '2020-10-31')).toBe(words(before, '2020-10-31'));
      expect(judged(all)).toEqual(judged(before));
      const [then, now] = [standingAnswer(before, '2020-10-31'), standingAnswer(all, '2020-10-31')];
      expect(now?.toldBy).toBe(then?.toldBy);
      expect(now?.phoneOf).toBe(all.at(-1));
    }),
  );
});

describe('what is still missing of somebody who is 待核实', () => {
  const DAY = '2020-09-20';
  it.each([
    ['还没有走访', []],
    ['还没有走访', [answer(1, DAY, { ph: '#1' })]],
    ['答复里没有未参保原因', [answer(1, DAY, { w: 'claims-registered' })]],
    ['个人不愿意参保：缺本人签名的意愿书或详细的走访记录', [answer(1, DAY, { w: 'refuses' })]],
    ['外出务工：缺参加的险种；缺核实时间', [answer(1, DAY, { w: 'migrant', pl: '东莞' })]],
    ['', [answer(1, DAY, { w: 'refuses', pf: ['statement'] })]],
    ['', [answer(1, DAY, { w: 'unreachable', at: 1 }), answer(2, DAY, { w: 'unreachable', at: 1 })]],
    ['还没有走访', [answer(1, '2020-11-01', { w: 'refuses' })]],
  ])('%s', (words, answers) => {
    expect(owedWords(answers, '2020-10-31')).toBe(words);
    expect(owedWords(answers.toReversed(), '2020-10-31')).toBe(words);
  });

  it('asks again from the day on which a proof runs out', () => {
    const answers = [answer(1, DAY, { w: 'unreachable', rc: 'separated', at: 1 })];
    expect(owedWords(answers, '2021-09-19')).toBe('');
    expect(owedWords(answers, '2021-09-20')).toBe('人户分离：2021-09-20 已到期，要重新核实');
  });
});
