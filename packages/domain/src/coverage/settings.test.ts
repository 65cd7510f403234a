import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  COVERAGE_PARAMETERS,
  type CountySettings,
  changeSetting,
  DEFAULT_SETTINGS,
  datedSettings,
  scopeDay,
  settingsOn,
  settingValue,
} from './settings.ts';

const parameters = new URL('../../parameters/coverage/', import.meta.url);
const files = readdirSync(parameters).map(
  (name) =>
    parse(readFileSync(new URL(name, parameters), 'utf8')) as {
      key: string;
      description: string;
      values: Record<string, { value: unknown }>;
      metadata: Record<string, unknown>;
    },
);

describe('shipped parameters', () => {
  it('are those of the files, each with unit, values by day, legal source, last check and certainty', () => {
    expect(files.map((file) => file.key).sort()).toEqual(Object.keys(COVERAGE_PARAMETERS).sort());
    for (const file of files) {
      const written = Object.entries(file.values).map(([from, { value }]) => ({ from, value }));
      expect(COVERAGE_PARAMETERS[file.key]?.values, file.key).toEqual(written);
      for (const { value } of written) expect(COVERAGE_PARAMETERS[file.key]?.allows(value)).toBe(true);
      const sources = file.metadata.legal_source as { title: string }[];
      expect(COVERAGE_PARAMETERS[file.key]?.legalSources).toEqual(sources.map(({ title }) => title));
      expect(Object.keys(file.metadata)).toEqual(
        expect.arrayContaining(['unit', 'legal_source', 'last_checked_on', 'certainty']),
      );
    }
  });

  it('hold on every day, also before the first', () => {
    const shipped = { lapsedCounts: true, scopeAge: 16, scopeCut: 'birthday' };
    expect(settingsOn(DEFAULT_SETTINGS, '1990-01-01')).toEqual(shipped);
    expect(settingsOn(DEFAULT_SETTINGS, '2099-01-01')).toEqual(shipped);
  });
});

describe('county settings', () => {
  const own: CountySettings = {
    'coverage.lapsed-counts': [
      { from: '2021-01-01', value: true, document: '乙' },
      { from: '2020-01-01', value: false, document: '甲' },
    ],
  };

  it('hold from their day on, in any order of writing', () => {
    const dated = datedSettings(own);
    if (!dated.ok) throw new Error(dated.problem.message);
    const on = (day: string) => settingsOn(dated.value, day).lapsedCounts;
    expect([on('2019-12-31'), on('2020-01-01'), on('2020-12-31'), on('2021-01-01')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('that change nothing make no turn', () => {
    const dated = datedSettings({
      'coverage.scope-age': [{ from: '2020-01-01', value: 16, document: '甲' }],
    });
    expect(dated.ok && dated.value.length).toBe(1);
  });

  it('leave keys of other slices alone', () => {
    expect(datedSettings({ 'targets.rounding': 'up' }).ok).toBe(true);
    const changed = changeSetting({ ...own, 'targets.x': [] }, 'coverage.scope-age', {
      from: '2020-01-01',
      value: 18,
      document: '甲',
    });
    expect(changed.ok && Object.keys(changed.value)).toEqual([
      'coverage.lapsed-counts',
      'targets.x',
      'coverage.scope-age',
    ]);
  });

  it('of one day are replaced, not doubled, and the given ones stay as they are', () => {
    const changed = changeSetting(own, 'coverage.lapsed-counts', {
      from: '2020-01-01',
      value: true,
      document: '丙',
    });
    if (!changed.ok) throw new Error(changed.problem.message);
    expect(changed.value['coverage.lapsed-counts']?.map((c) => [c.from, c.document])).toEqual([
      ['2020-01-01', '丙'],
      ['2021-01-01', '乙'],
    ]);
    expect(own['coverage.lapsed-counts']).toHaveLength(2);
  });

  it.each([
    ['settings.unknown', 'coverage.nothing', { from: '2020-01-01', value: true, document: '甲' }],
    ['settings.from', 'coverage.lapsed-counts', { from: '2020-02-30', value: true, document: '甲' }],
    ['settings.value', 'coverage.lapsed-counts', { from: '2020-01-01', value: 'yes', document: '甲' }],
    ['settings.value', 'coverage.scope-age', { from: '2020-01-01', value: 16.5, document: '甲' }],
    ['settings.value', 'coverage.scope-cut', { from: '2020-01-01', value: 'month', document: '甲' }],
    ['settings.document', 'coverage.scope-age', { from: '2020-01-01', value: 16, document: ' ' }],
  ])('are refused with %s', (code, key, change) => {
    const changed = changeSetting({}, key, change);
    expect(changed.ok ? '' : changed.problem.code).toBe(code);
    if (code === 'settings.unknown') return;
    const dated = datedSettings({ [key]: [change] });
    expect(dated.ok ? '' : dated.problem.code).toBe(code);
  });

  it.each([
    ['coverage.lapsed-counts', '否', false],
    ['coverage.lapsed-counts', 'true', true],
    ['coverage.scope-age', ' 18 ', 18],
    ['coverage.scope-cut', 'year', 'year'],
    ['coverage.lapsed-counts', '1', 'settings.value'],
    ['coverage.scope-age', '十六', 'settings.value'],
    ['coverage.scope-age', '61', 'settings.value'],
    ['coverage.scope-cut', '是', 'settings.value'],
    ['coverage.nothing', '是', 'settings.unknown'],
  ])('are written: %s %s', (key, text, expected) => {
    const value = settingValue(key, text);
    expect(value.ok ? value.value : value.problem.code).toBe(expected);
  });

  it('that are no list are refused', () => {
    const dated = datedSettings({ 'coverage.scope-age': 16 });
    expect(dated.ok ? '' : dated.problem.code).toBe('settings.form');
  });
});

describe('the day somebody comes into scope', () => {
  it('is the birthday, or 1 January of that year', () => {
    const settings = { lapsedCounts: true, scopeAge: 16 } as const;
    expect(scopeDay('2004-12-31', { ...settings, scopeCut: 'birthday' })).toBe('2020-12-31');
    expect(scopeDay('2004-12-31', { ...settings, scopeCut: 'year' })).toBe('2020-01-01');
  });
});
