import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFile } from '../../package-file.ts';
import { actWords } from './words.ts';

/** What the middle of a template may be. */
const FILLED: Readonly<Record<string, readonly string[]>> = {
  'question.queue': ['conflict', 'quality'],
  queue: ['conflict', 'quality'],
  subject: ['people', 'findings'],
};
const ACT = /^(?:[a-z]+\.)+[a-z]+$/;

/** Every act that the source records: `act: …` in an entry, or given to a helper that writes one. */
function recordedActs(): Map<string, string> {
  const acts = new Map<string, string>();
  const root = packageFile('src');
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
    const text = readFileSync(join(root, path), 'utf8');
    const said = [
      ...text.matchAll(/^\s*act: ([^;\n]*),$/gm),
      ...text.matchAll(/\brecord[A-Z]\w*\(([^;]*?)\{/g),
    ].map((m) => m[1] as string);
    for (const piece of said) {
      for (const [, literal] of piece.matchAll(/'([^']+)'/g)) {
        if (ACT.test(literal as string)) acts.set(literal as string, path);
      }
      for (const [, name, rest] of piece.matchAll(/`\$\{([\w.]+)\}\.(\w+)`/g)) {
        const values = FILLED[name as string];
        if (values === undefined) acts.set(`${name}?`, path);
        for (const value of values ?? []) acts.set(`${value}.${rest}`, path);
      }
    }
  }
  return acts;
}

it('every act that is recorded has its word', () => {
  const acts = recordedActs();
  for (const one of [
    'finding.view',
    'findings.exported',
    'quality.view',
    'account.unlock',
    'keys.rotate.done',
  ]) {
    expect([...acts.keys()]).toContain(one);
  }
  expect([...acts].filter(([act]) => actWords(act) === act)).toEqual([]);
});
