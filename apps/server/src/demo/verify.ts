import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FormRow } from '@quanbao/domain/reports/forms';
import type { Scope } from '../db/port.ts';
import { countedForm } from '../features/reports/index.ts';
import type { Instance } from '../instance.ts';
import type { TruthFile, TruthGroups, TruthRegion } from './truth.ts';

interface Difference {
  readonly form: 'annex4' | 'annex5';
  readonly day: string;
  readonly region: string;
  readonly name: string;
  readonly column: string;
  readonly expected: number | null;
  readonly found: number | null;
}

interface Comparison {
  readonly cells: number;
  readonly differences: Difference[];
}

const COLUMNS = {
  annex4: [...Array.from({ length: 16 }, (_, i) => String(i + 3)), '19 尚未摸底', '19 未计入'],
  annex5: [...Array.from({ length: 6 }, (_, i) => String(i + 3)), '应缴已缴', '应缴'],
} as const;

/** Compares every cell of 附件4 and 附件5 for every region and day of the truth file. */
export async function compareWithTruth(
  instance: Instance,
  scope: Scope,
  dir: string,
  onProgress?: (text: string) => void,
): Promise<Comparison> {
  const truth = JSON.parse(await readFile(join(dir, 'truth.json'), 'utf8')) as TruthFile;
  // Visits move people between columns: the truth knows both counties, the one with them and the one without.
  const [{ visits } = { visits: 0 }] = await instance.db.transaction(scope, (tx) =>
    tx.query<{ visits: number }>('select count(*)::int as visits from visit where county = $1', [
      scope.county,
    ]),
  );
  const told = visits > 0 ? truth.visited : truth;
  const differences: Difference[] = [];
  let cells = 0;
  for (const form of ['annex4', 'annex5'] as const) {
    for (const day of truth.days) {
      onProgress?.(`  核对 ${form} ${day}`);
      const expected = told[form][day] as (number | null)[][];
      const found = await readAll(instance, scope, truth, form, day);
      truth.regions.forEach((region, i) => {
        const row = expected[i] as (number | null)[];
        const cell = cellsOf(form, found.get(key(region)));
        row.forEach((value, c) => {
          cells++;
          const have = cell[c] as number | null;
          if (have === value) return;
          const { code, name } = region;
          const column = COLUMNS[form][c] as string;
          differences.push({ form, day, region: code, name, column, expected: value, found: have });
        });
      });
    }
  }
  const byGroup = await compareGroups(instance, scope, told.groups);
  return { cells: cells + byGroup.cells, differences: [...differences, ...byGroup.differences] };
}

/** Every village's form has a row for each group, and one for who is in none. */
async function compareGroups(instance: Instance, scope: Scope, truth: TruthGroups): Promise<Comparison> {
  const differences: Difference[] = [];
  let cells = 0;
  const villages = [...new Set(truth.regions.map(({ village }) => village))];
  for (const form of ['annex4', 'annex5'] as const) {
    for (const day of truth.days) {
      const found = await instance.db.transaction(scope, async (tx) => {
        const rows = new Map<string, FormRow>();
        for (const village of villages) {
          const table = await countedForm(tx, scope, form, village, day);
          // A village of which no group is known is one row, its own.
          const grouped = table.rows.some(({ code }) => code.length > village.length);
          for (const row of table.rows) rows.set(grouped ? row.code : `${village}-000`, row);
        }
        return rows;
      });
      truth.regions.forEach(({ code }, i) => {
        const have = cellsOf(form, found.get(code));
        ((truth[form][day] as (number | null)[][])[i] as (number | null)[]).forEach((expected, c) => {
          cells++;
          if (have[c] === expected) return;
          const column = COLUMNS[form][c] as string;
          differences.push({
            form,
            day,
            region: code,
            name: code,
            column,
            expected,
            found: have[c] as number | null,
          });
        });
      });
    }
  }
  return { cells, differences };
}

function key(region: Pick<TruthRegion, 'code' | 'row'>): string {
  return `${region.code}/${region.row}`;
}

/** The county's form and each town's and village's, as anybody would ask for them. */
async function readAll(
  instance: Instance,
  scope: Scope,
  truth: TruthFile,
  form: 'annex4' | 'annex5',
  day: string,
): Promise<Map<string, FormRow>> {
  const found = new Map<string, FormRow>();
  await instance.db.transaction(scope, async (tx) => {
    for (const { code, row } of truth.regions) {
      if (row !== 'total') continue;
      if (code.length === 12 && found.has(key({ code, row }))) continue;
      const table = await countedForm(tx, scope, form, code, day);
      found.set(key({ code, row: 'total' }), table.total);
      for (const line of table.rows) {
        const remainder = line.name === '未分村社区';
        const at = key({ code: line.code, row: remainder ? 'remainder' : 'total' });
        if (remainder || line.code.length === 12) found.set(at, line);
      }
    }
  });
  return found;
}

/** A remainder row that is not printed stands for nobody. */
function cellsOf(form: 'annex4' | 'annex5', row: FormRow | undefined): (number | null)[] {
  const number = (column: number): number | null => {
    const value = row?.cells[column] ?? null;
    return value === null ? null : Number(value);
  };
  if (form === 'annex4') {
    const main = Array.from({ length: 16 }, (_, i) => (row === undefined ? 0 : number(i + 3)));
    const asked = /尚未摸底 (\d+) 人/.exec(row?.remark ?? '');
    const kept = /另有 (\d+) 行未计入/.exec(row?.remark ?? '');
    return [...main, Number(asked?.[1] ?? 0), Number(kept?.[1] ?? 0)];
  }
  if (row === undefined) return [0, 0, 0, null, 0, null, 0, 0];
  const due = /（(\d+)\/(\d+) 人）/.exec(row.remark ?? '');
  const main = Array.from({ length: 6 }, (_, i) => number(i + 3));
  return [...main, Number(due?.[1] ?? 0), Number(due?.[2] ?? 0)];
}
