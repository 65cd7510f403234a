import { groupInAddress, groupInColumn } from '../addresses/groups.ts';
import type { RegionCode } from '../kernel/region.ts';
import { attemptsNamed, proofsNamed, reasonNamed } from '../ledger/reasons.ts';
import { provinceOf, type RegionTree } from '../regions/region-tree.ts';
import {
  disabilityLevel,
  employeeState,
  insuranceScheme,
  lowIncomeCategory,
  registerStatus,
  schemeState,
  surveyAnswer,
  yesNo,
} from '../sources/vocabulary.ts';
import { type CompareFact, type Content, voucherKey } from './claim.ts';
import { SCHEME_ORDER } from './step-class.ts';

/** What reading knows about one accepted row; keys of `values` are the catalogue's column keys. */
export interface SourceRow {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly household?: string;
}

export interface ContentContext {
  readonly county: RegionCode;
  readonly countyName: string;
  readonly provinceName: string;
  readonly tree: RegionTree;
  readonly asOf: string;
  /** Keyed hash of a telephone number. */
  readonly hashPhone: (phone: string) => string;
}

type Read = (values: Readonly<Record<string, string>>, context: ContentContext, row: SourceRow) => Content;

/**
 * How each source's row becomes facts, in literals of one shape each: a spread before other keys made reading a
 * register three times as slow. A source the county added itself proves presence only. */
const READERS: Readonly<Record<string, Read>> = {
  'household-register': (v, context, row) => {
    const status = registerStatus(v.status ?? '');
    const { g, gq } = place(v, context);
    return {
      g,
      gq,
      st: status === 'unknown' ? 'living' : status,
      q: status === 'unknown' ? 1 : undefined,
      a: v.address,
      h: v.household ?? row.household,
      r: v.relation,
      k: v.hukou,
      ph: phone(v, context),
      gr: group(v),
      n: undefined,
    };
  },
  'province-list': (v, context) => {
    const { g, gq } = place({ ...v, regionCode: v.region ?? '' }, context);
    return { g, gq, a: v.address, m: v.batch, gr: group(v), n: undefined };
  },
  'residents-scheme': (v, context) => {
    const state = schemeState(v.cbState ?? '', v.jfState ?? '');
    const { g, gq } = schemePlace(v.region, context);
    return {
      g,
      gq,
      s: state,
      q: state === 'unknown' ? 1 : undefined,
      d: v.joined,
      c: v.identity,
      n: undefined,
    };
  },
  'residents-payments': (v) => ({ p: [[Number(v.amount), v.date ?? '', v.fund ?? '', v.voucher ?? '']] }),
  'insurance-compare': (v, context) => ({ f: [compareFact(v, context)] }),
  'employees-in-province': employment,
  'public-sector-in-province': employment,
  'employees-elsewhere': (v, context) => ({ ...employment(v), pv: otherProvince(v.province, context) }),
  'employees-obligated': (v) => ({ m: v.employer }),
  students: (v) => ({ m: v.school, c: v.stage, x: v.graduates }),
  military: (v) => ({ d: v.joined, x: v.left }),
  prisoners: (v) => ({ d: v.termFrom, x: v.termTo }),
  abroad: (v) => ({ d: v.date, m: v.country }),
  deaths: (v) => ({ d: v.date, m: v.origin }),
  dishonest: () => ({}),
  'low-income': (v, _context, row) => ({
    c: lowIncomeCategory(v.category ?? ''),
    h: row.household ?? v.head,
    d: v.since,
  }),
  'extreme-poverty': (v) => ({ d: v.since }),
  disability: (v) => ({ c: disabilityLevel(v.level ?? '')?.toString(), m: v.category }),
  'poverty-registered': (v) => ({ c: v.label, m: v.kind }),
  'land-expropriated': (v) => ({ d: v.taken, c: v.area, m: v.subsidy }),
  'survey-workbook': (v, context) => {
    const willing = v.willing === undefined ? undefined : yesNo(v.willing);
    const ticks: number[] = [];
    for (let column = 7; column <= 17; column++) if (v[`col${column}`] !== undefined) ticks.push(column);
    const answer = v.answer === undefined ? undefined : surveyAnswer(v.answer);
    const village = v.villageCode === undefined ? undefined : surveyedVillage(v.villageCode, context);
    return {
      g: village,
      gx: v.villageCode !== undefined && village === undefined ? 1 : undefined,
      w: answer,
      // 附件3 asks for exactly one of columns 7–17
      q: answer === 'unknown' || ticks.length > 1 ? 1 : undefined,
      i: willing,
      t: ticks.length > 0 ? ticks : undefined,
      d: v.contactDay,
      cw: v.contactWay,
      rs: v.reason,
      m: v.remark,
      ph: phone(v, context),
      rc: v.reasonKind === undefined ? undefined : reasonNamed(v.reasonKind)?.code,
      pf: v.proof === undefined ? undefined : proofsNamed(v.proof),
      at: v.attempts === undefined ? undefined : attemptsNamed(v.attempts),
      pl: v.workPlace,
      sc: v.workScheme,
      ck: v.checked,
      by: v.worker,
      gr: group(v),
    };
  },
};

/** The facts of one row. */
export function contentOf(source: string, row: SourceRow, context: ContentContext): Content {
  const read = READERS[source];
  const content: Content = read === undefined ? {} : read(row.values, context, row);
  if (row.name !== '' && source !== 'residents-payments') content.n = row.name;
  // Undefined is left out when it is written; deleting would make each object a slow dictionary.
  for (const key in content) {
    if (content[key as keyof Content] === '') content[key as keyof Content] = undefined;
  }
  return content;
}

/** 缴费年度 of payments, project of land: one person has one claim for each. */
export function slotOf(source: string, values: Readonly<Record<string, string>>): string {
  if (source === 'residents-payments') return values.year ?? '';
  if (source === 'land-expropriated') return (values.project ?? '').replace(/\s/g, ' ');
  return '';
}

function place(v: Readonly<Record<string, string>>, context: ContentContext): Pick<Content, 'g' | 'gq'> {
  const { tree, asOf } = context;
  let deepest: Pick<Content, 'g' | 'gq'> = {};
  const deeper = (code: RegionCode | undefined, gq: 'code' | 'name' | 'address'): void => {
    if (code !== undefined && code.length > (deepest.g?.length ?? 6)) deepest = { g: code, gq };
  };
  if (v.regionCode !== undefined && v.regionCode !== '') deeper(tree.fromCode(v.regionCode, asOf), 'code');
  if ((deepest.g?.length ?? 0) < 12 && (v.town !== undefined || v.village !== undefined)) {
    const town = deepest.g ?? (v.town === undefined ? undefined : tree.townByName(v.town));
    deeper(town, 'name');
    if (v.village !== undefined) deeper(tree.villageByName(town, v.village), 'name');
  }
  if ((deepest.g?.length ?? 0) < 12 && v.address !== undefined) {
    const found = tree.fromAddress(v.address);
    // An address is the weaker witness: it may place within the town that the row names, not in another.
    if (found !== undefined && (deepest.g === undefined || found.startsWith(deepest.g)))
      deeper(found, 'address');
  }
  return deepest;
}

/** What the address says is read from it whenever it is needed: nothing is stored twice. */
function group(v: Readonly<Record<string, string>>): number | undefined {
  if (v.group === undefined || v.group === '') return undefined;
  const found = groupInColumn(v.group);
  return found === undefined || found === groupInAddress(v.address ?? '')?.group ? undefined : found;
}

function schemePlace(region: string | undefined, context: ContentContext): Pick<Content, 'g' | 'gq'> {
  if (region === undefined) return {};
  const found = context.tree.fromSchemeCode(region, context.asOf);
  return found === undefined ? {} : { g: found, gq: 'scheme' };
}

function surveyedVillage(code: string, context: ContentContext): RegionCode | undefined {
  const found = context.tree.fromCode(code, context.asOf);
  return found !== undefined && found.length === 12 ? found : undefined;
}

function phone(v: Readonly<Record<string, string>>, context: ContentContext): string | undefined {
  return v.phone === undefined || v.phone === '' ? undefined : context.hashPhone(v.phone);
}

function employment(v: Readonly<Record<string, string>>): Content {
  const state = employeeState(v.state ?? '');
  return {
    e: state.value,
    q: state.quality === undefined ? undefined : 1,
    d: v.joined,
    m: v.employer ?? v.province,
  };
}

function compareFact(v: Readonly<Record<string, string>>, context: ContentContext): CompareFact {
  const { value: state, quality } = employeeState(v.jfState ?? '');
  const interrupted = saysSomething(v.breakReason);
  const where = whereIs(v.region ?? '', context);
  const province = where === 'elsewhere' ? otherProvince(v.region, context) : undefined;
  return {
    k: insuranceScheme(v.scheme ?? ''),
    w: where,
    e: state === 'ended' ? 'ended' : state === 'lapsed' || interrupted ? 'lapsed' : 'current',
    ...(v.joined === undefined ? {} : { d: v.joined }),
    ...(province === undefined ? {} : { pv: province }),
    ...(quality === undefined ? {} : { q: 1 }),
  };
}

/** 无 and dashes fill a cell without saying anything. */
function saysSomething(text: string | undefined): boolean {
  return text !== undefined && !/^[\s/\\—\-–无]*$/.test(text);
}

function otherProvince(region: string | undefined, context: ContentContext): string | undefined {
  if (region === undefined) return undefined;
  const found = provinceOf(context.county, region, context.provinceName);
  return found === undefined || found.own ? undefined : found.code;
}

function whereIs(region: string, context: ContentContext): CompareFact['w'] {
  const text = region.trim();
  if (text === '') return 'unknown';
  const own = provinceOf(context.county, text, context.provinceName)?.own;
  if (own === false) return 'elsewhere';
  const bare = context.countyName.replace(/[县市区]$/, '');
  if (text.startsWith(context.county) || (bare.length >= 2 && text.includes(bare))) return 'here';
  return own === undefined ? 'unknown' : 'province';
}

/** 死亡 > 管理中 > 迁出, 注销 */
export const REGISTER_ORDER = { dead: 0, living: 1, moved: 2, cancelled: 2 } as const;
const MEMBERSHIP_ORDER = ['current', 'lapsed', 'ended'];

/**
 * Several rows of one list about one person become one, whatever the order of the rows:
 * any current state beats lapsed, lapsed beats ended; register rows 死亡 > 管理中 > 迁出、注销, then the
 * smallest region code; payments and compare facts add up.
 * @param rows contents in any order
 * @returns the merged content and how many rows were exact repeats
 */
export function mergeContents(
  source: string,
  rows: readonly Content[],
): { content: Content; duplicates: number } {
  if (source === 'residents-payments') return mergePayments(rows);
  const unique = [...new Map(rows.map((content) => [JSON.stringify(content), content])).entries()].sort(
    (a, b) => (a[0] < b[0] ? -1 : 1),
  );
  const duplicates = rows.length - unique.length;
  const contents = unique.map(([, content]) => content);
  const ordered = [...contents].sort(
    (a, b) => preference(source, a) - preference(source, b) || placeOrder(a, b),
  );
  const best = ordered[0] as Content;
  const content: Content = { ...best };
  if (contents.length === 1) return { content, duplicates };
  if (source === 'insurance-compare') content.f = distinctFacts(contents);
  else if (source === 'household-register') {
    if (contents.some((c) => c.st !== content.st || c.g !== content.g)) content.dis = 1;
  } else if (source === 'survey-workbook') return { content: mergeAnswers(contents), duplicates };
  else if (source !== 'residents-scheme') {
    const equal = ordered.filter((c) => preference(source, c) === preference(source, best));
    const { d, x } = latestPeriod(equal);
    if (d !== undefined) content.d = d;
    if (x !== undefined) content.x = x;
  }
  return { content, duplicates };
}

function distinctFacts(contents: readonly Content[]): CompareFact[] {
  const facts = new Map<string, CompareFact>();
  for (const content of contents) for (const fact of content.f ?? []) facts.set(JSON.stringify(fact), fact);
  return [...facts.entries()].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, fact]) => fact);
}

/** Rows of one workbook complete each other; where they differ the later visit speaks (undated: the workbook's day). */
function mergeAnswers(contents: readonly Content[]): Content {
  const byVisit = [...contents].sort((a, b) => {
    const left = a.d ?? '~';
    const right = b.d ?? '~';
    return left < right ? -1 : left > right ? 1 : 0;
  });
  const merged: Content = {};
  for (const row of byVisit) {
    if (row.w !== undefined || row.t !== undefined || row.i !== undefined) {
      const keepsWill = row.i === undefined && row.w !== 'willing' && row.w !== 'refuses';
      for (const key of ['w', 't', 'q', 'i'] as const) if (key !== 'i' || !keepsWill) delete merged[key];
    }
    if (row.g !== undefined) {
      delete merged.gx;
      delete merged.gr;
    }
    if (row.d === undefined) delete merged.d;
    Object.assign(merged, row);
  }
  return merged;
}

/**
 * Of rows about one event the earliest start and the earliest end hold. Terms that do not overlap are
 * different sentences or services: the last of them is the one that the list speaks of now.
 */
function latestPeriod(rows: readonly Content[]): { d: string | undefined; x: string | undefined } {
  const byStart = [...rows].sort((a, b) => byDate(a.d ?? '', b.d ?? ''));
  let d: string | undefined;
  let x: string | undefined;
  for (const row of byStart) {
    if (x !== undefined && row.d !== undefined && row.d.slice(0, x.length) > x) {
      d = row.d;
      x = row.x;
      continue;
    }
    if (row.d !== undefined && (d === undefined || byDate(row.d, d) < 0)) d = row.d;
    if (row.x !== undefined && (x === undefined || byDate(row.x, x) < 0)) x = row.x;
  }
  return { d, x };
}

/** Earlier first; inside one month an exact date before the bare month. */
function byDate(a: string, b: string): number {
  if (a.slice(0, 7) !== b.slice(0, 7)) return a < b ? -1 : 1;
  return b.length - a.length || (a < b ? -1 : a > b ? 1 : 0);
}

function preference(source: string, content: Content): number {
  if (source === 'household-register') return REGISTER_ORDER[content.st ?? 'living'];
  if (source === 'residents-scheme') return SCHEME_ORDER.indexOf(content.s ?? 'none');
  if (source === 'disability') return Number(content.c ?? 9);
  return MEMBERSHIP_ORDER.indexOf(content.e ?? 'current');
}

function placeOrder(a: Content, b: Content): number {
  const left = a.g ?? '~';
  const right = b.g ?? '~';
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A repeated voucher counts once (a refund may bear the voucher of what it refunds); rows without one are a multiset. */
function mergePayments(rows: readonly Content[]): { content: Content; duplicates: number } {
  const seen = new Set<string>();
  let duplicates = 0;
  const payments = rows
    .flatMap((content) => content.p ?? [])
    .map((payment) => ({ payment, key: JSON.stringify(payment) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .filter(({ payment }) => {
      const voucher = voucherKey(payment);
      if (voucher === '') return true;
      if (seen.has(voucher)) {
        duplicates++;
        return false;
      }
      seen.add(voucher);
      return true;
    });
  return { content: { p: payments.map((entry) => entry.payment) }, duplicates };
}
