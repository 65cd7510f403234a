import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from './plain-date.ts';
import { checkDigit, cleanIdText, maskId, parseResidentId, type ResidentId } from './resident-id.ts';

const ON = '2026-01-01';
const read = (raw: string) => parseResidentId(raw, ON);

/** Any right number: area (港澳台居民居住证 and 永久居留身份证 too), birth, sequence. */
const numbers = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('430981', '450324', '110105', '810000', '820000', '830000', '943156', '911840'),
      fc.integer({ min: 110000, max: 659999 }).map(String),
    ),
    fc.integer({ min: 0, max: 50_000 }).map((n) => addDays('1880-01-01', n)),
    fc.integer({ min: 1, max: 999 }).map((n) => String(n).padStart(3, '0')),
  )
  .map(([area, birth, sequence]) => {
    const first17 = area + birth.replaceAll('-', '') + sequence;
    return { id: first17 + checkDigit(first17), birth, male: Number(sequence) % 2 === 1 };
  });

describe('worked examples of GB 11643', () => {
  it.each([
    ['1.1', '11010519491231002X', { birth: '1949-12-31', sex: 'female', mark: 'none' }],
    ['1.2', '440524188001010014', { birth: '1880-01-01', sex: 'male', mark: 'none' }],
    ['1.4', '430981196003150018', { birth: '1960-03-15', sex: 'male', mark: 'none' }],
    ['1.5', '430981196507010027', { birth: '1965-07-01', sex: 'female', mark: 'none' }],
  ])('%s %s is valid', (_, raw, expected) => {
    expect(read(raw)).toEqual({ id: raw, ...expected });
  });

  it('1.3 fifteen digits become eighteen', () => {
    expect(read('110105491231002')).toMatchObject({ id: '11010519491231002X', mark: 'from-15' });
  });

  it('1.8 a changed check digit is refused', () => {
    expect(read('110105194912310021')).toBe('id.check-digit');
  });

  it.each([
    '11010519491231002x',
    '１１０１０５１９４９１２３１００２Ｘ',
    '11010519491231002X ',
    "'11010519491231002ｘ",
  ])('1.10 %j is the same number', (raw) => {
    expect(read(raw)).toMatchObject({ id: '11010519491231002X', mark: 'cleaned' });
  });
});

describe('resident numbers', () => {
  it('are read with birth and sex, of mainland residents and of holders of a residence permit alike', () => {
    fc.assert(
      fc.property(numbers, ({ id, birth, male }) => {
        expect(read(id)).toEqual({ id, birth, sex: male ? 'male' : 'female', mark: 'none' });
      }),
    );
  });

  it('are found under any noise', () => {
    const noise = fc.constantFrom(' ', '\t', '　', "'", '"', '\u200b', '\ufeff', '\u00a0', '’', '');
    fc.assert(
      fc.property(
        numbers,
        fc.array(noise, { minLength: 19, maxLength: 19 }),
        fc.boolean(),
        (number, marks, wide) => {
          const letters = [...number.id].map((c) =>
            wide ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c.toLowerCase(),
          );
          const raw = marks.map((mark, i) => mark + (letters[i] ?? '')).join('');
          const parsed = read(raw) as ResidentId;
          expect(parsed.id).toBe(number.id);
          expect(parsed.mark).toBe(raw === number.id ? 'none' : 'cleaned');
          expect(cleanIdText(cleanIdText(raw))).toBe(cleanIdText(raw));
        },
      ),
    );
  });

  it('never pass with one character changed', () => {
    fc.assert(
      fc.property(numbers, fc.nat(17), fc.constantFrom(...'0123456789X'), ({ id }, at, other) => {
        if (id[at] === other) return;
        expect(typeof read(id.slice(0, at) + other + id.slice(at + 1))).toBe('string');
      }),
    );
  });

  it('never pass with two neighbours swapped', () => {
    fc.assert(
      fc.property(numbers, fc.nat(16), ({ id }, at) => {
        const [a, b] = [id[at], id[at + 1]];
        if (a === b) return;
        expect(typeof read(id.slice(0, at) + b + a + id.slice(at + 2))).toBe('string');
      }),
    );
  });

  it('of fifteen digits become the eighteen of the 1900s, of the 1800s for the sequences kept for the oldest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 36_523 }).map((n) => addDays('1900-01-01', n)),
        fc.integer({ min: 1, max: 995 }).map((n) => String(n).padStart(3, '0')),
        (birth, sequence) => {
          const parsed = read(`430981${birth.slice(2).replaceAll('-', '')}${sequence}`) as ResidentId;
          expect(parsed).toMatchObject({ birth, mark: 'from-15' });
          expect(read(parsed.id)).toMatchObject({ id: parsed.id, birth, mark: 'none' });
        },
      ),
    );
    expect(read('430981960315996')).toMatchObject({ birth: '1896-03-15', mark: 'from-15' });
  });

  it('stand in the first eighteen of a disability certificate', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom('11', '42', '63'), ({ id }, kind) => {
        expect(read(id + kind)).toMatchObject({ id, mark: 'from-certificate' });
      }),
    );
  });

  it.each([
    ['', 'id.blank'],
    ['　', 'id.blank'],
    ['4309811960031500', 'id.length'],
    ['4309811960031500189', 'id.length'],
    ['43098119600315001A', 'id.characters'],
    ['CHN430960031500', 'id.characters'],
    ['430981196002300018', 'id.date'],
    ['430981203003150018', 'id.date'],
    ['4.30981E+17', 'id.scientific'],
  ])('%j is refused: %s', (raw, problem) => {
    expect(read(raw)).toBe(problem);
  });

  it('in a number cell of sixteen digits or more are refused, never guessed', () => {
    expect(parseResidentId('430981196003150000', ON, true)).toBe('id.number-cell');
    expect(parseResidentId('110105491231002', ON, true)).toMatchObject({ mark: 'from-15' });
  });

  it('are never whole behind a mask', () => {
    fc.assert(
      fc.property(numbers, ({ id }) => {
        expect(maskId(id)).toBe(`${id.slice(0, 6)}********${id.slice(-4)}`);
      }),
    );
  });
});
