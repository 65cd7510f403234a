import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest begins first: a long file begun last would be run alone. */
const LONGEST = [
  'e2e/field.test.ts',
  'faults/kills.test.ts',
  'faults/keeping.test.ts',
  'demo/demo.test.ts',
  'cli/refusals.test.ts',
  'cli/contract.test.ts',
  'http/matrix.test.ts',
  'sources/journal.property.test.ts',
  'survey/mix.property.test.ts',
  'cli/survey.test.ts',
  'maintenance/backup.test.ts',
  'sources/stage.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const turn = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => turn(a) - turn(b));
  }
}

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'apps/**/*.test.ts',
      'bench/**/*.test.ts',
      'campaign/**/*.test.ts',
      'docs/**/*.test.ts',
      'e2e/**/*.test.ts',
    ],
    setupFiles: ['scripts/property-seed.mjs', 'scripts/quick-passwords.mjs'],
    // The embedded database is compiled anew in each process; made quick rather than good it costs a third less.
    execArgv: ['--liftoff-only'],
    // A file in a process of its own loads the whole program anew: a third of all processor time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A second, the default, is no proof that something never comes on a machine with other work.
    expect: { poll: { timeout: 30_000 } },
  },
});
