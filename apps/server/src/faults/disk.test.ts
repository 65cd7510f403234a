import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInstance } from '../maintenance/check.ts';
import { inventedId, openPlace, type Place, registerCsv, tableDigests } from '../testing/command.ts';
import { engines, scopeOf } from '../testing/instance.ts';

/** A disk that is full: a small one of memory, mounted where the data directory is. */

const COUNTY = '430981';
const scope = scopeOf(COUNTY);
const MB = 1024 ** 2;

/** Only root may mount, and not in every container. */
const canMount = ((): boolean => {
  const dir = mkdtempSync(join(tmpdir(), 'quanbao-mount-'));
  const done = mount(dir, 1);
  if (done) spawnSync('umount', [dir]);
  rmSync(dir, { recursive: true });
  return done;
})();
if (!canMount) console.log('not run, nothing can be mounted here: a full disk');

function mount(dir: string, megabytes: number): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]).status === 0;
}

describe.runIf(canMount && engines.includes('postgres'))('a full disk', () => {
  let place: Place;

  beforeAll(async () => {
    place = await openPlace('postgres', { county: COUNTY, before: (dir) => mount(dir, 32) });
    const register = place.file('八月.csv', registerCsv(0, 400));
    const list = ['import', register, '--source', 'household-register', '--as-of', '2020-08-31'];
    expect((await place.quanbao(list)).code).toBe(0);
  });
  afterAll(async () => {
    if (place === undefined) return;
    spawnSync('umount', [place.dir]);
    await place.drop();
  });

  /** Leaves so many bytes. @returns the file that takes the rest */
  function fill(left: number): string {
    const { bavail, bsize } = statfsSync(place.dir);
    const ballast = join(place.dir, 'ballast');
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)));
    return ballast;
  }

  it('is said in words; nothing is half there, and with room again the same command goes through', async () => {
    const document = place.file('纪要.txt', randomBytes(6 * MB));
    const more = place.file('九月.csv', registerCsv(0, 20_000));
    const list = ['import', more, '--source', 'household-register', '--as-of', '2020-09-30', '--json'];
    const decide = [
      'adjudicate',
      inventedId(3),
      '--column',
      '17',
      '--reason',
      '失联',
      '--document',
      document,
      '--json',
    ];
    const keep = ['backup', join(place.dir, 'county.qbk'), '--json'];
    const before = await place.inside(tableDigests);
    for (const args of [list, decide, keep]) {
      const ballast = fill(args === keep ? 4096 : 200_000);
      const done = await place.quanbao(args);
      expect([args[0], done.code, done.json().problem]).toEqual([
        args[0],
        69,
        expect.objectContaining({ code: 'disk.full' }),
      ]);
      expect(done.err).not.toMatch(/ at .*\.js:\d+/);
      rmSync(ballast);
      const after = await place.inside(tableDigests);
      for (const table of ['person', 'claim', 'step', 'delivery', 'adjudication', 'count_delta'])
        expect([args[0], table, after[table]]).toEqual([args[0], table, before[table]]);
    }
    for (const args of [list, decide, keep])
      expect([args[0], (await place.quanbao(args)).code]).toEqual([args[0], 0]);
    expect(readdirSync(place.dir).filter((name) => /^(?:work|backup)-/.test(name))).toEqual([]);
    await place.inside(async (instance) => {
      expect((await checkInstance(instance, scope)).filter((result) => !result.ok)).toEqual([]);
    });
  }, 600_000);
});
