import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../apps/server/src/cli/program.ts';
import { FINDINGS } from '../packages/domain/src/coverage/finding.ts';
import { RULES } from '../packages/domain/src/coverage/verdict.ts';
import { COLUMN_WORDS } from '../packages/domain/src/coverage/words.ts';
import { INDICATORS } from '../packages/domain/src/indicators/indicators.ts';
import { FORMS } from '../packages/domain/src/reports/forms.ts';
import { SHIPPED_SOURCES } from '../packages/domain/src/sources/catalogue.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const READMES = ['README.md', 'README.zh-CN.md'];

/** Every document: those at the top and everything under docs. */
function documents(): string[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return [...top, ...below.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
}

const commands = buildProgram().commands.filter((command) => !('_hidden' in command && command._hidden));
const words = (command: (typeof commands)[number]): string[] => [
  command.name(),
  ...[command, ...command.commands]
    .flatMap((one) => one.options.map((option) => option.long))
    .filter((long) => long !== undefined),
];

/** Rows of a document's tables, cell by cell; a `|` of the text is written `\|`. */
function tableRows(path: string): string[][] {
  return text(path)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe.each(READMES)('%s', (readme) => {
  const cells = tableRows(readme).map((row) => row[0] ?? '');

  it.each(commands.map((command) => [command.name(), command] as const))(
    'names %s in its table',
    (name, command) => {
      const said = cells.filter((cell) => new RegExp(`\`${name}[ \`]`).test(cell)).join(' ');
      expect(said, `no row for ${name}`).not.toBe('');
      // `--json`, `--county` and `--help` are said once for all of them.
      const missing = words(command)
        .slice(1)
        .filter((option) => !['--json', '--county', '--help'].includes(option) && !said.includes(option));
      expect(missing).toEqual([]);
    },
  );

  it('names no command and no option that is not there', () => {
    const known = new Set(buildProgram().commands.map((command) => command.name()));
    const options = new Set(['--json', '--help', ...commands.flatMap((command) => words(command).slice(1))]);
    const used = [...text(readme).matchAll(/npx quanbao ([a-z-]+)/g)].map((match) => match[1] as string);
    expect(used.filter((name) => !known.has(name) && name !== 'help')).toEqual([]);
    const flags = [...text(readme).matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map((match) => match[0]);
    // `npm run bench` has its own.
    expect([...new Set(flags)].filter((flag) => !options.has(flag))).toEqual([]);
  });
});

it('--json is there wherever the README says so', () => {
  const without = commands.filter((command) => !words(command).includes('--json'));
  expect(without.map((command) => command.name()).sort()).toEqual(['reindex', 'serve', 'start']);
});

describe('the glossary', () => {
  const rows = tableRows('docs/glossary.md');
  const row = (...parts: readonly string[]): boolean =>
    rows.some((cells) => parts.every((part) => cells.some((cell) => cell === part || holds(cell, part))));
  const holds = (cell: string, part: string): boolean => part.startsWith('`') && cell.includes(part);

  it.each(FINDINGS.map((finding) => [finding.label, finding.kind] as const))('has %s', (label, kind) => {
    expect(row(label, `\`${kind}\``)).toBe(true);
  });

  it.each(Object.entries(COLUMN_WORDS))('has column %s, %s', (column, word) => {
    expect(row(column, word)).toBe(true);
  });

  it.each(SHIPPED_SOURCES.map((source) => [source.title, source.code, source.office] as const))(
    'has %s',
    (title, code, office) => expect(row(title, `\`${code}\``, office)).toBe(true),
  );

  it('has every rule and every indicator', () => {
    const missing = [...RULES.map((rule) => rule.id), ...INDICATORS.map((i) => i.code)].filter(
      (code) => !row(`\`${code}\``),
    );
    expect(missing).toEqual([]);
  });

  it('gives a term one translation', () => {
    const byTerm = new Map<string, Set<string>>();
    for (const cells of rows) {
      const at = /^\d+$/.test(cells[0] ?? '') ? 1 : 0;
      const [term, english] = cells.slice(at) as [string, string];
      if (!/[\u4e00-\u9fff]/.test(term)) continue;
      byTerm.set(term, (byTerm.get(term) ?? new Set()).add(english));
    }
    expect([...byTerm].filter(([, english]) => english.size > 1)).toEqual([]);
  });
});

describe('the forms column by column', () => {
  it.each(['annex3', 'annex4', 'annex5'] as const)('has every column of %s with its indicator', (code) => {
    const rows = tableRows(`docs/forms/${code}.md`);
    for (const column of FORMS[code].columns) {
      const [, heading = '', ...rest] = rows.find((cells) => cells[0] === String(column.number)) ?? [];
      expect(heading.endsWith(column.title), `column ${column.number}: ${heading}`).toBe(true);
      if (column.indicator !== undefined) expect(rest.join(' ')).toContain(`\`${column.indicator}\``);
    }
  });
});

describe('the clauses', () => {
  const section = (title: string): string[] =>
    text('docs/clauses.md').split(`## ${title}`)[1]?.split('\n') ?? [];
  const now = tableRows('docs/clauses.md').filter(
    (cells) => cells.length === 5 && /^[YQ]\d/.test(cells[0] ?? ''),
  );

  it('name at least one test each, and commands that are there', () => {
    expect(now.map((cells) => cells[0])).toEqual([
      'Y0',
      'Y1.1',
      'Y1.2',
      'Y1.3',
      'Y1.4',
      'Y1.5',
      'Y1.6',
      'Y2.4',
      'Y2.5',
      'Y7',
      'Y8.1',
      'Y9',
      'Y10.1',
      'Y10.2',
      'Y10.3',
      'Y10.4',
      'Y11',
      'Y12',
      'Y13',
      'Y14',
      'Y15',
      'Y16',
      'Q1.1',
      'Q1.2',
      'Q2.1a',
      'Q2.1b',
      'Q2.3',
      'Q5.1–5.3',
      'Q6.1a',
      'Q6.1b',
      'Q7',
    ]);
    const known = commands.map((command) => command.name());
    for (const [clause, , command = '', test = ''] of now) {
      const tests = [...test.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] as string);
      expect(tests.length, clause).toBeGreaterThan(0);
      expect(
        tests.filter((path) => !path.endsWith('.test.ts') || !existsSync(join(root, 'docs', path))),
      ).toEqual([]);
      const named = [...command.matchAll(/`(?:quanbao )?([a-z]+)[^`]*`/g)].map((match) => match[1] as string);
      expect(named.filter((name) => !known.includes(name))).toEqual([]);
    }
  });

  /** 37 of 沅江's plan and 19 of 全州's list, as the two documents were cut into demands. */
  it('are each either there or later, every one of the two documents once', () => {
    const later = section('Later').flatMap((line) => /^\| ([YQ]\S+) \|/.exec(line)?.[1] ?? []);
    const all = [...now.map(([clause]) => clause as string), ...later];
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((clause) => clause.startsWith('Y'))).toHaveLength(37);
    expect(all.filter((clause) => clause.startsWith('Q'))).toHaveLength(19);
  });
});

describe('links', () => {
  it.each(documents())('of %s lead somewhere', (path) => {
    const dead: string[] = [];
    for (const match of text(path).matchAll(/\]\(([^)\s]+)\)/g)) {
      const target = match[1] as string;
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? join(root, path) : join(root, dirname(path), file);
      if (!existsSync(full) || (anchor !== undefined && !anchors(full).includes(anchor))) dead.push(target);
    }
    expect(dead).toEqual([]);
  });

  it('reach every document from the README', () => {
    const seen = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path) || !path.endsWith('.md')) return;
      seen.add(path);
      for (const match of text(path).matchAll(/\]\(([^)\s#]+)/g)) {
        const full = join(root, dirname(path), match[1] as string);
        if (existsSync(full) && statSync(full).isFile()) follow(relative(root, full));
      }
    };
    follow('README.md');
    expect(documents().filter((path) => !seen.has(path))).toEqual([]);
  });
});

/** Anchors as they are made of headings. */
function anchors(path: string): string[] {
  if (!path.endsWith('.md')) return [];
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('ARCHITECTURE.md', () => {
  it('has a row for every table', () => {
    const snapshot = text('apps/server/src/db/schema.snapshot.txt');
    const tables = [...snapshot.matchAll(/^(\w+): table/gm)].map((match) => match[1] as string);
    expect(tables.length).toBeGreaterThan(60);
    const named = tableRows('ARCHITECTURE.md')
      .map((row) => row[0])
      .join(' ');
    expect(tables.filter((name) => !named.includes(`\`${name}\``))).toEqual([]);
  });
});

describe.each(READMES)('the pages that %s names', (readme) => {
  it('are in the menu under that title', () => {
    const pages = text('apps/desk/src/shell/pages.ts');
    const titles = new Set([...pages.matchAll(/title: '([^']+)'/g)].map((match) => match[1] as string));
    const at = text(readme).split('\n');
    const first = at.findIndex((line) => /^\| 首页 \|/.test(line));
    const named: string[] = [];
    for (let i = first; at[i]?.startsWith('|'); i++)
      named.push(...(at[i]?.split('|')[1] ?? '').split(/·|、/).map((name) => name.trim()));
    expect(named.length).toBeGreaterThan(7);
    expect(named.filter((name) => !titles.has(name))).toEqual([]);
  });
});
