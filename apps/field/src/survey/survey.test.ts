import { describe, expect, it } from 'vitest';
import type { Entry } from '../outbox/outbox.ts';
import { commandOf, type Draft, draftOf, EMPTY, faultOf, missingOf } from './answer.ts';
import { type FoundDraft, foundCommandOf, foundDraftOf, foundFault, NOBODY } from './found.ts';
import {
  dayAt,
  dueWords,
  groupOf,
  groupsOf,
  houseOf,
  matches,
  type Pack,
  type Person,
  packOf,
  progressOf,
  roundCounts,
  rowsOf,
} from './list.ts';

const TODAY = '2020-08-31';
const draft = (change: Partial<Draft>): Draft => ({ ...EMPTY, ...change });

describe('an answer', () => {
  it('says what the matrix still asks for, and nothing for a plain one', () => {
    expect(missingOf(draft({ choice: 'willing' }), TODAY)).toEqual([]);
    expect(missingOf(draft({ choice: 'refuses' }), TODAY)).toEqual(['缺本人签名的意愿书或详细的走访记录']);
    expect(missingOf(draft({ choice: 'refuses', signed: true }), TODAY)).toEqual([]);
    expect(
      missingOf(
        draft({ choice: 'refuses', remark: '八月三十日上门，本人说已在广东参加职保，不再参加' }),
        TODAY,
      ),
    ).toEqual([]);
    expect(missingOf(draft({ choice: 'dead' }), TODAY)).toEqual(['缺证明材料']);
    expect(missingOf(draft({ choice: 'dead', photos: 1 }), TODAY)).toEqual([]);
    expect(missingOf(draft({ choice: 'migrant' }), TODAY)).toHaveLength(3);
    const away = draft({ choice: 'migrant', place: '广东东莞', scheme: '没有参保', checked: TODAY });
    expect(missingOf(away, TODAY)).toEqual([]);
    const once = { at: `${TODAY}T08:00:00Z`, way: '上门', number: '' } as const;
    expect(missingOf(draft({ choice: 'unreachable', attempts: [once] }), TODAY)).toHaveLength(1);
    expect(missingOf(draft({ choice: 'unreachable', attempts: [once, once] }), TODAY)).toEqual([]);
    expect(missingOf(draft({ choice: 'separated' }), TODAY)).toHaveLength(1);
  });

  it('becomes a command with its proofs, and the form again', () => {
    const given = draft({
      choice: 'refuses',
      signed: true,
      phone: '138 0000-0000',
      remark: ' 在家 ',
      village: '430981001002',
    });
    const sent = commandOf(given, 7, new Date(`${TODAY}T01:00:00Z`), ['a'.repeat(64)], 'c');
    expect(sent).toEqual({
      command: 'c',
      person: 7,
      madeAt: `${TODAY}T01:00:00.000Z`,
      way: 'visit',
      answer: 'refuses',
      reason: { code: 'unwilling' },
      proofs: ['statement'],
      phone: '13800000000',
      village: '430981001002',
      remark: '在家',
      media: ['a'.repeat(64)],
    });
    expect(draftOf(sent)).toMatchObject({ choice: 'refuses', phone: '13800000000', remark: '在家' });
  });

  it('carries each attempt with its moment and way, calls with their number', () => {
    const attempts = [
      { at: `${TODAY}T01:00:00Z`, way: '电话', number: '13800000000' },
      { at: `${TODAY}T02:00:00Z`, way: '上门', number: '' },
    ] as const;
    const sent = commandOf(draft({ choice: 'unreachable', attempts }), 7, new Date(), [], 'c');
    expect(sent.attempts).toEqual([
      { at: `${TODAY}T01:00:00Z`, way: '电话', number: '13800000000' },
      { at: `${TODAY}T02:00:00Z`, way: '上门' },
    ]);
    expect(draftOf(sent).attempts).toEqual(attempts);
  });

  it('is told at the door what the county would send back', () => {
    expect(faultOf(draft({}))).toBe('请先选一个答复。');
    expect(faultOf(draft({ choice: 'willing', phone: '12' }))).toContain('电话');
    expect(faultOf(draft({ choice: 'willing', village: '43' }))).toContain('12 位');
    expect(faultOf(draft({ choice: 'willing', remark: '430981196001020017' }))).toContain('身份证');
    expect(faultOf(draft({ choice: 'willing' }))).toBeUndefined();
  });
});

describe('somebody found', () => {
  const stranger = (change: Partial<FoundDraft>): FoundDraft => ({
    ...NOBODY,
    name: ' 符谷雨 ',
    village: '430981001001',
    address: '3组9号',
    relation: '子女',
    ...change,
  });
  const fault = (change: Partial<FoundDraft>, phone = '') => foundFault(stranger(change), phone, TODAY);

  it('carries each attempt with its moment and way, calls with their number', () => {
    const attempts = [
      { at: `${TODAY}T01:00:00Z`, way: '电话', number: '13800000000' },
      { at: `${TODAY}T02:00:00Z`, way: '上门', number: '' },
    ] as const;
    const sent = commandOf(draft({ choice: 'unreachable', attempts }), 7, new Date(), [], 'c');
    expect(sent.attempts).toEqual([
      { at: `${TODAY}T01:00:00Z`, way: '电话', number: '13800000000' },
      { at: `${TODAY}T02:00:00Z`, way: '上门' },
    ]);
    expect(draftOf(sent).attempts).toEqual(attempts);
  });

  it('is told at the door what the county would send back', () => {
    expect(fault({ name: '' })).toContain('姓名');
    expect(fault({ id: '' })).toContain('证件号不详');
    expect(fault({ id: '430981196001020018' })).toContain('校验位');
    expect(fault({ unknown: true, birth: '1965-13', sex: 'male' })).toContain('出生年月');
    expect(fault({ unknown: true, birth: '2021-01', sex: 'male' })).toContain('出生年月');
    expect(fault({ unknown: true, birth: '1965-03' })).toContain('性别');
    expect(fault({ id: '430981196001020017', address: '430981196001020017' })).toContain('证件号码');
    expect(fault({ id: '430981196001020017' }, '12')).toContain('电话');
    expect(fault({ id: '430981196001020017', village: '' })).toContain('村');
    expect(fault({ id: '430981196001020017' })).toBeUndefined();
  });

  it('becomes a command of its own, 15 digits as 18, and the form again; a correction names what it corrects', () => {
    const of = { draft: stranger({ id: '430981600102001' }), phone: '138 0000-0000', today: TODAY };
    const made = { at: new Date(`${TODAY}T01:00:00Z`), media: [], command: 'c' };
    const sent = foundCommandOf(draft({ choice: 'willing', phone: '1' }), of, made, undefined);
    expect(sent).toEqual({
      command: 'c',
      madeAt: `${TODAY}T01:00:00.000Z`,
      way: 'visit',
      answer: 'willing',
      found: {
        name: '符谷雨',
        id: '430981196001020017',
        phone: '13800000000',
        village: '430981001001',
        address: '3组9号',
        relation: '子女',
      },
    });
    expect(foundDraftOf(sent)).toMatchObject({ name: '符谷雨', id: '430981196001020017', unknown: false });
    const unknown = { ...of, draft: stranger({ unknown: true, birth: '1965-03', sex: 'female', id: 'x' }) };
    const again = foundCommandOf(draft({ choice: 'willing' }), unknown, { ...made, command: 'd' }, sent);
    expect(again).toMatchObject({ instead: 'c', found: { birth: '1965-03', sex: 'female' } });
    expect(again.found).not.toHaveProperty('id');
    const [row] = rowsOf([], [{ number: 1, state: 'waiting', missing: [], command: again }], TODAY);
    expect(row).toBeUndefined();
  });
});

describe('the list', () => {
  it.each([
    ['琼湖街道保民村第3村民小组12号', '3组', '12号'],
    ['3组12号', '3组', '12号'],
    ['十二组5号', '12组', '5号'],
    ['二十组', '20组', ''],
    ['桔园路5号', '未写组别', '桔园路5号'],
  ])('%s', (address, group, house) => {
    expect([groupOf(address), houseOf(address)]).toEqual([group, house]);
  });

  const person = (n: number, more: Partial<Person> = {}): Person => ({
    person: n,
    name: `陈${n}`,
    last4: `001${n}`,
    sex: '男',
    birth: '1970-01-01',
    address: `${n}组${n}号`,
    household: `h${n % 2}`,
    relation: '',
    verdict: '',
    registered: false,
    paid: false,
    items: [{ number: String(n), kind: 'uninsured', title: '应保未保', state: 'verify' }],
    answered: null,
    reason: null,
    rounds: [],
    revisit: null,
    ...more,
  });
  const pack = (people: Person[], rounds: Pack['rounds'] = []): Pack => ({
    village: { code: '430981001001', name: '保民村', path: '' },
    asOf: TODAY,
    madeAt: `${TODAY}T01:00:00Z`,
    today: TODAY,
    rounds,
    keepDays: 14,
    outbox: null,
    people,
  });
  const entry = (n: number, state: Entry['state'], missing: string[] = []): Entry => ({
    number: n,
    state,
    missing,
    command: commandOf(draft({ choice: 'refuses' }), n, new Date(`${TODAY}T02:00:00Z`), [], String(n)),
  });

  it('lays what the phone wrote over what the list said', () => {
    const people = [
      person(1),
      person(2),
      person(3),
      person(4, { items: [] }),
      person(5, { answered: { answer: 'willing', day: TODAY, actor: 'x' } }),
    ];
    const rows = rowsOf([pack(people)], [entry(1, 'waiting', ['缺']), entry(2, 'refused')], TODAY);
    expect(rows.map(({ standing }) => standing)).toEqual(['kept', 'refused', 'todo', 'rest', 'done']);
    expect(rows.map(({ answer }) => answer)).toEqual([
      '不愿意参保',
      '不愿意参保',
      undefined,
      undefined,
      '愿意参保',
    ]);
    expect(progressOf(rows)).toEqual({ asked: 4, answered: 2, incomplete: 2 });
  });

  it('lacks proof only where a reason with its proof would settle what is open', () => {
    const answered = { answer: 'willing', day: TODAY, actor: 'x' };
    const open = (kind: string, state: string) => ({ number: kind, kind, title: '', state });
    const of = (...items: Person['items']) =>
      rowsOf([pack([person(1, { answered, items })])], [], TODAY)[0]?.incomplete;
    // Registered and visited, but unpaid: no paper from the door closes that.
    expect(of(open('unpaid', 'verify'), open('lapsed', 'verify'), open('reaching-60', 'verify'))).toBe(false);
    expect(of(open('uninsured', 'settled'), open('unpaid', 'verify'))).toBe(false);
    expect(of(open('uninsured', 'verify'))).toBe(true);
    expect(of(open('uninsured', 'settled'), open('migrant', 'verify'))).toBe(true);
  });

  const rounds: Pack['rounds'] = [
    {
      round: 3,
      name: '常态化摸底',
      kinds: ['uninsured'],
      from: '2020-08-20',
      due: '2020-09-10',
      quota: 50,
      revisitDays: null,
    },
  ];

  it('asks whom a round lists, counts as the county does, and a refused answer is none', () => {
    const of = (visited: boolean) => ({ items: [], rounds: [{ round: 3, visited }] });
    const earlier = { answer: 'willing', day: '2020-07-01', actor: 'x' };
    const people = [
      person(1, of(false)),
      person(2, { ...of(false), answered: earlier }),
      person(3, { ...of(true), answered: { ...earlier, day: TODAY } }),
      person(4, of(false)),
      person(5, of(false)),
      person(6, { items: [] }),
    ];
    const rows = rowsOf([pack(people, rounds)], [entry(4, 'waiting'), entry(5, 'refused')], TODAY);
    expect(rows.map(({ standing }) => standing)).toEqual(['todo', 'todo', 'done', 'kept', 'refused', 'rest']);
    expect(rows.map(({ asked }) => asked?.words ?? '')).toEqual([
      '本轮：常态化摸底',
      '本轮：常态化摸底',
      '',
      '',
      '本轮：常态化摸底',
      '',
    ]);
    expect(roundCounts(rows, 3)).toEqual({ listed: 5, visited: 2 });
    expect(progressOf(rows)).toMatchObject({ asked: 5, answered: 2 });
  });

  it('turns with the phone’s day, without network: a revisit comes due, a demo county stays in its days', () => {
    const again = person(1, {
      answered: { answer: 'refuses', day: '2019-09-02', actor: 'x' },
      revisit: { why: 'expired', due: '2020-09-02' },
    });
    const one = pack([again]);
    const standing = (at: string) => rowsOf([one], [], dayAt(one, new Date(at)))[0]?.standing;
    expect([standing('2020-09-01T15:59:00Z'), standing('2020-09-01T16:00:00Z')]).toEqual(['done', 'todo']);
    const demo = { ...one, madeAt: '2026-11-27T01:00:00Z' };
    expect(dayAt(demo, new Date('2026-11-28T20:00:00Z'))).toBe('2020-09-02');
    // What was answered yesterday counts on the day it had then.
    const [row] = rowsOf([one], [entry(1, 'done')], '2020-09-02');
    expect([row?.standing, row?.asked]).toEqual(['done', undefined]);
  });

  it.each([
    ['2020-09-10', '9月10日到期，还有 10 天'],
    [TODAY, '8月31日到期，就是今天'],
    ['2020-08-30', '8月30日已到期，超了 1 天'],
    ['2021-01-02', '2021年1月2日到期，还有 124 天'],
  ])('says when %s is', (due, words) => expect(dueWords(due, TODAY)).toBe(words));

  it('opens a list that an earlier version kept', () => {
    const { rounds: _, today: __, ...old } = pack([person(1)]);
    const people = old.people.map(({ rounds: _, revisit: __, reason: ___, ...rest }) => rest);
    const rows = rowsOf([packOf({ ...old, people } as unknown as Pack)], [], TODAY);
    expect(rows.map(({ standing }) => standing)).toEqual(['todo']);
  });

  it('adds attempts up over visits: of the list, of this phone, but not of what came back', () => {
    const reason = { code: 'unreachable', complete: false, attempts: 1, expires: null };
    const told = person(1, { reason, answered: { answer: 'unreachable', day: '2020-08-30', actor: 'x' } });
    const before = (entries: Entry[]) => rowsOf([pack([told])], entries, TODAY)[0]?.judged;
    const door = { at: `${TODAY}T08:00:00Z`, way: '上门', number: '' } as const;
    const unmet = draft({ choice: 'unreachable', attempts: [door] });
    expect(missingOf(unmet, TODAY)).toHaveLength(1);
    expect(missingOf(unmet, TODAY, before([]))).toEqual([]);
    const own = (state: Entry['state']): Entry => ({
      number: 1,
      state,
      missing: [],
      command: commandOf(unmet, 1, new Date(`${TODAY}T02:00:00Z`), [], '1'),
    });
    expect(before([own('waiting')])).toMatchObject({ attempts: 2, complete: true, expires: '2021-08-31' });
    expect(before([own('refused')])).toMatchObject({ attempts: 1, complete: false });
    // Another reason is proved anew.
    expect(missingOf(draft({ choice: 'separated' }), TODAY, before([]))).toHaveLength(1);
  });

  it('groups by group and household in the order of numbers', () => {
    const rows = rowsOf(
      [pack([person(10), person(2), person(1, { address: '2组1号', household: 'h0' })])],
      [],
      TODAY,
    );
    const groups = groupsOf(rows);
    expect(groups.map(({ name, people }) => [name, people])).toEqual([
      ['2组', 2],
      ['10组', 1],
    ]);
    expect(groups[0]?.households).toHaveLength(1);
  });

  it('finds by half a name or the last digits', () => {
    const [row] = rowsOf([pack([person(7, { last4: '123X', name: '欧阳海' })])], [], TODAY);
    if (row === undefined) throw new Error('nobody');
    expect(['阳海', '123x', '3X', ' '].map((asked) => matches(row, asked))).toEqual([true, true, true, true]);
    expect(['123', '陈'].map((asked) => matches(row, asked))).toEqual([false, false]);
  });
});
