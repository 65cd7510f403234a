import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf } from '../../cases/coverage/county.ts';
import { claimsOf, type Spoken } from '../../cases/coverage/journal.ts';
import { addDays, FOREVER } from '../kernel/plain-date.ts';
import { findSource } from '../sources/catalogue.ts';
import type { Adjudication, Claim, Content } from './claim.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { findingKind } from './finding.ts';
import { type DatedSettings, DEFAULT_SETTINGS, datedSettings } from './settings.ts';
import { isRegistered, unpackClass } from './step-class.ts';
import { type PersonSteps, type Step, stepsOf } from './steps.ts';
import { ruleOf } from './verdict.ts';

const DAYS = [
  '2020-08-01',
  '2020-08-20',
  '2020-08-31',
  '2020-09-15',
  '2020-09-30',
  '2020-10-31',
  '2020-12-31',
];
const day = fc.constantFrom(...DAYS);
/** Any day around the deliveries, month precision now and then. */
const stated = fc.oneof(
  fc.integer({ min: -200, max: 500 }).map((n) => addDays('2020-08-01', n)),
  fc.constantFrom('2020-06', '2020-08', '2020-09', '2021-01'),
);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const villages = [undefined, '430981114248', '430981114249', '430981201201', '430981114', '430981106201'];
const name = fc.constantFrom('张三', '张三', '张三', '张 三', '章三');

const ANSWERS: Record<string, readonly [rank: number, column: number] | undefined> = {
  'employee-in-province': [3, 8],
  'public-in-province': [4, 9],
  'employee-elsewhere': [5, 10],
  abroad: [2, 15],
  dead: [1, 16],
  prison: [8, 14],
  military: [9, 13],
  student: [10, 12],
  obligated: [11, 11],
  'elsewhere-insured': [12, 17],
  'empty-household': [12, 17],
  'not-local': [12, 17],
  'data-error': [12, 17],
  other: [12, 17],
  refuses: undefined,
  willing: undefined,
  'claims-registered': undefined,
  alive: undefined,
  migrant: undefined,
  unreachable: undefined,
  unknown: undefined,
};

/** Contents as each list could have them; `dated` also gives event days, which may reach before the list. */
function contents(dated: boolean): Record<string, fc.Arbitrary<Content>> {
  const d = dated ? maybe(stated) : fc.constant(undefined);
  const plain = fc.record({ n: name, d });
  const term = fc.record({ n: name, d, x: d });
  const employment = fc.record({ n: name, e: fc.constantFrom('current', 'lapsed', 'ended'), d } as const);
  return {
    'household-register': fc.record({
      n: name,
      g: fc.constantFrom(...villages),
      st: fc.constantFrom('living', 'living', 'dead', 'moved', 'cancelled'),
    } as const),
    'province-list': fc.record({ n: name, g: fc.constantFrom(...villages) }),
    'residents-scheme': fc.record({
      n: name,
      g: fc.constantFrom(...villages),
      s: fc.constantFrom('paying', 'paused', 'drawing', 'drawing-paused', 'ended', 'unknown'),
      d,
    } as const),
    'insurance-compare': fc.record({
      n: name,
      f: fc.array(
        fc.record({
          k: fc.constantFrom('enterprise', 'public', 'residents', 'unknown'),
          w: fc.constantFrom('here', 'province', 'elsewhere', 'unknown'),
          e: fc.constantFrom('current', 'lapsed', 'ended'),
          d,
          pv: maybe(fc.constantFrom('44', '33')),
        } as const),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    'employees-in-province': employment,
    'public-sector-in-province': employment,
    'employees-elsewhere': employment,
    'employees-obligated': plain,
    students: fc.record({ n: name, x: d }),
    military: term,
    prisoners: term,
    abroad: plain,
    deaths: plain,
    'low-income': plain,
    'survey-workbook': fc.record({
      n: name,
      w: maybe(fc.constantFrom(...Object.keys(ANSWERS))),
      i: maybe(fc.constantFrom('yes', 'no')),
      g: fc.constantFrom(...villages.filter((v) => v === undefined || v.length === 12)),
      d,
    } as const),
  };
}

function spoken(dated: boolean, sources?: readonly string[]): fc.Arbitrary<Spoken[]> {
  const all = contents(dated);
  const one = fc.constantFrom(...(sources ?? Object.keys(all))).chain((source) =>
    fc.record({
      source: fc.constant(source),
      asOf: day,
      mode: fc.constantFrom('full', 'full', 'delta'),
      sender: fc.constantFrom('甲', '甲', '乙'),
      region: fc.constantFrom('430981', '430981', '430981114', '430981106'),
      rows: fc.oneof(
        {
          weight: 4,
          arbitrary: (all[source] as fc.Arbitrary<Content>).map((content) => [
            { slot: '', content: bare(content) },
          ]),
        },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
    } as const),
  );
  return fc.array(one, { minLength: 1, maxLength: 9 });
}

/** As read from the store: no key without a value. */
function bare(content: Content): Content {
  return JSON.parse(JSON.stringify(content)) as Content;
}

const payments: fc.Arbitrary<Spoken> = fc.record({
  source: fc.constant('residents-payments'),
  asOf: day,
  mode: fc.constantFrom('delta', 'delta', 'full'),
  sender: fc.constant('税务'),
  rows: fc
    .array(
      fc.tuple(
        fc.constantFrom('2020', '2021'),
        fc.array(
          fc.tuple(
            fc.constantFrom(10_000, 20_000, -10_000),
            fc.oneof(stated, fc.constant('')),
            fc.constant(''),
            fc.constantFrom('', '', 'A1', 'A2'),
          ),
          { minLength: 1, maxLength: 3 },
        ),
      ),
      { maxLength: 2 },
    )
    .map((years) => [...new Map(years)].map(([slot, p]) => ({ slot, content: { p } as Content }))),
} as const);

const births = fc.constantFrom(
  '1940-05-10',
  '1960-09-20',
  '1985-01-31',
  '1995-10-10',
  '2000-02-29',
  '2004-09-15',
  '2010-01-01',
);

const adjudications: fc.Arbitrary<Adjudication[]> = fc
  .array(
    fc.record({
      column: maybe(fc.integer({ min: 7, max: 17 })),
      region: maybe(fc.constantFrom('430981114249', '430981106201')),
      from: day,
      to: fc.oneof(day, fc.constant(FOREVER)),
    }),
    { maxLength: 2 },
  )
  .map((list) => list.map((a, i) => ({ ...a, id: i + 1, reason: '' })));

const settings = fc
  .record({
    lapsed: fc.array(fc.record({ from: day, value: fc.boolean() }), { maxLength: 2 }),
    age: fc.array(fc.record({ from: day, value: fc.constantFrom(16, 18) }), { maxLength: 1 }),
    cut: fc.array(fc.record({ from: day, value: fc.constantFrom('birthday', 'year') }), { maxLength: 1 }),
  })
  .map(({ lapsed, age, cut }) => {
    const by = <T extends { from: string }>(list: T[]) =>
      list.map((change) => ({ ...change, document: '文' }));
    const dated = datedSettings({
      'coverage.lapsed-counts': by(lapsed),
      'coverage.scope-age': by(age),
      'coverage.scope-cut': by(cut),
    });
    if (!dated.ok) throw new Error(dated.problem.message);
    return dated.value;
  });

interface Life {
  readonly birth: string;
  readonly said: Spoken[];
  readonly claims: Claim[];
  readonly adjudications: Adjudication[];
  readonly settings: DatedSettings;
  /** As-of day of the county's first payments list. */
  readonly paymentsFrom: string | undefined;
}

const lives: fc.Arbitrary<Life> = fc
  .record({
    birth: births,
    said: fc.tuple(spoken(true), fc.array(payments, { maxLength: 2 })).map(([a, b]) => [...a, ...b]),
    adjudications,
    settings: fc.oneof(fc.constant(DEFAULT_SETTINGS), settings),
    paymentsFrom: maybe(day),
  })
  .map((life) => ({ ...life, claims: claimsOf(life.said) }));

function run(life: Life, claims = life.claims): PersonSteps {
  return stepsOf(
    { birth: life.birth, claims, adjudications: life.adjudications },
    contextOf(life.settings, life.paymentsFrom),
  );
}

function stepOn(steps: readonly Step[], on: string): Step | undefined {
  return steps.find((s) => s.from <= on && on < s.to);
}

const RUNS = { numRuns: 150 };
const EVERY_DAY = Array.from({ length: 150 }, (_, i) => addDays('2020-07-28', i * 3));

describe('steps of a person', () => {
  it('do not depend on the order in which claims are given', () => {
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat()), (life, noise) => {
        const shuffled = life.claims.map((claim) => ({ claim, key: noise.next().value as number }));
        shuffled.sort((a, b) => a.key - b.key);
        const again = run(
          life,
          shuffled.map(({ claim }) => claim),
        );
        const first = run(life);
        expect(again.steps).toEqual(first.steps);
        expect(again.findings).toEqual(first.findings);
      }),
      RUNS,
    );
  });

  it('follow each other without gap or overlap, from the first delivery for ever, and each differs from the last', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { steps } = run(life);
        if (life.claims.length === 0) {
          expect(steps).toEqual([]);
          return;
        }
        const first = life.claims.map((claim) => claim.since.asOf).sort()[0];
        expect(steps[0]?.from).toBe(first);
        expect(steps.at(-1)?.to).toBe(FOREVER);
        steps.forEach((step, i) => {
          expect(step.from < step.to).toBe(true);
          expect(step.from <= '2021-12-31').toBe(true);
          const next = steps[i + 1];
          if (next === undefined) return;
          expect(next.from).toBe(step.to);
          expect({ ...next, from: '', to: '' }).not.toEqual({ ...step, from: '', to: '' });
        });
      }),
      RUNS,
    );
  });

  it('say exactly one column of 7 to 17, with a rank that gives that column, in a region of the county', () => {
    fc.assert(
      fc.property(lives, (life) => {
        for (const step of run(life).steps) {
          const facts = unpackClass(step.code);
          expect(facts.column).toBeGreaterThanOrEqual(7);
          expect(facts.column).toBeLessThanOrEqual(17);
          expect(ruleOf(facts.rank).rank).toBe(facts.rank);
          expect(step.region.startsWith('430981')).toBe(true);
          if (facts.rank === 6) expect(facts.registered).toBe(true);
          if (facts.rank === 14) expect(facts.registered).toBe(false);
        }
      }),
      RUNS,
    );
  });

  it('agree on every day with the rules read one by one off the evidence of that day', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { steps } = run(life);
        const evidence = evidenceOf(life.claims, (source) => findSource(source)?.absence ?? 'ended');
        for (const on of EVERY_DAY) {
          const step = stepOn(steps, on);
          if (step === undefined) continue;
          const { rank, column, willing } = unpackClass(step.code);
          expect({ on, rank, column, willing }).toEqual({ on, ...oracle(life, evidence, on) });
        }
      }),
      RUNS,
    );
  });

  it('open an item 应保未保 on exactly the days on which 附件5 counts the person in its column 7', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { steps, items } = run(life);
        for (const on of EVERY_DAY) {
          const step = stepOn(steps, on);
          const facts = step === undefined ? undefined : unpackClass(step.code);
          const open = items.filter(
            (i) => i.kind === 'uninsured' && i.state !== 'closed' && i.from <= on && on < i.to,
          );
          const counted = facts?.inRegister && facts.column === 7 && !facts.registered;
          expect([on, open.length, open[0]?.region]).toEqual(
            counted ? [on, 1, step?.region] : [on, 0, undefined],
          );
        }
        for (const item of items) {
          expect(item.from < item.to).toBe(true);
          const twin = items.filter((i) => i.kind === item.kind && i.subject === item.subject);
          expect(twin.filter((i) => i.from <= item.from && item.from < i.to)).toEqual([item]);
        }
      }),
      RUNS,
    );
  });

  it('of lists without event days are on each day what the lists of that day and before say, and so are the findings', () => {
    const sources = Object.keys(contents(false)).filter((code) => findSource(code)?.absence !== 'was-wrong');
    fc.assert(
      fc.property(spoken(false, sources), births, (said, birth) => {
        const life = {
          birth,
          said,
          claims: claimsOf(said),
          adjudications: [],
          settings: DEFAULT_SETTINGS,
          paymentsFrom: '2020-09-01',
        };
        const whole = run(life);
        for (const on of DAYS) {
          const known = run(
            life,
            claimsOf(said.map((s) => (s.asOf <= on ? s : { ...s, mode: 'delta', rows: [] }))),
          );
          expect(tell(whole, on), on).toEqual(tell(known, on));
        }
      }),
      RUNS,
    );
  });

  it('of one list without event days name a person from each full list that does to the next that does not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ asOf: day, named: fc.boolean() }), { minLength: 1, maxLength: 6 }),
        (lists) => {
          const said = lists.map(({ asOf, named }): Spoken => {
            const rows = named ? [{ slot: '', content: { n: '张三' } }] : [];
            return { source: 'students', asOf, mode: 'full', rows };
          });
          const register: Spoken = {
            source: 'household-register',
            asOf: DAYS[0] as string,
            mode: 'full',
            rows: [{ slot: '', content: { n: '张三', st: 'living' } }],
          };
          const { steps } = stepsOf(
            { birth: '2001-01-01', claims: claimsOf([register, ...said]), adjudications: [] },
            contextOf(),
          );
          for (const on of EVERY_DAY.filter((d) => d >= (DAYS[0] as string))) {
            const latest = lists
              .filter((list) => list.asOf <= on)
              .reduce<(typeof lists)[number] | undefined>(
                (best, list) => (best === undefined || list.asOf >= best.asOf ? list : best),
                undefined,
              );
            expect(unpackClass((stepOn(steps, on) as Step).code).column, on).toBe(latest?.named ? 12 : 7);
          }
        },
      ),
      RUNS,
    );
  });

  it('count as paid the days on which the dated rows of the year add up to more than nothing', () => {
    fc.assert(
      fc.property(fc.array(payments, { minLength: 1, maxLength: 3 }), (lists) => {
        const said = lists.map((list) => ({ ...list, mode: 'delta' as const }));
        const { steps } = stepsOf(
          { birth: '1985-01-01', claims: claimsOf(said), adjudications: [] },
          contextOf(),
        );
        const received = said
          .map((list, id) => ({ list, id }))
          .sort((a, b) => (a.list.asOf < b.list.asOf ? -1 : a.list.asOf > b.list.asOf ? 1 : a.id - b.id));
        for (const on of EVERY_DAY) {
          const step = stepOn(steps, on);
          if (step === undefined) continue;
          let net = 0;
          let before = 0;
          const lastYear = String(Number(on.slice(0, 4)) - 1);
          const seen = new Set<string>();
          for (const { list } of received) {
            for (const { slot, content } of list.rows) {
              for (const [fen, date, , voucher] of content.p ?? []) {
                const key = `${slot} ${fen < 0} ${voucher}`;
                if (voucher !== '' && seen.has(key)) continue;
                seen.add(key);
                const from = date === '' ? list.asOf : date.length === 7 ? `${date}-01` : date;
                if (slot === on.slice(0, 4) && from <= on) net += fen;
                if (slot === lastYear && from <= `${lastYear}-12-31`) before += fen;
              }
            }
          }
          const { paid, paidLastYear } = unpackClass(step.code);
          expect({ on, paid, paidLastYear }).toEqual({ on, paid: net > 0, paidLastYear: before > 0 });
        }
      }),
      RUNS,
    );
  });

  it('turn on the day a setting changes, whatever else happens', () => {
    fc.assert(
      fc.property(day, fc.boolean(), (from, value) => {
        const dated = datedSettings({ 'coverage.lapsed-counts': [{ from, value, document: '文' }] });
        if (!dated.ok) throw new Error(dated.problem.message);
        const claims = claimsOf([
          {
            source: 'employees-in-province',
            asOf: '2020-07-01',
            mode: 'full',
            rows: [{ slot: '', content: { e: 'lapsed' } }],
          },
        ]);
        const { steps } = stepsOf({ birth: '1985-01-01', claims, adjudications: [] }, contextOf(dated.value));
        const rankOn = (on: string) => unpackClass((stepOn(steps, on) as Step).code).rank;
        expect(rankOn(addDays(from, -1))).toBe(7);
        expect(rankOn(from)).toBe(value ? 7 : 14);
      }),
    );
  });

  it('open no finding that is not known, and close each before it opens again', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { findings } = run(life);
        const last = new Map<string, string>();
        for (const { kind, from, to } of findings) {
          expect(findingKind(kind).label).not.toBe('');
          expect(from < to).toBe(true);
          expect(from >= (last.get(kind) ?? '')).toBe(true);
          if (kind === 'never-paid') expect(from >= (life.paymentsFrom ?? FOREVER)).toBe(true);
          last.set(kind, to);
        }
      }),
      RUNS,
    );
  });
});

function tell({ steps, findings }: PersonSteps, on: string) {
  const step = stepOn(steps, on);
  return step === undefined
    ? undefined
    : {
        facts: unpackClass(step.code),
        region: step.region,
        findings: findings
          .filter((f) => f.from <= on && on < f.to)
          .map((f) => f.kind)
          .sort(),
      };
}

/** Slow and plain: every rule asked in turn, nothing prepared. */
function oracle(life: Life, evidence: readonly Evidence[], on: string) {
  const valid = evidence.filter((e) => e.from <= on && on < e.to);
  const has = (...facts: string[]) => valid.some((e) => facts.includes(e.fact));
  const setting = life.settings.filter((s) => s.from <= on).at(-1) ?? life.settings[0];
  const answers = evidence
    .filter((e) => e.fact === 'survey' && e.from <= on)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.claim.since.id - b.claim.since.id))
    .map((e) => e.claim.content);
  const said = answers.filter(
    ({ w, i }) => i !== undefined || (w !== undefined && w !== 'unknown' && w !== 'unreachable'),
  );
  const fact = ANSWERS[said.at(-1)?.w ?? ''];
  const will = answers
    .map(({ w, i }) => i ?? (w === 'refuses' ? 'no' : w === 'willing' ? 'yes' : undefined))
    .filter((w) => w !== undefined)
    .at(-1);
  const willing = will ?? 'unknown';
  const decided = life.adjudications
    .filter((a) => a.column !== undefined && a.from <= on && on < a.to)
    .at(-1);
  if (decided !== undefined) return { rank: 0, column: decided.column, willing };

  const registered = valid.some((e) => e.fact === 'scheme' && isRegistered(e.claim.content.s ?? 'none'));
  const official: [number, number, boolean][] = [
    [1, 16, has('death', 'register-dead')],
    [2, 15, has('abroad')],
    [3, 8, has('employee-current')],
    [4, 9, has('public-current')],
    [5, 10, has('elsewhere-current')],
    [6, 7, registered],
    [7, 8, setting?.settings.lapsedCounts === true && has('employee-lapsed')],
    [7, 9, setting?.settings.lapsedCounts === true && has('public-lapsed')],
    [7, 10, setting?.settings.lapsedCounts === true && has('elsewhere-lapsed')],
    [8, 14, has('prison')],
    [9, 13, has('military')],
    [10, 12, has('student')],
    [11, 11, has('obligated')],
  ];
  const first = official.find(([, , holds]) => holds);
  if (first !== undefined) return { rank: first[0], column: first[1], willing };
  if (fact !== undefined) return { rank: fact[0], column: fact[1], willing };
  const living = valid.some((e) => e.fact === 'in-register' && e.claim.content.st === 'living');
  if (has('residents-elsewhere') || (has('register-gone') && !living))
    return { rank: 12, column: 17, willing };

  const { scopeAge, scopeCut } = (setting as DatedSettings[number]).settings;
  const [year, month, dayOfMonth] = life.birth.split('-').map(Number) as [number, number, number];
  const age16 = new Date(Date.UTC(year + scopeAge, month - 1, dayOfMonth)).toISOString().slice(0, 10);
  const inScope = scopeCut === 'year' ? Number(on.slice(0, 4)) >= year + scopeAge : on >= age16;
  return inScope ? { rank: 14, column: 7, willing } : { rank: 13, column: 17, willing };
}
