import { readFile } from 'node:fs/promises';
import { FOREVER } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import {
  parseRegionsCsv,
  parseSchemeCodesCsv,
  type RegionRow,
  RegionTree,
  type SchemeCode,
} from '@quanbao/domain/regions/region-tree';
import type { Tx } from '../../db/port.ts';
import { packageFile } from '../../package-file.ts';

/** Counties whose towns and villages ship with the product. */
export const SHIPPED_COUNTIES: Readonly<Record<RegionCode, string>> = {
  '430981': '沅江市',
  '450324': '全州县',
};

/** The divisions of a county: shipped, or from the county's own CSV. */
export async function readDivisions(county: RegionCode, csvPath?: string): Promise<RegionRow[]> {
  if (csvPath === undefined && SHIPPED_COUNTIES[county] === undefined) {
    throw new Refusal(
      'regions.not-shipped',
      `没有随软件提供 ${county} 的行政区划；请用 --divisions 指定区划 CSV（列：code,name,level,parent,from,to,successor,aliases）。`,
    );
  }
  const parsed = parseRegionsCsv(await readCsv(csvPath ?? packageFile(`data/regions/${county}.csv`)));
  if (!parsed.ok) throw new Refusal(parsed.problem.code, parsed.problem.message);
  if (!parsed.value.some((row) => row.code === county)) {
    throw new Refusal('regions.county-missing', `区划文件里没有 ${county} 这一行；请确认是本县的文件。`);
  }
  const foreign = parsed.value.find((row) => !isWithin(row.code, county) && !isWithin(county, row.code));
  if (foreign !== undefined) {
    throw new Refusal(
      'regions.foreign',
      `区划文件里的${foreign.name}（${foreign.code}）不属于 ${county}；请只放本县及其上级的区划。`,
    );
  }
  if (!parsed.value.some((row) => row.level === 'town')) {
    throw new Refusal('regions.no-towns', '区划文件里没有一个乡镇（街道），出不了报表；请补上乡镇和村。');
  }
  return parsed.value;
}

/** What the residents' scheme's own codes meant and when: from the county's own CSV, else as shipped (still empty). */
export async function readSchemeCodes(
  county: RegionCode,
  divisions: readonly RegionRow[],
  csvPath?: string,
): Promise<SchemeCode[]> {
  if (csvPath === undefined && SHIPPED_COUNTIES[county] === undefined) return [];
  const path = csvPath ?? packageFile(`data/regions/${county}.scheme-codes.csv`);
  const parsed = parseSchemeCodesCsv(await readCsv(path), divisions);
  if (!parsed.ok) throw new Refusal(parsed.problem.code, parsed.problem.message);
  return parsed.value;
}

async function readCsv(path: string): Promise<string> {
  try {
    return decode(await readFile(path));
  } catch {
    throw new Refusal('regions.unreadable', `读不到区划文件 ${path}；请检查路径。`);
  }
}

/** Excel in China saves CSV as GB18030 unless told otherwise. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

export async function insertDivisions(tx: Tx, county: RegionCode, rows: readonly RegionRow[]): Promise<void> {
  await tx.query(
    `insert into region (county, code, name, level, parent, valid_from, valid_to, successor, aliases)
     select $1, u.code, u.name, u.level, u.parent, u.valid_from, u.valid_to, u.successor, u.aliases
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       as u (code, name, level, parent, valid_from, valid_to, successor, aliases)`,
    [
      county,
      rows.map((r) => r.code),
      rows.map((r) => r.name),
      rows.map((r) => r.level),
      rows.map((r) => r.parent),
      rows.map((r) => r.from ?? '0001-01-01'),
      rows.map((r) => r.to ?? FOREVER),
      rows.map((r) => r.successor ?? ''),
      rows.map((r) => r.aliases.join('|')),
    ],
  );
}

export async function insertSchemeCodes(
  tx: Tx,
  county: RegionCode,
  codes: readonly SchemeCode[],
): Promise<void> {
  await tx.query(
    `insert into scheme_code (county, scheme_code, valid_from, valid_to, region)
     select $1, u.* from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as u`,
    [
      county,
      codes.map((c) => c.schemeCode),
      codes.map((c) => c.from),
      codes.map((c) => c.to),
      codes.map((c) => c.region),
    ],
  );
}

interface StoredRegion {
  code: string;
  name: string;
  level: RegionRow['level'];
  parent: string;
  valid_from: string;
  valid_to: string;
  successor: string;
  aliases: string;
}

export async function loadRegionTree(tx: Tx, county: RegionCode): Promise<RegionTree> {
  return tx.remember('regions', () => readRegionTree(tx, county));
}

async function readRegionTree(tx: Tx, county: RegionCode): Promise<RegionTree> {
  const rows = await tx.query<StoredRegion>(
    'select code, name, level, parent, valid_from, valid_to, successor, aliases from region where county = $1 order by code',
    [county],
  );
  const codes = await tx.query<{ scheme_code: string; valid_from: string; valid_to: string; region: string }>(
    'select scheme_code, valid_from, valid_to, region from scheme_code where county = $1',
    [county],
  );
  return new RegionTree(
    county,
    rows.map((r) => ({
      code: r.code,
      name: r.name,
      level: r.level,
      parent: r.parent,
      ...(r.valid_from === '0001-01-01' ? {} : { from: r.valid_from }),
      ...(r.valid_to === FOREVER ? {} : { to: r.valid_to }),
      ...(r.successor === '' ? {} : { successor: r.successor }),
      aliases: r.aliases === '' ? [] : r.aliases.split('|'),
    })),
    codes.map((c) => ({ schemeCode: c.scheme_code, from: c.valid_from, to: c.valid_to, region: c.region })),
  );
}
