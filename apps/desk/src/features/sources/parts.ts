import { findSource, type SourceDefinition } from '@quanbao/domain/sources/catalogue';
import { findHead, isColumnNumbers, normaliseHeader } from '@quanbao/domain/sources/header';
import type { Intention, SeenTable, Uploaded } from './contract.ts';

/** One list among what was uploaded: its files are received together, as one delivery. */
export interface Part {
  readonly key: string;
  readonly intention: Intention;
  readonly trial?: string;
  readonly receipt?: string;
}

/** Files that look like the same list of the same day are one list; a file that looks like none is one by itself. */
export function partsOf({ files, tables, asOf }: Uploaded): Part[] {
  const parts = new Map<string, { source: string; asOf: string; files: string[] }>();
  for (const { name } of files) {
    const seen = tables.filter((table) => table.file === name);
    const source = seen.find((table) => table.source !== null)?.source ?? '';
    const day = seen.find((table) => table.asOf !== null)?.asOf ?? (files.length === 1 ? asOf : null) ?? '';
    const key = source === '' ? `? ${name}` : `${source} ${day}`;
    const part = parts.get(key) ?? { source, asOf: day, files: [] };
    part.files.push(name);
    parts.set(key, part);
  }
  return [...parts].map(([key, part]) => ({ key, intention: part }));
}

interface ReadColumn {
  readonly header: string;
  /** Column key; '' where the column is not used. */
  readonly key: string;
  readonly samples: readonly string[];
}

export interface ReadTable {
  readonly columns: readonly ReadColumn[];
  /** What a list of this source has to have and this sheet has not. */
  readonly missing: readonly string[];
}

/** How a sheet is read as a list of the source, with the corrections made to it. */
export function readAs(
  table: SeenTable,
  source: SourceDefinition,
  choices: Readonly<Record<string, string>>,
): ReadTable {
  const head = findHead(source, [table.headers], choices);
  const keyAt = new Map<number, string>();
  for (const [key, at] of head?.columns ?? []) keyAt.set(at, key);
  for (const pair of head?.pairs ?? []) keyAt.set(pair.name, 'name').set(pair.id, 'id');
  const people = table.sample.filter((row) => !isColumnNumbers(row));
  return {
    columns: table.headers.flatMap((header, at) =>
      header.trim() === ''
        ? []
        : [
            {
              header,
              key: keyAt.get(at) ?? '',
              samples: people.map((row) => row[at] ?? '').filter((text) => text.trim() !== ''),
            },
          ],
    ),
    missing: head?.missing ?? source.columns.filter((column) => column.required).map((c) => c.title),
  };
}

/** A choice as the whole of choices after it: what had the column before gives it up. */
export function choose(
  choices: Readonly<Record<string, string>>,
  table: ReadTable,
  header: string,
  key: string,
): Record<string, string> {
  const after: Record<string, string> = { ...choices, [header]: key };
  const had = key === '' ? undefined : table.columns.find((c) => c.key === key && c.header !== header);
  if (had && normaliseHeader(had.header) !== normaliseHeader(header)) after[had.header] = '';
  return after;
}

/** What still has to be said before a list can be tried; undefined when nothing. */
export function unsaid(
  { intention }: Part,
  tables: readonly SeenTable[],
  remembered: Uploaded['remembered'],
): string | undefined {
  const source = findSource(intention.source);
  if (!source) return '请选择这是哪一种名单';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(intention.asOf)) return '请填写名单截至哪一天';
  const choices = { ...remembered[source.code], ...intention.headerChoices };
  const own = tables.filter(
    (table) =>
      intention.files?.includes(table.file) &&
      (intention.sheet === undefined || table.sheet === '' || table.sheet === intention.sheet),
  );
  // After a reload the sheets are no longer known: the trial will say.
  if (own.length === 0) return undefined;
  const missing = own.map((table) => readAs(table, source, choices).missing);
  if (missing.some((titles) => titles.length === 0)) return undefined;
  return `缺少必需的列：${(missing[0] ?? []).join('、')}`;
}
