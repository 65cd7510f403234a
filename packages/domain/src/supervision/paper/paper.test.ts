import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReference } from '../../indicators/reference.ts';
import { compose, differences, type PaperInputs } from './compose.ts';
import { type DayFigures, foundAt, type PaperFigures, printed } from './figures.ts';
import { numbersOf, PAPER_KINDS, type Paper, runsOf } from './paper.ts';
import { readLine } from './placeholder.ts';
import { shippedTemplate } from './shipped.ts';
import { checkTemplate, needsOf, type PaperTemplate, parseCondition } from './template.ts';
import { dayOf, officesBelow, townOffice, unitsWord, weekEnds, wholeWord } from './words.ts';

const COUNTY = { code: '430981', name: '沅江市' };
const DAY = '2020-08-31';
const WEEK_AGO = '2020-08-24';
const NAMES = ['草尾镇', '茶盘洲镇', '共华镇', '黄茅洲镇', '南嘴镇', '琼湖街道', '四季红镇', '漉湖芦苇场'];

/** Places that have so many registered of so many in scope. */
function dayOfPlaces(registered: readonly number[], inScope: readonly number[]): DayFigures {
  const places = registered.map((n, i) => ({
    code: `430981${100 + i}`,
    name: NAMES[i] as string,
    counts: {
      'in-scope': inScope[i] as number,
      registered: n,
      'not-registered': (inScope[i] as number) - n,
      'task-verify': 100,
      verified: n,
    },
  }));
  const sum = (code: keyof (typeof places)[number]['counts']): number =>
    places.reduce((all, place) => all + place.counts[code], 0);
  const whole = {
    'in-scope': sum('in-scope'),
    registered: sum('registered'),
    'not-registered': sum('not-registered'),
    'task-verify': sum('task-verify'),
    verified: sum('verified'),
  };
  return { whole, places };
}

const hundred = (n: number): number[] => Array.from({ length: n }, () => 100);

function figuresOf(now: DayFigures, before?: DayFigures): PaperFigures {
  return {
    region: COUNTY,
    county: COUNTY,
    day: DAY,
    days: before === undefined ? { [DAY]: now } : { [DAY]: now, [WEEK_AGO]: before },
    courses: {
      verify: {
        from: '2020-08-01',
        due: '2020-10-31',
        milestones: [
          { day: '2020-08-31', percent: 50 },
          { day: '2020-10-31', percent: 100 },
        ],
      },
    },
  };
}

function paperOf(figures: PaperFigures, text: string, when = ''): Paper {
  const template: PaperTemplate = {
    ...shippedTemplate('weekly'),
    sections: [{ heading: '', when, text, show: [] }],
  };
  return compose({ template, figures, remarks: [], maker: 'county', dated: DAY });
}

function sentence(figures: PaperFigures, text: string, when = ''): string {
  return runsOf(paperOf(figures, text, when))
    .map((run) => run.text)
    .join('');
}

const rates = (registered: readonly number[], before?: readonly number[]): PaperFigures =>
  figuresOf(
    dayOfPlaces(registered, hundred(registered.length)),
    before && dayOfPlaces(before, hundred(before.length)),
  );

describe('sentences in the manner of an office', () => {
  const MOVED = '覆盖率{coverage-rate}[，较上周{change:coverage-rate@last-week}]。';
  it.each([
    ['rises', rates([90, 80], [80, 80]), '覆盖率85.00%，较上周提高5.00个百分点。'],
    ['falls', rates([80, 80], [90, 80]), '覆盖率80.00%，较上周下降5.00个百分点。'],
    ['stays', rates([80, 80], [90, 70]), '覆盖率80.00%，较上周持平。'],
    ['has no week before', rates([80, 80]), '覆盖率80.00%。'],
    ['has nobody', figuresOf(dayOfPlaces([0], [0]), dayOfPlaces([0], [0])), '覆盖率—。'],
  ])('when the rate %s', (_, figures, expected) => expect(sentence(figures, MOVED)).toBe(expected));

  it('compares what a reader sees: two printed rates and their printed difference agree', () => {
    const figures = figuresOf(dayOfPlaces([66_666], [100_000]), dayOfPlaces([66_664], [100_000]));
    expect(
      sentence(figures, '{coverage-rate}，{coverage-rate@last-week}，{change:coverage-rate@last-week}'),
    ).toBe('66.67%，66.66%，提高0.01个百分点');
    const same = figuresOf(dayOfPlaces([66_666], [100_000]), dayOfPlaces([66_667], [100_000]));
    expect(sentence(same, '{change:coverage-rate@last-week}')).toBe('持平');
  });

  it('counts people as 增加 and 减少', () => {
    const text = '[较上周{change:registered@last-week}]';
    expect(sentence(rates([90], [78]), text)).toBe('较上周增加12人');
    expect(sentence(rates([78], [90]), text)).toBe('较上周减少12人');
    expect(sentence(rates([78], [78]), text)).toBe('较上周持平');
  });

  const RANKED = '[{ranking:coverage-rate}。]';
  it.each([
    [
      'three at either end',
      [97, 96, 95, 94, 93, 92, 91],
      '排名前三位的是草尾镇（97.00%）、茶盘洲镇（96.00%）、共华镇（95.00%）；排名后三位的是南嘴镇（93.00%）、琼湖街道（92.00%）、四季红镇（91.00%）。',
    ],
    [
      'two who share a place',
      [97, 96, 96, 94, 93, 92, 91],
      '排名前三位的是草尾镇（97.00%）、茶盘洲镇、共华镇（并列，96.00%）；排名后三位的是南嘴镇（93.00%）、琼湖街道（92.00%）、四季红镇（91.00%）。',
    ],
    [
      'a tie across the third place: no further than the whole group',
      [97, 96, 95, 95, 93, 92, 91],
      '排名前二位的是草尾镇（97.00%）、茶盘洲镇（96.00%）；排名后三位的是南嘴镇（93.00%）、琼湖街道（92.00%）、四季红镇（91.00%）。',
    ],
    ['few', [97, 96, 95], '排名第一位的是草尾镇（97.00%）；排名末位的是共华镇（95.00%）。'],
    ['two', [90, 95], '排名第一位的是茶盘洲镇（95.00%）；排名末位的是草尾镇（90.00%）。'],
    ['one alone: no ranking', [97], ''],
    ['all equal', [100, 100, 100], '各镇持平，均为100.00%。'],
    [
      'most at 100',
      [100, 100, 100, 100, 90],
      '草尾镇、茶盘洲镇、共华镇、黄茅洲镇并列第一，均为100.00%；排名末位的是南嘴镇（90.00%）。',
    ],
    [
      'most at the foot',
      [99, 90, 90, 90],
      '排名第一位的是草尾镇（99.00%）；茶盘洲镇、共华镇、黄茅洲镇并列末位，均为90.00%。',
    ],
  ])('ranks %s', (_, registered, expected) => expect(sentence(rates(registered), RANKED)).toBe(expected));

  it('leaves whoever has nobody in scope out of the ranking', () => {
    const figures = figuresOf(dayOfPlaces([90, 0, 80], [100, 0, 100]));
    expect(sentence(figures, RANKED)).toBe('排名第一位的是草尾镇（90.00%）；排名末位的是共华镇（80.00%）。');
  });

  it('ranks an indicator of which less is better from below', () => {
    expect(sentence(rates([90, 70]), '[{ranking:not-registered}]')).toBe(
      '排名第一位的是草尾镇（10）；排名末位的是茶盘洲镇（30）',
    );
  });

  it('measures against the time gone: 50 % by the end of August', () => {
    const text = '{pace:verify-task-rate}，{gap:verify-task-rate}[；{behind:verify-task-rate}]';
    expect(sentence(rates([40, 45, 80, 55]), text)).toBe(
      '50.00%，超前于时间进度5.00个百分点；草尾镇（滞后10.00个百分点）、茶盘洲镇（滞后5.00个百分点）',
    );
    expect(sentence(rates([40]), text)).toBe(
      '50.00%，滞后于时间进度10.00个百分点；草尾镇（滞后10.00个百分点）',
    );
    expect(sentence(rates([50]), text)).toBe('50.00%，与时间进度持平');
    const none = { ...rates([50]), courses: {} };
    expect(sentence(none, '完成{verify-task-rate}[，{gap:verify-task-rate}]。')).toBe('完成50.00%。');
  });

  it('names who fell, who arrived and who did not', () => {
    const figures = rates([90, 100, 70], [91, 99, 75]);
    expect(sentence(figures, '[下降的有{falls:coverage-rate@last-week}]')).toBe(
      '下降的有共华镇（下降5.00个百分点）、草尾镇（下降1.00个百分点）',
    );
    expect(sentence(figures, '[{reached:coverage-rate}]；[{missed:coverage-rate}]')).toBe(
      '茶盘洲镇（100.00%）；共华镇（70.00%）、草尾镇（90.00%）',
    );
    expect(sentence(rates([90], [80]), '[下降的有{falls:coverage-rate@last-week}]')).toBe('');
  });

  it('keeps to conditions, and takes an unknown figure as not met', () => {
    expect(sentence(rates([40]), '要赶上', 'gap:verify-task-rate < 0')).toBe('要赶上');
    expect(sentence(rates([60]), '要赶上', 'gap:verify-task-rate < 0')).toBe('');
    expect(sentence({ ...rates([40]), courses: {} }, '要赶上', 'gap:verify-task-rate < 0')).toBe('');
    expect(sentence(rates([94]), '重点', 'coverage-rate < 95%')).toBe('重点');
    expect(parseCondition('coverage-rate 95%')).toBeUndefined();
    expect(parseCondition('ranking:coverage-rate < 1')).toBeUndefined();
  });
});

describe('words for places and days', () => {
  const places = (names: readonly string[]) => names.map((name, i) => ({ code: `430981${100 + i}`, name }));
  it('addresses what there is', () => {
    expect(unitsWord(COUNTY, places(NAMES))).toBe('各镇（场、街道）');
    expect(officesBelow(COUNTY, places(NAMES))).toBe('各镇人民政府、街道办事处、芦苇场');
    const centre = '漉湖湿地保护与发展事务中心';
    expect(unitsWord(COUNTY, places(['草尾镇', '琼湖街道', centre]))).toBe('各镇（中心、街道）');
    expect(officesBelow(COUNTY, places(['草尾镇', '琼湖街道', centre]))).toBe(
      `各镇人民政府、街道办事处、${centre}`,
    );
    expect(unitsWord(COUNTY, places(['全州镇', '白宝乡']))).toBe('各乡镇');
    expect(officesBelow(COUNTY, places(['全州镇', '白宝乡']))).toBe('各乡镇人民政府');
    expect(officesBelow({ code: '430981100', name: '草尾镇' }, [])).toBe('各村（居）民委员会');
    expect(['沅江市', '全州县'].map((name) => wholeWord({ code: '430981', name }))).toEqual(['市', '县']);
    expect(wholeWord({ code: '430981113', name: '漉湖芦苇场' })).toBe('场');
    expect(['草尾镇', '琼湖街道', '漉湖芦苇场'].map(townOffice)).toEqual([
      '草尾镇人民政府',
      '琼湖街道办事处',
      '漉湖芦苇场',
    ]);
  });
  it('counts a week as seven days, a month and a quarter from their last day before', () => {
    expect(dayOf('last-week', '2020-09-03')).toBe('2020-08-27');
    expect(dayOf('last-month', '2020-08-31')).toBe('2020-07-31');
    expect(dayOf('last-quarter', '2020-08-31')).toBe('2020-06-30');
    expect(dayOf('last-quarter', '2021-02-01')).toBe('2020-12-31');
    expect(weekEnds('2020-08-31', 3)).toEqual(['2020-08-17', '2020-08-24', '2020-08-31']);
  });
});

describe('templates', () => {
  it.each(PAPER_KINDS)('%s, as shipped, has nothing that cannot be printed', (kind) => {
    expect(checkTemplate(shippedTemplate(kind))).toEqual([]);
    expect(needsOf(shippedTemplate(kind)).counts).toContain('registered');
  });

  it.each([
    ['{nothing}', '没有名为“nothing”的指标'],
    ['{gap:registered}', '只用于比率'],
    ['{change:paid}', '要写明同哪一天比'],
    ['{paid@someday}', '既不是日期写法'],
    ['{best:paid}', '不是已有的写法'],
    ['[较上周', '少了一个“]”'],
    ['好]', '多了一个“]”'],
    ['[a[b]]', '方括号不能套方括号'],
    ['{paid', '不成对'],
  ])('say what is wrong with %s', (line, words) => {
    expect(readLine(line).problems.join()).toContain(words);
    const template = {
      ...shippedTemplate('weekly'),
      sections: [{ heading: '', when: 'x', text: line, show: ['x'] }],
    };
    expect(checkTemplate(template).length).toBeGreaterThanOrEqual(3);
  });

  it('count the placeholders in added words', () => {
    expect(needsOf(shippedTemplate('weekly'), ['被征地农民{land-insured@last-quarter}人'])).toMatchObject({
      counts: expect.arrayContaining(['land-insured']),
      days: expect.arrayContaining(['last-quarter']),
    });
  });
});

describe('a paper', () => {
  const inputs = (figures: PaperFigures): PaperInputs => ({
    template: shippedTemplate('monthly'),
    figures,
    remarks: [{ section: 1, text: '下周召开调度会，覆盖率{coverage-rate}。', by: '县经办' }],
    serial: 3,
    maker: 'county',
    dated: '2020-09-01',
  });
  const monthly = compose(inputs(rates([97, 96, 95, 94, 93, 92, 91, 90], [96, 96, 95, 94, 93, 92, 91, 90])));

  it('has head, number, sections numbered in order, signers and day', () => {
    expect(monthly).toMatchObject({
      redHead: '沅江市人力资源和社会保障局文件',
      number: '全覆盖通报〔2020〕3号',
      title: '关于8月份沅江市城乡居民基本养老保险全覆盖专项行动进展情况的通报',
      to: '各镇人民政府、街道办事处、芦苇场',
      offices: ['沅江市人力资源和社会保障局', '国家税务总局沅江市税务局'],
      dated: '2020年9月1日',
    });
    const headings = monthly.blocks.flatMap((b) => (b.type === 'heading' ? [b.text] : []));
    expect(headings[0]).toBe('一、总体情况');
    expect(headings.map((h) => h[0])).toEqual(['一', '二', '三', '四', '五'].slice(0, headings.length));
    expect(monthly.blocks.map(({ type }) => type)).toEqual(expect.arrayContaining(['table', 'form', 'bars']));
  });

  it('of a week draws two charts: the places beside each other, and the weeks', () => {
    const weekly = compose({
      template: shippedTemplate('weekly'),
      figures: rates([97, 96, 95], [96, 96, 95]),
      remarks: [],
      maker: 'county',
      dated: DAY,
    });
    const charts = weekly.blocks.flatMap((block) => (block.type === 'bars' ? [block.bars.length] : []));
    expect(charts).toHaveLength(2);
  });

  it('marks what a person added', () => {
    const added = monthly.blocks.filter((b) => b.type === 'paragraph' && b.by !== undefined);
    expect(added).toHaveLength(1);
    expect(added[0]).toMatchObject({
      by: '县经办',
      runs: expect.arrayContaining([{ text: '93.50%', reference: `coverage-rate@430981@${DAY}` }]),
    });
  });

  it('asks nobody to look for people who are not there', () => {
    const words = (registered: number): string =>
      runsOf(
        compose({
          template: shippedTemplate('weekly'),
          figures: rates([registered]),
          remarks: [],
          maker: 'county',
          dated: DAY,
        }),
      )
        .map((run) => run.text)
        .join('');
    expect(words(99)).toContain('盯紧未参保登记的1人');
    expect(words(100)).not.toContain('盯紧');
    expect(words(100)).toContain('巩固全覆盖成果');
  });

  it('is the same again from inputs that were written down and read', () => {
    const given = inputs(rates([90, 80], [80, 80]));
    expect(compose(JSON.parse(JSON.stringify(given)))).toEqual(compose(given));
  });

  it('shows which numbers later knowledge prints otherwise, with both', () => {
    const issued = rates([90, 80], [80, 80]);
    const now = rates([90, 80], [95, 80]);
    const paper = paperOf(issued, '{coverage-rate}，{change:coverage-rate@last-week}');
    expect(differences(paper, issued, issued)).toEqual([]);
    expect(differences(paper, issued, now)).toEqual([
      { reference: `change:coverage-rate@430981@${WEEK_AGO}..${DAY}`, issued: '+5.00', now: '-2.50' },
    ]);
  });

  it('is read by a town as one of its own', () => {
    const region = { code: '430981100', name: '草尾镇' };
    const figures = { ...rates([90, 80]), region };
    expect(compose({ ...inputs(figures), maker: 'county' })).toMatchObject({
      offices: ['沅江市人力资源和社会保障局', '国家税务总局沅江市税务局'],
      to: '草尾镇人民政府',
    });
    const town = compose({ ...inputs(figures), maker: 'town' });
    expect(town).toMatchObject({
      redHead: '',
      offices: ['草尾镇人民政府'],
      to: '各村（居）民委员会',
      cc: '',
    });
  });

  it('prints no figure without a reference that gives it again, whatever the counts', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(counts, fc.option(counts), fc.constantFrom(...PAPER_KINDS), (now, before, kind) => {
        const figures = rates(now, before ?? undefined);
        const paper = compose({
          template: shippedTemplate(kind),
          figures,
          remarks: [],
          maker: 'county',
          dated: DAY,
        });
        for (const { text, reference } of numbersOf(paper)) {
          const parsed = parseReference(reference);
          expect(parsed).toBeDefined();
          const found = foundAt(figures, parsed!);
          expect([printed(parsed!, found), printed(parsed!, found, true)]).toContain(text);
        }
        for (const run of runsOf(paper)) {
          if (run.reference !== undefined) continue;
          const words = run.text.replace(/\d{4}年|\d+月(\d+日)?|100%|95%|430981/g, '');
          expect(words).not.toMatch(/\d/);
          expect(words).not.toMatch(/undefined|NaN|，，|，。|。。|、。/);
        }
      }),
      { numRuns: 60 },
    );
  });
});
