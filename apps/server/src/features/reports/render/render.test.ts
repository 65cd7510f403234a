import { statSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkForm } from '@quanbao/domain/reports/footing';
import { ANNEX5, type FormTable, formRow } from '@quanbao/domain/reports/forms';
import { colToLetter, readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  annex1Sample,
  annex3Head,
  annex3People,
  annex4Sample,
  annex4TownSample,
  annex5Sample,
  annex5TownSample,
} from '../golden/samples.ts';
import { annex3ToXlsx } from './annex3-xlsx.ts';
import { widthOf } from './cells.ts';
import { annex3ToCsv, toCsv } from './csv.ts';
import { annex3ToJson, toJson } from './json.ts';
import { toText } from './text.ts';
import { toXlsx } from './xlsx.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'reports-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function readBack(file: Buffer) {
  const [sheet] = (await readXlsx(file, { readStyles: true })).sheets;
  if (!sheet) throw new Error('no sheet');
  const merges = (sheet.merges ?? [])
    .map((m) => `${colToLetter(m.startCol)}${m.startRow + 1}:${colToLetter(m.endCol)}${m.endRow + 1}`)
    .sort();
  return { sheet, golden: { name: sheet.name, merges, rows: sheet.rows } };
}

async function golden(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
}

it.each([annex1Sample, annex4Sample, annex5Sample, annex4TownSample, annex5TownSample])(
  'the sample foots',
  (table) => {
    expect(checkForm(table.form, table.rows, table.total)).toEqual([]);
  },
);

describe('xlsx', () => {
  it.each([
    ['annex1', annex1Sample],
    ['annex4', annex4Sample],
    ['annex5', annex5Sample],
    ['annex4-town', annex4TownSample],
    ['annex5-town', annex5TownSample],
  ] as const)('%s is the reviewed form, cell by cell', async (name, table) => {
    const { golden: read } = await readBack(await toXlsx(table));
    expect(read).toEqual(await golden(name));
  });

  it('annex3 is the reviewed form, cell by cell, though streamed', async () => {
    const path = join(dir, 'annex3.xlsx');
    const written = await annex3ToXlsx(annex3Head, annex3People(24), path);
    expect(written.rows).toBe(24);
    const { golden: read } = await readBack(await readFile(path));
    expect(read).toEqual(await golden('annex3'));
  });

  it('writes numbers as numbers, codes and ids as text, rates as percentages', async () => {
    const { sheet } = await readBack(await toXlsx(annex5Sample));
    const cell = (ref: string) => sheet.cells?.get(ref);
    expect(cell('7,0')).toMatchObject({ value: '430981', style: { numFmt: '@' } });
    expect(cell('7,2')).toMatchObject({ value: 3698, style: { numFmt: '0' } });
    expect(cell('7,5')).toMatchObject({ value: 2091 / 3600, style: { numFmt: '0.00%' } });
    expect(cell('21,5')).toMatchObject({ value: '—' });
    const path = join(dir, 'ids.xlsx');
    await annex3ToXlsx(annex3Head, annex3People(1), path);
    const people = (await readBack(await readFile(path))).sheet;
    expect(people.cells?.get('6,3')).toMatchObject({ value: '43098119600101000X', style: { numFmt: '@' } });
  });

  it('prints on A3 or A4 landscape, one page wide, headings on each page and frozen', async () => {
    const path = join(dir, 'page.xlsx');
    await annex3ToXlsx(annex3Head, annex3People(2), path);
    const annex3 = (await readBack(await readFile(path))).sheet;
    const annex5 = (await readBack(await toXlsx(annex5Sample))).sheet;
    const page = { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 };
    expect(annex3.pageSetup).toMatchObject({ ...page, paperSize: 'a3', printTitlesRow: '$4:$6' });
    expect(annex5.pageSetup).toMatchObject({ ...page, paperSize: 'a4', printTitlesRow: '$4:$7' });
    expect(annex3.freezePane).toEqual({ rows: 6, columns: 2 });
    expect(annex5.freezePane).toEqual({ rows: 7, columns: 2 });
  });

  it('never writes a formula', async () => {
    const row = {
      ...annex5Sample.rows[0],
      code: '430981',
      name: '=HYPERLINK("http://x")',
      cells: {},
      remark: '+1',
    };
    const { sheet } = await readBack(await toXlsx({ ...annex5Sample, rows: [row] }));
    expect(sheet.rows[7]?.[8]).toBe('+1');
    expect([...(sheet.cells?.values() ?? [])].filter((c) => c.formula !== undefined)).toEqual([]);
  });

  it('streams 附件3 through markup, control characters and lone surrogates', async () => {
    const cells = Array.from({ length: 20 }, () => '');
    cells[2] = '<b>&"\u0001\ud800𠮷';
    cells[5] = '=1+1';
    const path = join(dir, 'odd.xlsx');
    await annex3ToXlsx(annex3Head, [cells], path);
    const { sheet } = await readBack(await readFile(path));
    expect(sheet.rows[6]?.[2]).toBe('<b>&"\ufffd𠮷');
    expect(sheet.rows[6]?.[5]).toBe('=1+1');
    expect(sheet.cells?.get('6,5')?.formula).toBeUndefined();
  });

  it('keeps every row within the height a spreadsheet allows', async () => {
    const row = {
      ...annex5Sample.rows[0],
      code: '430981',
      name: '草尾镇',
      cells: {},
      remark: '长'.repeat(5000),
    };
    const { sheet } = await readBack(await toXlsx({ ...annex5Sample, rows: [row] }));
    expect(sheet.rowDefs?.get(7)?.height).toBe(409);
  });

  it('streams a county: what is written is not kept', async () => {
    const path = join(dir, 'county.xlsx');
    let halfWay = 0;
    function* people(): Generator<string[]> {
      let i = 0;
      for (const cells of annex3People(24)) {
        for (let n = 0; n < 5_000; n++) {
          if (++i === 60_000) halfWay = statSync(path).size;
          yield cells;
        }
      }
    }
    const written = await annex3ToXlsx(annex3Head, people(), path);
    expect(written.rows).toBe(120_000);
    expect(written.total.slice(6, 17).map(Number)).toEqual(
      [17, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0].map((n) => n * 5_000),
    );
    expect(halfWay).toBeGreaterThan(statSync(path).size / 3);
  });

  it('leaves no half-written file behind, and lets nobody else read a whole one', async () => {
    const path = join(dir, 'broken.xlsx');
    async function* broken(): AsyncGenerator<string[]> {
      yield* annex3People(5);
      throw new Error('the database went away');
    }
    await expect(annex3ToXlsx(annex3Head, broken(), path)).rejects.toThrow('the database went away');
    await expect(stat(path)).rejects.toThrow('ENOENT');
    await annex3ToXlsx(annex3Head, annex3People(1), path);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });
});

const odd: FormTable = {
  ...annex5Sample,
  rows: [
    { ...formRow(ANNEX5, { code: '430981114', name: '草尾镇' }, () => 0), remark: '=1+1' },
    { ...formRow(ANNEX5, { code: '430981114', name: '甲,"乙"' }, () => 0), remark: '@x' },
  ],
  total: formRow(ANNEX5, { code: '430981', name: '合计' }, () => 0),
};

describe('csv', () => {
  it('starts with a byte order mark, flattened headings and the column numbers', () => {
    const [head, numbers, first] = toCsv(annex4Sample).split('\r\n');
    expect(head?.startsWith('\ufeff行政代码,行政区划,户籍人口数,')).toBe(true);
    expect(head).toContain('不属于城乡居保覆盖范围人数-已参加职保人数-已参加省内企业职保');
    expect(numbers).toBe('1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19');
    expect(first?.startsWith('430981,沅江市琼湖街道,4229,')).toBe(true);
  });

  it('disarms text that a spreadsheet would run, and prints — for a rate of nothing', () => {
    const lines = toCsv(odd).split('\r\n');
    expect(lines[2]).toBe("430981,沅江市草尾镇,0,0,0,—,0,—,'=1+1");
    expect(lines[3]).toBe(`430981,"沅江市甲,""乙""",0,0,0,—,0,—,'@x`);
    expect(lines[4]).toBe('合计,,0,0,0,—,0,—,应缴人员缴费率 —（无应缴人员）');
  });
});

describe('csv of 附件3', () => {
  it('has both header lines, everybody, and 合计', async () => {
    async function* rows() {
      yield* annex3People(24);
    }
    let text = '';
    for await (const piece of annex3ToCsv(rows())) text += piece;
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(24 + 4);
    expect(lines[0]?.startsWith('\ufeff行政代码,行政区划,姓名,身份证号码,')).toBe(true);
    expect(lines[1]?.startsWith('1,2,3,')).toBe(true);
    expect(lines[26]?.startsWith('合计,,,,,,17,1,1,')).toBe(true);
  });
});

describe('json', () => {
  it('has unrounded rates, null for a rate of nothing, and the regions’ own codes', () => {
    const json = JSON.parse(JSON.stringify(toJson(annex5Sample)));
    expect(Object.keys(json)).toEqual(['form', 'region', 'asOf', 'rows', 'total']);
    expect(json).toMatchObject({ form: 'annex5', region: '430981', asOf: '2020-08-31' });
    expect(json.rows[0]).toMatchObject({
      code: '430981006',
      name: '琼湖街道',
      cells: { 3: 3698, 6: 2091 / 3600 },
    });
    expect(json.rows.at(-1).cells).toEqual({ 3: 0, 4: 0, 5: 0, 6: null, 7: 0, 8: null });
    expect(json.total['3']).toBe(281027);
    for (const row of json.rows) expect(Object.keys(row)).toEqual(['code', 'name', 'cells']);
  });

  it('has people of 附件3 by printed column, and the √ counted', async () => {
    async function* lines() {
      for (const cells of annex3People(24)) yield { region: '430981114201', cells };
    }
    let text = '';
    for await (const piece of annex3ToJson({ region: '430981114', asOf: '2020-08-31' }, lines()))
      text += piece;
    const json = JSON.parse(text);
    expect(Object.keys(json)).toEqual(['form', 'region', 'asOf', 'rows', 'total']);
    expect(json.rows).toHaveLength(24);
    expect(json.rows[0]).toMatchObject({
      code: '430981114201',
      name: '草尾镇',
      cells: { 1: '430981', 3: '张三', 7: '√', 20: '' },
    });
    expect(json.total['7']).toBe(
      json.rows.filter((r: { cells: Record<string, string> }) => r.cells[7]).length,
    );
    expect(Object.keys(json.total)).toEqual(['7', '8', '9', '10', '11', '12', '13', '14', '15', '16', '17']);
  });
});

describe('text', () => {
  it.each([annex1Sample, annex4Sample, annex5Sample])('stays aligned and at most 200 wide', (table) => {
    const lines = toText(table).split('\n');
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(202);
    expect(lines[0]).toContain(table.form.number);
  });

  it('right-aligns figures under their column numbers', () => {
    const lines = toText(annex5Sample).split('\n');
    const numbers = lines.find((l) => /^1 +2 +3 /.test(l)) as string;
    const row = lines.find((l) => l.includes('沅江市琼湖街道')) as string;
    const end = (line: string, text: string) => widthOf(line.slice(0, line.indexOf(text) + text.length));
    expect(end(row, '3698')).toBe(end(numbers, ' 3'));
    expect(end(row, '58.08%')).toBe(end(numbers, ' 6'));
  });
});
