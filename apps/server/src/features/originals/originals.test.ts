import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkInstance } from '../../maintenance/check.ts';
import { engines } from '../../testing/instance.ts';
import { openWorld, PEOPLE, SCOPE, type World } from '../../testing/journal-world.ts';
import { adjudicate } from '../register/index.ts';
import { receive } from '../sources/index.ts';
import { dropFiles, keepFile, nameFiles, sweepOriginals } from './keep.ts';

describe.each(engines)('stored originals on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld(engine);
  });
  afterEach(() => world?.close());

  const register = (who: number[]) =>
    world.request({
      source: 'household-register',
      asOf: '2020-08-31',
      lines: who.map((each) => ({ who: each, x: 0, y: 0 })),
    });
  const age = (days: number) =>
    world.db.asOwner((tx) => tx.query(`update stored_file set stored_at = now() - interval '${days} days'`));
  const notes = () => world.db.asOwner((tx) => tx.query('select digest from stored_file'));
  const decide = (n: number, text: string) =>
    adjudicate(world, SCOPE, [PEOPLE[n]?.id as string], {
      column: 17,
      reason: '失联',
      document: world.file('裁定.txt', text).path,
    });

  it('of refused imports and decisions are gone at once, notes and all; those of what went through stay', async () => {
    await receive(world, SCOPE, [register(Array.from({ length: 20 }, (_, i) => i))]);
    await decide(1, '属实');
    const named = await world.files.digests();
    expect(named).toHaveLength(2);
    const broken = world.file('坏.csv', '身份证号码,姓名,户籍地址\n');
    const deaths = { source: 'deaths', asOf: '2020-08-31', files: [broken] };
    await expect(receive(world, SCOPE, [register([3]), deaths])).rejects.toThrow();
    await expect(decide(24, '此人不在名单里')).rejects.toThrow();
    // Also of content that stands in the journal already.
    await expect(
      receive(world, SCOPE, [register(Array.from({ length: 20 }, (_, i) => i)), deaths]),
    ).rejects.toThrow();
    await expect(decide(24, '属实')).rejects.toThrow();
    expect(await world.files.digests()).toEqual(named);
    expect(await notes()).toEqual([]);
    expect((await checkInstance(world, SCOPE)).filter((result) => !result.ok)).toEqual([]);
  });

  it('that a killed command left are swept after a month, on record', async () => {
    const { digest } = await keepFile(world, SCOPE, world.file('名单.csv', '甲').path);
    await age(29);
    expect(await sweepOriginals(world, 'test')).toBe(0);
    expect(await world.files.digests()).toEqual([digest]);
    await age(31);
    expect(await sweepOriginals(world, 'test')).toBe(1);
    expect([await world.files.digests(), await notes()]).toEqual([[], []]);
    const trail = await world.db.transaction(SCOPE, (tx) =>
      tx.query(`select actor, detail from audit_event where act = 'original.sweep'`),
    );
    expect(trail).toEqual([{ actor: 'test', detail: { files: 1, olderThanDays: 30 } }]);
  });

  it('that this database never heard of stay, as do those kept again', async () => {
    const { digest: foreign } = await world.files.put(world.file('别的库.csv', '甲').path);
    const again = world.file('再报.csv', '乙').path;
    const { digest } = await keepFile(world, SCOPE, again);
    await age(31);
    await keepFile(world, SCOPE, again);
    expect(await sweepOriginals(world, 'test')).toBe(0);
    expect(await world.files.digests()).toEqual([digest, foreign].sort());
  });

  it('dropped by another while they are being named make the commit try again', async () => {
    const { digest } = await keepFile(world, SCOPE, world.file('名单.csv', '甲').path);
    await dropFiles(world, SCOPE, [digest]);
    const naming = world.db.transaction(SCOPE, (tx) => nameFiles(tx, world, SCOPE, [digest]));
    await expect(naming).rejects.toMatchObject({ problem: { code: 'files.concurrent' } });
  });
});
