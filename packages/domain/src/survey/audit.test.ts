import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIVISIONS } from '../../cases/coverage/county.ts';
import { type AuditContext, auditBook, type IssuedPerson, type ReturnedRow } from './audit.ts';
import { BOOK_ANSWERS } from './book.ts';

const HOME = '430981114248';
const DAY = '2020-09-20';
const context: AuditContext = {
  content: {
    county: '430981',
    countyName: '沅江市',
    provinceName: '湖南省',
    tree: DIVISIONS,
    asOf: DAY,
    hashPhone: (phone) => `#${phone}`,
  },
  day: DAY,
  elsewhere: (id) => (id === 'neighbour' ? '沅江市南大膳镇康宁村' : undefined),
};
const person = (key: number, more: Partial<IssuedPerson> = {}): IssuedPerson => ({
  key,
  id: `id${key}`,
  name: `张${'一二三四五六七八九'[key - 1]}`,
  birth: '1985-03-01',
  region: HOME,
  registered: false,
  ...more,
});
const PEOPLE = [1, 2, 3, 4, 5].map((key) => person(key));
const row = (
  key: number,
  values: Record<string, string> = {},
  more: Partial<ReturnedRow> = {},
): ReturnedRow => ({
  at: key - 1,
  sheet: '底册',
  row: key + 3,
  id: `id${key}`,
  name: person(key).name,
  values,
  ...more,
});
/** Of one row: its verdict and what is remarked. */
const audit = (
  values: Record<string, string>,
  more: Partial<IssuedPerson> = {},
  of: Partial<ReturnedRow> = {},
) => {
  const [found] = auditBook([person(1, more)], [row(1, values, of)], context).rows;
  return {
    verdict: found?.verdict,
    codes: found?.remarks.map((r) => r.code),
    content: found?.content,
    found,
  };
};

describe('a row that came back', () => {
  it('is accepted when it says something in known words', () => {
    expect(audit({ answer: '愿意参保', contactDay: '2020-09-10' })).toMatchObject({
      verdict: 'accepted',
      codes: [],
      content: { w: 'willing', d: '2020-09-10' },
    });
  });

  it('that nobody filled in is blank, dashes included', () => {
    expect(audit({}).verdict).toBe('blank');
    expect(audit({ remark: '—', answer: '/' }).verdict).toBe('blank');
    expect(audit({ group: '3' })).toMatchObject({ verdict: 'blank', codes: ['group-alone'] });
  });

  it.each([
    ['参职保(含退休)', '参加省内职保'],
    ['参职保（含退休）', '参加省内职保'],
    ['16岁以上在校学生', '在校学生'],
    ['外省居保', '异地居保'],
    ['自愿放弃', '不愿意参保'],
  ])('with the older word %s is read as %s, and says so', (word, means) => {
    const { verdict, found } = audit({ answer: word, proof: '证明、意愿书' }, { birth: '2003-01-01' });
    expect(verdict).toBe('remarked');
    expect(found?.remarks[0]?.text).toContain(`“${word}”按“${means}”读取`);
  });

  it.each([
    [{ answer: '不清楚啊' }, 'answer-unknown'],
    [{ willing: '看情况' }, 'willing-unknown'],
    [{ answer: '愿意参保', willing: '否' }, 'contradicts-itself'],
    [{ answer: '不愿意参保', willing: '是' }, 'contradicts-itself'],
    [{ answer: '愿意参保', reasonKind: '心情不好' }, 'reason-unknown'],
    [{ villageCode: '43098111424' }, 'code-digits'],
    [{ villageCode: '430981106201' }, 'code-town'],
    [{ villageCode: '430981114999' }, 'code-unknown'],
    [{ villageCode: '430981114249', village: '大福村' }, 'village-differs'],
    [{ remark: '身份证 430981 19900101 0017' }, 'id-in-text'],
  ])('%j is refused: %s', (values, code) => {
    const { verdict, codes, content } = audit(values);
    expect([verdict, codes, content]).toEqual(['refused', [code], undefined]);
  });

  it('repeats no ID number, wherever it stands', () => {
    const id = '430981199001010017';
    const said = [
      audit({ answer: '愿意参保' }, {}, { name: `张一${id}` }),
      audit({ answer: `这个人的情况说不清楚 ${id}` }),
      audit({ answer: '愿意参保', willing: id, reasonKind: '４３０９８１１９９００１０１００１Ｘ' }),
      audit({ village: `大福村${id}`, group: `3 ${id.slice(0, 15)}` }),
    ];
    for (const { verdict, codes, found } of said) {
      expect(verdict).toBe('refused');
      expect(codes).toContain('id-in-text');
      expect(JSON.stringify(found).normalize('NFKC')).not.toMatch(/\d{13}/);
    }
    expect(audit({ phone: '13900001111 13900002222' }).codes).toContain('phone-wrong');
  });

  it('names the town that a code belongs to', () => {
    expect(audit({ villageCode: '430981106201' }).found?.remarks[0]?.text).toContain('是南大膳镇的');
  });

  it('says a group of the village it stands in, or of the one it names', () => {
    const answer = '愿意参保';
    expect(audit({ answer, group: '3组' }).content).toEqual({ w: 'willing', g: HOME, gr: 3 });
    expect(audit({ answer, group: '3', village: '乐园村' }).content).toMatchObject({
      g: '430981114249',
      gr: 3,
    });
    expect(audit({ answer, group: '3' }, { region: '430981114' }).content).toEqual({ w: 'willing', gr: 3 });
    expect(audit({ answer, group: '老屋组' }).content).toEqual({ w: 'willing' });
  });

  it('moves within the town by code or by name, and says nothing new of where one stands', () => {
    expect(audit({ villageCode: '430981114249' }).content).toEqual({ g: '430981114249' });
    expect(audit({ village: '乐园村', answer: '愿意参保' }).content).toMatchObject({ g: '430981114249' });
    expect(audit({ village: '大福村', answer: '愿意参保' }).content).toEqual({ w: 'willing' });
    expect(audit({ village: '不知道村', answer: '愿意参保' })).toMatchObject({ codes: ['village-unknown'] });
  });

  it.each([
    [{ answer: '在校学生', proof: '学籍证明' }, ['student-25']],
    [{ answer: '不愿意参保' }, ['proof-missing']],
    [{ answer: '不愿意参保', proof: '本人签名的意愿书' }, []],
    [{ answer: '人户分离', contactDay: '2020-09-01', contactWay: '电话' }, []],
    [{ answer: '联系不上', attempts: '1' }, ['proof-missing']],
    [{ answer: '联系不上', attempts: '2次' }, []],
    [{ answer: '外出务工', workPlace: '东莞', workScheme: '职保', checked: '2020-08-01' }, []],
    [{ answer: '已参保' }, ['claims-registered']],
    [{ phone: '138-0000-1111' }, ['no-answer']],
    [{ answer: '愿意参保', phone: '12' }, ['phone-wrong']],
    [{ answer: '愿意参保', attempts: '很多' }, ['attempts-unknown']],
    [{ answer: '愿意参保', contactDay: '2020-12-01' }, ['visit-in-future']],
  ])('%j is accepted with %j', (values, codes) => {
    const told = audit(values);
    expect(told.codes).toEqual(codes);
    expect(told.verdict).toBe(codes.length === 0 ? 'accepted' : 'remarked');
  });

  it('keeps 人户分离 apart from 联系不上', () => {
    expect(audit({ answer: '人户分离' }).content).toMatchObject({ w: 'unreachable', rc: 'separated' });
    expect(audit({ answer: '联系不上' }).content?.rc).toBeUndefined();
  });

  it('tells of a value that the reader could not make out', () => {
    expect(audit({ answer: '愿意参保' }, {}, { lost: ['走访时间'] })).toMatchObject({
      codes: ['value-lost'],
    });
  });

  it('bears the name that was handed out, spaces and dots aside', () => {
    expect(audit({ answer: '愿意参保' }, { name: '买买提·艾力' }, { name: '买买提艾力' }).verdict).toBe(
      'accepted',
    );
    expect(audit({ answer: '愿意参保' }, {}, { name: '章一' })).toMatchObject({ codes: ['name-differs'] });
  });
});

describe('the list that went out', () => {
  it('finds an edited number by its name, and does not count the person as missing', () => {
    const rows = [row(1, { answer: '愿意参保' }, { id: 'edited' }), row(2), row(3), row(4)];
    const { rows: told, missing } = auditBook(PEOPLE, rows, context);
    expect(told[0]).toMatchObject({ verdict: 'refused', key: undefined, remarks: [{ code: 'id-edited' }] });
    expect(missing).toEqual([5]);
  });

  it('refuses who does not stand on it, and says where he stands', () => {
    const rows = [
      row(1),
      row(9, {}, { id: 'neighbour', name: '李四' }),
      row(8, {}, { id: undefined, name: '王五' }),
    ];
    const { rows: told } = auditBook(PEOPLE, rows, context);
    expect(told[1]?.remarks[0]).toMatchObject({
      code: 'not-in-list',
      text: expect.stringContaining('康宁村'),
    });
    expect(told[2]?.remarks[0]?.code).toBe('id-unreadable');
  });

  it('counts a repeated row once, and refuses two that differ', () => {
    const same = [row(1, { answer: '愿意参保' }), row(1, { answer: '愿意参保' }, { at: 1, row: 9 })];
    expect(auditBook(PEOPLE, same, context).rows.map((r) => r.remarks.map((x) => x.code))).toEqual([
      [],
      ['repeated'],
    ]);
    const differ = [row(1, { answer: '愿意参保' }), row(1, { answer: '在校学生' }, { at: 1, row: 9 })];
    expect(auditBook(PEOPLE, differ, context).rows.every((r) => r.verdict === 'refused')).toBe(true);
  });
});

const cells = fc.dictionary(
  fc.constantFrom(
    'answer',
    'willing',
    'village',
    'villageCode',
    'phone',
    'reasonKind',
    'proof',
    'remark',
    'attempts',
  ),
  fc.oneof(
    fc.constantFrom(
      ...BOOK_ANSWERS,
      '是',
      '否',
      '大福村',
      '430981114249',
      '430981106201',
      '13800001111',
      '2020-09-01',
    ),
    fc.string({ maxLength: 8 }),
  ),
);
const anyRows = fc
  .array(
    fc.record({
      key: fc.integer({ min: 1, max: 7 }),
      name: fc.option(fc.constantFrom('张一', '别人', ''), { nil: undefined }),
      id: fc.option(fc.constantFrom('neighbour', 'id1', 'edited'), { nil: undefined }),
      values: cells,
      lost: fc.option(fc.constant(['走访时间']), { nil: undefined }),
    }),
    { maxLength: 12 },
  )
  .map((rows) =>
    rows.map(
      (one, at): ReturnedRow => ({
        ...row(Math.min(one.key, 9), one.values),
        at,
        row: at + 4,
        ...(one.name === undefined ? {} : { name: one.name }),
        ...(one.id === undefined ? {} : { id: one.id }),
        lost: one.lost,
      }),
    ),
  );

describe('whatever comes back', () => {
  it('nothing is lost: every row has a verdict, a refused one a remark, and who is in no row is missing', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { rows: told, missing } = auditBook(PEOPLE, rows, context);
        expect(told.map((one) => one.at)).toEqual(rows.map((one) => one.at));
        for (const one of told) {
          expect(one.verdict === 'refused' || one.verdict === 'remarked').toBe(
            one.remarks.length > 0 && one.verdict !== 'blank',
          );
          expect(one.content !== undefined).toBe(one.verdict === 'accepted' || one.verdict === 'remarked');
          if (one.content !== undefined) expect(one.key).toBeDefined();
        }
        const ids = new Set(rows.map((one) => one.id));
        for (const key of missing) expect(ids.has(`id${key}`)).toBe(false);
      }),
    );
  });

  it('rows may stand in any order', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const verdicts = (list: readonly ReturnedRow[]) =>
          auditBook(PEOPLE, list, context)
            .rows.map((one) => `${one.at} ${one.verdict}`)
            .sort();
        // Which of two equal rows is the repeated one depends on their order; their verdicts together do not.
        const plain = (list: string[]) => list.map((one) => one.split(' ')[1]).sort();
        expect(plain(verdicts(rows.toReversed()))).toEqual(plain(verdicts(rows)));
      }),
    );
  });
});
