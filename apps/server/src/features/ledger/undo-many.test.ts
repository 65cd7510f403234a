import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import { describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf } from '../../testing/instance.ts';
import { COUNTY, fillSmallCounty, PLACES, type SmallPerson } from '../../testing/small-county.ts';
import { receive, undoDelivery } from '../sources/index.ts';

const SCOPE = scopeOf(COUNTY);
const CLOSED = 5_000;
/** Of three in the small county one is registered and one in prison: so many people leave enough who are neither. */
const PEOPLE: readonly SmallPerson[] = Array.from({ length: CLOSED * 3 + 300 }, (_, i) => {
  const first17 = `4309811${String(970 + (i % 20)).padStart(3, '0')}01${String(10 + (Math.floor(i / 20) % 18))}${String(
    100 + Math.floor(i / 360),
  )}`;
  return {
    id: first17 + checkDigit(first17),
    name: `张${'伟芳娜敏静丽强磊军洋'[i % 10]}`,
    region: [PLACES.village, PLACES.neighbour, PLACES.otherVillage][Math.floor(i / 3) % 3] as string,
    household: `H${i}`,
    phone: '',
  };
});

describe.each(engines)('a delivery that closes 5,000 items on %s', (engine) => {
  it('reopens exactly those when it is taken back', { timeout: 300_000 }, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'quanbao-many-'));
    const instance = await openTestInstance(engine, { county: COUNTY });
    try {
      await fillSmallCounty(instance, PEOPLE);
      const items = (closed: boolean) =>
        instance.db.transaction(SCOPE, async (tx) => {
          const rows = await tx.query<{ line: string }>(
            `select concat_ws(' ', person_no, kind, subject, from_day, to_day, region, state, why) as line from ledger_item
             where county = $1 and kind = 'uninsured' and (state = 'closed') = $2 order by 1`,
            [COUNTY, closed],
          );
          return rows.map(({ line }) => line);
        });
      const before = await items(false);
      expect(before.length).toBeGreaterThanOrEqual(CLOSED);
      const registered = PEOPLE.filter((_, i) => i % 3 === 2).slice(0, CLOSED);
      const path = join(dir, '参保.csv');
      await writeFile(
        path,
        `身份证号码,姓名,参保状态,缴费状态,参保时间\n${registered
          .map(({ id, name }) => `${id},${name},正常参保,参保缴费,2020-09-15`)
          .join('\n')}\n`,
      );
      const [report] = await receive(
        instance,
        SCOPE,
        [
          {
            source: 'residents-scheme',
            asOf: '2020-09-20',
            mode: 'delta',
            files: [{ name: '参保.csv', path }],
          },
        ],
        {},
      );
      expect(await items(true)).toHaveLength(CLOSED);
      await undoDelivery(instance, SCOPE, report?.delivery as number);
      expect(await items(true)).toEqual([]);
      expect(await items(false)).toEqual(before);
    } finally {
      await instance.close();
      await rm(dir, { recursive: true, force: true });
    }
  });
});
