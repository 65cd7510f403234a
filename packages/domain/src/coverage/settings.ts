import { birthday, isPlainDate, type PlainDate, yearOf } from '../kernel/plain-date.ts';
import { ok, type Result, refuse } from '../kernel/problem.ts';

/** Choices a county may make, as they stand on one day. */
export interface CoverageSettings {
  /** Rank 7: paused or interrupted membership of an employees' scheme counts as insured there. */
  readonly lapsedCounts: boolean;
  /** Rank 13: the age from which residents are in scope. */
  readonly scopeAge: number;
  /** In scope from the birthday itself, or for the whole year in which it falls. */
  readonly scopeCut: 'birthday' | 'year';
}

/** Settings by their first day, oldest first; the first reaches back to every earlier day. */
export type DatedSettings = readonly { readonly from: PlainDate; readonly settings: CoverageSettings }[];

export type SettingValue = boolean | number | string;

export interface Parameter {
  readonly name: keyof CoverageSettings;
  readonly title: string;
  /** What it may be, in words. */
  readonly allowed: string;
  readonly legalSources: readonly string[];
  readonly allows: (value: unknown) => boolean;
  readonly values: readonly { readonly from: PlainDate; readonly value: SettingValue }[];
}

/** As shipped in `parameters/coverage/*.yaml`, with the notes on them; a test compares the two. */
export const COVERAGE_PARAMETERS: Readonly<Record<string, Parameter>> = {
  'coverage.lapsed-counts': {
    name: 'lapsedCounts',
    title: '中断的职保关系是否计入已参加职保',
    allowed: '是 或 否',
    legalSources: [
      '国发〔2014〕8号《国务院关于建立统一的城乡居民基本养老保险制度的意见》二、参保范围',
      '人社部发〔2014〕17号《城乡养老保险制度衔接暂行办法》（2014-07-01 起施行）',
    ],
    allows: (value) => typeof value === 'boolean',
    values: [{ from: '2009-09-01', value: true }],
  },
  'coverage.scope-age': {
    name: 'scopeAge',
    title: '属于覆盖范围的起始年龄',
    allowed: '0 至 60 的整数',
    legalSources: [
      '国发〔2009〕32号《国务院关于开展新型农村社会养老保险试点的指导意见》（年满16周岁、不含在校学生）',
      '国发〔2014〕8号《国务院关于建立统一的城乡居民基本养老保险制度的意见》二、参保范围',
    ],
    allows: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 60,
    values: [{ from: '2009-09-01', value: 16 }],
  },
  'coverage.scope-cut': {
    name: 'scopeCut',
    title: '年满起始年龄按生日还是按年份',
    allowed: 'birthday（按生日）或 year（按年份）',
    legalSources: [
      '国发〔2014〕8号《国务院关于建立统一的城乡居民基本养老保险制度的意见》二、参保范围（年满16周岁）',
    ],
    allows: (value) => value === 'birthday' || value === 'year',
    values: [{ from: '2009-09-01', value: 'birthday' }],
  },
};

/** What one county decided: from a day on, a value, by a document. */
export interface SettingChange {
  readonly from: PlainDate;
  readonly value: SettingValue;
  readonly document: string;
}

/** County settings as stored: every key's changes, oldest first. Keys of other slices may stand beside. */
export type CountySettings = Readonly<Record<string, readonly SettingChange[]>>;

const WRITTEN: Readonly<Record<string, SettingValue>> = { 是: true, true: true, 否: false, false: false };

/** A value as somebody writes it on the command line or in a form. */
export function settingValue(key: string, text: string): Result<SettingValue> {
  const parameter = COVERAGE_PARAMETERS[key];
  if (parameter === undefined) return unknown(key);
  const written = text.trim();
  const value = WRITTEN[written] ?? (/^\d+$/.test(written) ? Number(written) : written);
  return parameter.allows(value) ? ok(value) : wrongValue(parameter);
}

function unknown(key: string): Result<never> {
  const known = Object.keys(COVERAGE_PARAMETERS).join('、');
  return refuse('settings.unknown', `没有名为 ${key} 的设置；可用 ${known}。`);
}

function wrongValue(parameter: Parameter): Result<never> {
  return refuse('settings.value', `“${parameter.title}”不能设为这个值；应为 ${parameter.allowed}。`);
}

/** Checks one change against its parameter. */
function checkedChange(key: string, change: unknown): Result<SettingChange> {
  const parameter = COVERAGE_PARAMETERS[key];
  if (parameter === undefined) return unknown(key);
  const { from, value, document } = (change ?? {}) as Partial<SettingChange>;
  if (typeof from !== 'string' || !isPlainDate(from)) {
    return refuse('settings.from', `“${parameter.title}”的起始日期应写成 2020-01-01 的样子。`);
  }
  if (!parameter.allows(value)) return wrongValue(parameter);
  if (typeof document !== 'string' || document.trim() === '') {
    return refuse('settings.document', `请写明修改“${parameter.title}”所依据的文件。`);
  }
  return ok({ from, value: value as SettingValue, document });
}

/**
 * The county's settings after one more change; a change from the same day replaces the earlier one.
 * @param settings as stored; keys of other slices are kept as they are
 */
export function changeSetting(
  settings: CountySettings,
  key: string,
  change: SettingChange,
): Result<CountySettings> {
  const checked = checkedChange(key, change);
  if (!checked.ok) return checked;
  const kept = (settings[key] ?? []).filter((other) => other.from !== change.from);
  const changes = [...kept, checked.value].sort((a, b) => (a.from < b.from ? -1 : 1));
  return ok({ ...settings, [key]: changes });
}

/**
 * Shipped values and the county's own together, by the days on which anything changes.
 * @param county as stored for the county; from its first change on the county's value holds instead of the shipped one
 */
export function datedSettings(county: unknown = {}): Result<DatedSettings> {
  const stored = (county ?? {}) as Record<string, unknown>;
  const timelines: { name: keyof CoverageSettings; changes: { from: PlainDate; value: SettingValue }[] }[] =
    [];
  const days = new Set<PlainDate>();
  for (const [key, parameter] of Object.entries(COVERAGE_PARAMETERS)) {
    const own: SettingChange[] = [];
    const listed = stored[key] ?? [];
    if (!Array.isArray(listed))
      return refuse('settings.form', `“${parameter.title}”的设置应是一列修改记录。`);
    for (const change of listed) {
      const checked = checkedChange(key, change);
      if (!checked.ok) return checked;
      own.push(checked.value);
    }
    own.sort((a, b) => (a.from < b.from ? -1 : 1));
    const first = own[0]?.from;
    const shipped = parameter.values.filter((value) => first === undefined || value.from < first);
    const changes = [...shipped, ...own];
    timelines.push({ name: parameter.name, changes });
    for (const change of changes) days.add(change.from);
  }
  const dated: { from: PlainDate; settings: CoverageSettings }[] = [];
  for (const day of [...days].sort()) {
    const values: Record<string, SettingValue> = {};
    for (const { name, changes } of timelines) {
      values[name] = (changes.findLast((change) => change.from <= day) ?? changes[0])?.value as SettingValue;
    }
    const settings = values as unknown as CoverageSettings;
    const before = dated[dated.length - 1]?.settings;
    if (before === undefined || !sameSettings(before, settings)) dated.push({ from: day, settings });
  }
  return ok(dated);
}

function sameSettings(a: CoverageSettings, b: CoverageSettings): boolean {
  return a.lapsedCounts === b.lapsedCounts && a.scopeAge === b.scopeAge && a.scopeCut === b.scopeCut;
}

export function settingsOn(dated: DatedSettings, day: PlainDate): CoverageSettings {
  let i = dated.length - 1;
  while (i > 0 && (dated[i] as DatedSettings[number]).from > day) i--;
  return (dated[i] as DatedSettings[number]).settings;
}

/** The first day on which somebody born on `birth` is old enough to be in scope. */
export function scopeDay(birth: PlainDate, settings: CoverageSettings): PlainDate {
  if (settings.scopeCut === 'birthday') return birthday(birth, settings.scopeAge);
  return `${String(yearOf(birth) + settings.scopeAge).padStart(4, '0')}-01-01`;
}

/** Everything as shipped: what a county that changed nothing works by. */
export const DEFAULT_SETTINGS: DatedSettings = shipped();

function shipped(): DatedSettings {
  const settings = datedSettings();
  if (!settings.ok) throw new Error(settings.problem.message);
  return settings.value;
}
