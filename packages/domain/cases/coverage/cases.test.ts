import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Adjudication } from '../../src/coverage/claim.ts';
import { type ContentContext, contentOf, mergeContents, slotOf } from '../../src/coverage/content.ts';
import { FINDINGS, findingKind } from '../../src/coverage/finding.ts';
import { datedSettings } from '../../src/coverage/settings.ts';
import { unpackClass } from '../../src/coverage/step-class.ts';
import { stepsOf } from '../../src/coverage/steps.ts';
import { columnWords } from '../../src/coverage/words.ts';
import { parseYuan } from '../../src/kernel/money.ts';
import { parseStatedDate } from '../../src/kernel/plain-date.ts';
import { SHIPPED_SOURCES, type SourceDefinition } from '../../src/sources/catalogue.ts';
import { normaliseHeader } from '../../src/sources/header.ts';
import { contextOf, DIVISIONS } from './county.ts';
import { claimsOf, type Spoken } from './journal.ts';

type Row = Record<string, string | number>;

/** A situation as officials write it; keys are the words of the forms. */
interface Situation {
  情形: string;
  出生: string;
  设置?: Record<string, unknown>;
  /** 缺省为此人自己最早一份缴费名单的日子。 */
  全县首份缴费名单?: string;
  名单: {
    名单: string;
    日: string;
    方式?: '全量' | '增量';
    单位?: string;
    区域?: string;
    年度?: number[];
    内容?: Row | Row[];
  }[];
  裁定?: { 起: string; 止?: string; 栏?: number; 村?: string }[];
  结论: {
    日: string;
    栏: number;
    级: number;
    文字?: string;
    登记?: '是' | '否';
    已缴费?: '是' | '否';
    愿意?: '是' | '否' | '未知';
    村?: string;
    组?: number;
    标签?: string[];
    在册?: '是' | '否';
    矛盾?: string[];
    待核?: string[];
    提示?: string[];
  }[];
}

const here = new URL('.', import.meta.url);
const files = readdirSync(here).filter((name) => name.endsWith('.yaml'));
const situations = files.map((file) => ({
  file,
  all: parse(readFileSync(new URL(file, here), 'utf8')) as Situation[],
}));

function sourceNamed(title: string): SourceDefinition {
  const found = SHIPPED_SOURCES.find((source) => source.title === title);
  if (found === undefined) throw new Error(`no list is called ${title}`);
  return found;
}

/** A row under its printed headers, read as the importer hands it on. */
function valuesOf(source: SourceDefinition, row: Row): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [header, cell] of Object.entries(row)) {
    const wanted = normaliseHeader(header);
    const column = source.columns.find((c) => [c.title, ...c.aliases].map(normaliseHeader).includes(wanted));
    if (column === undefined) throw new Error(`${source.title} has no column ${header}`);
    const text = String(cell);
    if (column.kind === 'date') {
      const stated = parseStatedDate(text);
      if (stated === undefined) throw new Error(`${text} is no date`);
      values[column.key] = stated.precision === 'month' ? stated.day.slice(0, 7) : stated.day;
    } else if (column.kind === 'money') values[column.key] = String(parseYuan(text));
    else if (text !== '') values[column.key] = text;
  }
  return values;
}

function spokenOf(list: Situation['名单'][number]): Spoken {
  const source = sourceNamed(list.名单);
  const context: ContentContext = {
    county: '430981',
    countyName: '沅江市',
    provinceName: '湖南省',
    tree: DIVISIONS,
    asOf: list.日,
    hashPhone: (phone) => `#${phone}`,
  };
  const bySlot = new Map<string, ReturnType<typeof contentOf>[]>();
  for (const row of [list.内容 ?? []].flat()) {
    const { name = '', ...values } = valuesOf(source, row);
    const slot = slotOf(source.code, values);
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), contentOf(source.code, { name, values }, context)]);
  }
  return {
    source: source.code,
    asOf: list.日,
    mode: list.方式 === undefined ? source.mode : list.方式 === '全量' ? 'full' : 'delta',
    sender: list.单位,
    region: list.区域,
    years: (list.年度 ?? []).map(String),
    rows: [...bySlot].map(([slot, rows]) => ({ slot, content: mergeContents(source.code, rows).content })),
  };
}

const YES_NO = (yes: boolean) => (yes ? '是' : '否');
const WILLING = { yes: '是', no: '否', unknown: '未知' } as const;
const TAG_WORDS: Record<string, string> = {
  'low-income': '低保',
  'extreme-poverty': '特困',
  'severe-disability': '重残',
  disability: '其他残疾',
  'poverty-registered': '建档立卡',
  'land-expropriated': '被征地',
};

function outcome(situation: Situation, expected: Situation['结论'][number]) {
  const settings = datedSettings(situation.设置);
  if (!settings.ok) throw new Error(settings.problem.message);
  const adjudications: Adjudication[] = (situation.裁定 ?? []).map((a, i) => ({
    id: i + 1,
    column: a.栏,
    region: a.村,
    from: a.起,
    to: a.止 ?? '9999-12-31',
    reason: '材料',
  }));
  const spoken = situation.名单.map(spokenOf);
  const claims = claimsOf(spoken);
  const ownPayments = spoken
    .filter((said) => said.source === 'residents-payments')
    .map((said) => said.asOf)
    .sort()[0];
  const { steps, findings } = stepsOf(
    { birth: situation.出生, claims, adjudications },
    contextOf(settings.value, situation.全县首份缴费名单 ?? ownPayments),
  );
  const day = expected.日;
  const step = steps.find((s) => s.from <= day && day < s.to);
  if (step === undefined) throw new Error(`nobody knows the person on ${day}`);
  const facts = unpackClass(step.code);
  const labels = (queue: string) =>
    findings
      .filter((f) => f.from <= day && day < f.to && findingKind(f.kind).queue === queue)
      .map((f) => findingKind(f.kind).label)
      .sort();
  const all = {
    日: day,
    栏: facts.column,
    级: facts.rank,
    文字: columnWords(facts),
    登记: YES_NO(facts.registered),
    已缴费: YES_NO(facts.paid),
    愿意: WILLING[facts.willing],
    村: step.region,
    组: step.group,
    标签: facts.tags.map((tag) => TAG_WORDS[tag]),
    在册: YES_NO(facts.inRegister),
    矛盾: labels('conflict'),
    待核: labels('quality'),
    提示: labels('information'),
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => key in expected));
}

describe.each(situations)('$file', ({ all }) => {
  it.each(all.map((situation) => [situation.情形, situation] as const))('%s', (_, situation) => {
    for (const expected of situation.结论) {
      const wanted = { ...expected, 矛盾: [...(expected.矛盾 ?? [])].sort() };
      if (expected.待核) wanted.待核 = [...expected.待核].sort();
      expect(outcome(situation, wanted), `${situation.情形} · ${expected.日}`).toEqual(wanted);
    }
  });
});

describe('the situations together', () => {
  const every = situations.flatMap(({ all }) => all);
  const results = every.flatMap((situation) => situation.结论);

  it('are at least sixty, each told once', () => {
    expect(every.length).toBeGreaterThanOrEqual(60);
    expect(new Set(every.map((s) => s.情形)).size).toBe(every.length);
  });

  it('reach every rank and every column', () => {
    expect([...new Set(results.map((r) => r.级))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 15 }, (_, rank) => rank),
    );
    expect([...new Set(results.map((r) => r.栏))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 11 }, (_, i) => i + 7),
    );
  });

  it('show every conflict, every quality item and every remark there is', () => {
    const shown = new Set(results.flatMap((r) => [...(r.矛盾 ?? []), ...(r.待核 ?? []), ...(r.提示 ?? [])]));
    expect(FINDINGS.map((finding) => finding.label).filter((label) => !shown.has(label))).toEqual([]);
  });

  it('say every survey word of the rules', () => {
    const said = new Set(
      every.flatMap((s) => s.名单.flatMap((list) => [list.内容 ?? []].flat().map((row) => row.核实情况))),
    );
    const words =
      `参加省职保 参职保（含退休） 参加机关保 参加省外职保 出国（境） 死亡未销户 死亡（失踪） 服刑 参军 现役军人
      在校学生 16岁以上在校生 法定人员 异地居保 外省居保 空挂户 户口不在本地 数据错误 其他 无参保意愿 自愿放弃 愿意
      我区参加居保 已录入居保 已录入未审核`.split(/\s+/);
    expect(words.filter((word) => !said.has(word))).toEqual([]);
  });
});
