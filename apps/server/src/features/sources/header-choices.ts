import { Refusal } from '@quanbao/domain/kernel/problem';
import type { SourceDefinition } from '@quanbao/domain/sources/catalogue';
import { looksLikeId, normaliseHeader } from '@quanbao/domain/sources/header';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';

/** Header text → column key; '' leaves the column out. */
export type HeaderChoices = Readonly<Record<string, string>>;

/**
 * A clerk's corrections: each header with the column it is, by the column's code or its Chinese title.
 * @throws Refusal `import.column-unknown` with the columns there are
 */
export function readChoices(source: SourceDefinition, given: HeaderChoices = {}): HeaderChoices {
  return Object.fromEntries(
    Object.entries(given).map(([header, said]) => {
      const wanted = (said ?? '').trim();
      const column = source.columns.find((one) => one.key === wanted || one.title === wanted);
      if (header.trim() === '' || (wanted !== '' && column === undefined)) {
        throw new Refusal(
          'import.column-unknown',
          `“${source.title}”没有名为“${wanted}”的列，表头“${header}”无法对应；可用的列：${source.columns
            .map((one) => `${one.title}（${one.key}）`)
            .join('、')}。`,
        );
      }
      return [header.trim(), column?.key ?? ''];
    }),
  );
}

interface ReadHeadings {
  readonly headers: Readonly<Record<string, string>>;
  readonly unknown: readonly string[];
}

/**
 * A correction of a heading that stands in no table read is a slip of the pen, and must not be remembered.
 * @throws Refusal `import.heading-unknown` with the headings there are
 */
export function requireHeadings(given: HeaderChoices, tables: readonly ReadHeadings[]): void {
  const there = [...new Set(tables.flatMap((table) => [...Object.values(table.headers), ...table.unknown]))];
  const known = there.map(normaliseHeader);
  // Of a merged heading the lowest text is listed; the words over it may have been given with it.
  const missing = Object.keys(given).filter((header) => {
    const text = normaliseHeader(header);
    return !known.some((one) => one !== '' && text.endsWith(one));
  });
  if (missing.length === 0) return;
  throw new Refusal(
    'import.heading-unknown',
    `文件里没有表头 ${missing.map((one) => `“${one}”`).join('、')}，无法对应；文件里的表头有：` +
      `${there
        .filter((one) => one !== '' && !looksLikeId(one))
        .slice(0, 40)
        .join('、')}。`,
  );
}

export async function rememberedChoices(
  instance: Instance,
  scope: Scope,
  source: string,
): Promise<HeaderChoices> {
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<{ header: string; column_key: string }>(
      'select header, column_key from header_choice where county = $1 and source = $2',
      [scope.county, source],
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.header, row.column_key]));
}

/** Of several sources: which list a file is may still be corrected. */
export async function allRememberedChoices(
  tx: Tx,
  scope: Scope,
  sources: readonly string[],
): Promise<Record<string, Record<string, string>>> {
  const rows = await tx.query<{ source: string; header: string; column_key: string }>(
    'select source, header, column_key from header_choice where county = $1 and source = any($2::text[])',
    [scope.county, sources],
  );
  const choices: Record<string, Record<string, string>> = {};
  for (const { source, header, column_key } of rows) {
    choices[source] = { ...choices[source], [header]: column_key };
  }
  return choices;
}

/** Keeps for the next delivery of the source what a clerk said about this one. */
export async function rememberChoices(
  tx: Tx,
  scope: Scope,
  source: string,
  given: HeaderChoices,
): Promise<void> {
  const headers = Object.keys(given);
  if (headers.length === 0) return;
  await tx.query(
    `insert into header_choice (county, source, header, column_key)
     select $1, $2, u.header, u.column_key from unnest($3::text[], $4::text[]) as u (header, column_key)
     on conflict (county, source, header) do update set column_key = excluded.column_key`,
    [scope.county, source, headers, Object.values(given)],
  );
}
