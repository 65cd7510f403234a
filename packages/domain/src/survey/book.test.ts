import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIVISIONS } from '../../cases/coverage/county.ts';
import type { Content } from '../coverage/claim.ts';
import { contentOf } from '../coverage/content.ts';
import { REASON_CODES } from '../ledger/reasons.ts';
import { findSource, type SourceDefinition } from '../sources/catalogue.ts';
import { findHead } from '../sources/header.ts';
import { recogniseSource } from '../sources/recognise.ts';
import { surveyAnswer } from '../sources/vocabulary.ts';
import { SURVEY_CHOICES } from './answers.ts';
import {
  answerWord,
  BOOK_ANSWERS,
  BOOK_COLUMNS,
  cellsOf,
  isBookAnswer,
  reasonOfWord,
  stampsIn,
  stampText,
} from './book.ts';

const SOURCE = findSource('survey-workbook') as SourceDefinition;
const context = {
  county: '430981',
  countyName: '沅江市',
  provinceName: '湖南省',
  tree: DIVISIONS,
  asOf: '2020-08-01',
  hashPhone: (phone: string) => `#${phone}`,
};

describe('the columns of a 底册', () => {
  it('are read back by their headings, in any order and with others between', () => {
    const titles = BOOK_COLUMNS.map((column) => column.title);
    for (const headings of [titles, titles.toReversed().flatMap((title) => [title, '镇里加的'])]) {
      const head = findHead(SOURCE, [['某村摸底底册'], headings]);
      expect(head?.missing).toEqual([]);
      for (const column of BOOK_COLUMNS) {
        const at = head?.columns.get(column.key);
        if (['no', 'address', 'verdict', 'before'].includes(column.key)) expect(at).toBeUndefined();
        else expect(at).toBe(headings.indexOf(column.title));
      }
    }
    expect(recogniseSource('某村底册.xlsx', [titles])[0]?.source.code).toBe('survey-workbook');
  });

  it('offer no word that would not be understood', () => {
    for (const word of BOOK_ANSWERS) {
      expect(surveyAnswer(word)).not.toBe('unknown');
      expect(answerWord({ w: surveyAnswer(word), rc: reasonOfWord(word) })).toBe(word);
    }
    expect(isBookAnswer(' 出国(境)')).toBe(true);
    expect(isBookAnswer('参职保(含退休)')).toBe(false);
    expect(reasonOfWord('人户分离')).toBe('separated');
    expect(reasonOfWord('不愿意参保')).toBeUndefined();
  });
});

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyAnswer: fc.Arbitrary<Content> = fc
  .record({
    w: some(fc.constantFrom(...SURVEY_CHOICES.map((one) => one.answer), 'obligated', 'not-local', 'other')),
    i: some(fc.constantFrom('yes', 'no')),
    t: some(fc.constantFrom([7], [8], [12], [17])),
    g: some(fc.constantFrom('430981114248', '430981106201')),
    gr: some(fc.integer({ min: 1, max: 999 })),
    ph: some(fc.constant('#13800001111')),
    d: some(fc.constantFrom('2020-07-01', '2020-07')),
    cw: some(fc.constantFrom('入户', '电话')),
    rs: some(fc.constant('觉得待遇低')),
    m: some(fc.constant('再访')),
    rc: some(fc.constantFrom(...REASON_CODES)),
    pf: some(fc.subarray(['document', 'record', 'statement'], { minLength: 1 })),
    at: some(fc.integer({ min: 1, max: 20 })),
    pl: some(fc.constant('东莞')),
    sc: some(fc.constant('广东职保')),
    ck: some(fc.constant('2020-06-30')),
    by: some(fc.constant('张三')),
  } as const)
  .map((content) => JSON.parse(JSON.stringify(content)) as Content);

describe('what is merged', () => {
  it('is written in cells that read back as the same, whatever it says', () => {
    fc.assert(
      fc.property(anyAnswer, (content) => {
        const values = cellsOf(content, content.ph === undefined ? undefined : '13800001111');
        const { q: _, ...read } = JSON.parse(
          JSON.stringify(contentOf('survey-workbook', { name: '', values }, context)),
        );
        expect(read).toEqual(content);
      }),
    );
  });
});

describe('the stamp', () => {
  const stamp = { county: '430981', issue: 12, change: 57, digest: '0123456789' };
  it('is known wherever it stands and however it was retyped', () => {
    expect(stampsIn([stampText(stamp)])).toEqual([stamp]);
    expect(stampsIn(['底册编号：ＱＢＤＣ－430981－12－57－0123456789（请勿改动）', '', 'x'])).toEqual([
      stamp,
    ]);
    expect(stampsIn([stampText(stamp), `x ${stampText(stamp).toLowerCase()} y`])).toEqual([stamp]);
  });
  it('is none with a digit more or less', () => {
    expect(
      stampsIn([`${stampText(stamp)}0`, stampText(stamp).slice(0, -1), 'QBDC-43098-1-1-0123456789']),
    ).toEqual([]);
  });
});
