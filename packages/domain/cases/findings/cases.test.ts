import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Fact } from '../../src/coverage/evidence.ts';
import { FINDINGS } from '../../src/coverage/finding.ts';
import { suggestionFor } from '../../src/coverage/suggestion.ts';
import { FACT_WORDS } from '../../src/coverage/words.ts';

interface Situation {
  情形: string;
  矛盾: string;
  结论栏: number;
  部门名单: string[];
  建议栏?: number;
}

const all = parse(readFileSync(new URL('suggestions.yaml', import.meta.url), 'utf8')) as Situation[];
const facts = new Map(Object.entries(FACT_WORDS).map(([fact, words]) => [words, fact as Fact]));

describe('裁定建议', () => {
  it.each(all.map((one) => [one.情形, one] as const))('%s', (_, one) => {
    const kind = FINDINGS.find((f) => f.label === one.矛盾)?.kind;
    const official = one.部门名单.map((words) => facts.get(words));
    expect(kind).toBeDefined();
    expect(official).not.toContain(undefined);
    const found = suggestionFor({
      kind: kind as string,
      column: one.结论栏,
      official: new Set(official as Fact[]),
    });
    expect(found?.column).toBe(one.建议栏);
  });
});
