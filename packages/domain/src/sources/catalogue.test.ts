import { describe, expect, it } from 'vitest';
import { findSource, SHIPPED_SOURCES } from './catalogue.ts';
import { findHead, normaliseHeader } from './header.ts';

describe('shipped sources', () => {
  it('are the 21 of the catalogue', () => {
    expect(SHIPPED_SOURCES.map((one) => one.code)).toHaveLength(21);
    expect(new Set(SHIPPED_SOURCES.map((one) => one.code)).size).toBe(21);
    expect(findSource('no-such-list')).toBeUndefined();
  });

  it.each(SHIPPED_SOURCES.map((one) => [one.code, one] as const))(
    '%s: no header feeds two columns',
    (_, source) => {
      const owner = new Map<string, string>();
      for (const column of source.columns) {
        for (const header of [column.title, ...column.aliases].map(normaliseHeader)) {
          expect(owner.get(header) ?? column.key, header).toBe(column.key);
          owner.set(header, column.key);
        }
      }
    },
  );

  it.each(SHIPPED_SOURCES.map((one) => [one.code, one] as const))(
    '%s: its own titles are found, all of them',
    (_, source) => {
      const head = findHead(source, [source.columns.map((one) => one.title)]);
      expect([...(head?.columns.keys() ?? [])].sort()).toEqual(source.columns.map((one) => one.key).sort());
      expect(head?.missing).toEqual([]);
    },
  );

  it('know what absence means', () => {
    const absence = Object.fromEntries(
      SHIPPED_SOURCES.map((one) => [one.code, `${one.mode}/${one.absence}`]),
    );
    expect(absence.deaths).toBe('delta/was-wrong');
    expect(absence.abroad).toBe('delta/was-wrong');
    expect(absence['land-expropriated']).toBe('delta/was-wrong');
    expect(absence['residents-payments']).toBe('delta/replaces-year');
    expect(absence['province-list']).toBe('delta/nothing');
    expect(absence['survey-workbook']).toBe('delta/nothing');
    expect(absence.prisoners).toBe('full/ended');
    expect(absence['household-register']).toBe('full/ended');
  });

  it('hide what a village worker must not read', () => {
    for (const code of ['prisoners', 'disability', 'military', 'dishonest', 'low-income']) {
      expect(findSource(code)?.sight, code).not.toContain('village');
    }
  });
});
