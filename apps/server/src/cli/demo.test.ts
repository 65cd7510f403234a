import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place } from '../testing/command.ts';
import { docxParagraphs } from '../testing/docx-text.ts';
import { engines } from '../testing/instance.ts';

/** A day whose acceptance the demo's own round has not issued. */
const DAY = '2020-10-30';

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('papers of the demo county on %s, from the command line', (engine) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(engine);
    const made = await place.here(['demo', '--residents', '800', '--format', 'csv', '--json']);
    expect([made.code, made.err]).toEqual([0, expect.not.stringContaining('程序出错')]);
  });
  afterAll(() => place?.drop());

  const run = async (...args: string[]) => {
    const done = await place.here([...args, '--json']);
    expect([done.code, done.err], args.join(' ')).toEqual([0, expect.not.stringContaining('程序出错')]);
    return done.json();
  };
  const paper = async (kind: string, date: string, ...more: string[]) => {
    const out = join(place.dir, '..', `${kind}.docx`);
    const made = await run('bulletin', kind, '--date', date, '--out', out, ...more);
    return { made, cells: docxParagraphs(readFileSync(out)) };
  };
  /** The cells of a unit's row in the first table that has one. */
  const rowOf = (cells: readonly string[], name: string, second: string): readonly string[] => {
    const at = cells.findIndex((text, i) => text === name && cells[i + 1] === second);
    return at < 0 ? [] : cells.slice(at - 1, at + 6);
  };

  it('gives a weekly report and a monthly bulletin by one command each', async () => {
    const weekly = await paper('weekly', '2020-10-18');
    expect(weekly.cells.join('\n')).toContain(weekly.made.title);
    const annex5 = await run('report', 'annex5', '--as-of', '2020-10-18');
    expect(weekly.cells.join('\n')).toContain(`应覆盖${annex5.total['3']}人`);
    const monthly = await paper('monthly', '2020-10-31');
    expect(monthly.cells.join('\n')).toContain('10月份沅江市');
  });

  it('gives an assessment with grades, and its acceptance bulletin with the same scores and grades', async () => {
    const { assessment } = await run('assess', 'begin', 'yuanjiang-2020-10', '--date', DAY);
    const no = String(assessment);
    await run('assess', 'advance', no);
    await run('assess', 'freeze', no);
    const { made, cells } = await paper('acceptance', DAY, '--issue');
    await run('assess', 'publish', no, '--document', made.number);
    const { items } = await run('assess', 'yuanjiang-2020-10', '--date', DAY);
    const result = await run('assess', 'acceptance', no);
    const units = [...result.passed, ...result.failed, ...result.unjudged];
    expect([units.length, items.length]).toEqual([14, 14]);
    for (const { unit, name, total, gradeTitle } of units) {
      const tried = items.find((one: { unit: string }) => one.unit === unit);
      expect([name, tried.total, tried.gradeTitle]).toEqual([name, total, gradeTitle]);
      expect(rowOf(cells, name, total.toFixed(2)), name).toContain(gradeTitle);
    }
  });
});
