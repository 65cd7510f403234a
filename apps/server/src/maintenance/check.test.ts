import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adjudicate } from '../features/register/index.ts';
import { receive } from '../features/sources/index.ts';
import { inventedId, registerCsv } from '../testing/command.ts';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../testing/instance.ts';
import { sealEverything } from '../testing/sealed.ts';
import { checkInstance } from './check.ts';

const scope = scopeOf('430981');

describe.each(engines)('check on %s', (engine) => {
  let instance: TestInstance;
  let files: string;

  const file = (name: string, content: string): string => {
    const path = join(instance.dir, name);
    writeFileSync(path, content);
    return path;
  };
  const failing = async (): Promise<string[]> =>
    (await checkInstance(instance, scope)).filter((result) => !result.ok).map((result) => result.check);
  const tamper = (sql: string): Promise<unknown> => instance.db.asOwner((tx) => tx.query(sql));

  beforeEach(async () => {
    instance = await openTestInstance(engine, { county: '430981' });
    const register = file('户籍.csv', `${registerCsv(0, 40)}1234,错号,草尾镇,430981006001,管理中\n`);
    const document = file('纪要.txt', '……');
    const request = {
      source: 'household-register',
      asOf: '2020-08-31',
      files: [{ name: '户籍.csv', path: register }],
    };
    await receive(instance, scope, [request]);
    await adjudicate(instance, scope, [inventedId(3)], { column: 17, reason: '失联', document });
    await sealEverything(instance, scope.county);
    files = join(instance.dir, 'files');
  });
  afterEach(() => instance.close());

  it('agrees when nobody touched anything, and names what somebody did', async () => {
    expect(await failing()).toEqual([]);
    const restoreAfter = async (sql: string, back: string, expected: string[]): Promise<void> => {
      await tamper(sql);
      expect([sql, await failing()]).toEqual([sql, expected]);
      await tamper(back);
    };
    // The verdict of one person, written over: neither the rules nor the sums agree.
    await restoreAfter(
      'update step set row_no = row_no + 100 where person_no = 5',
      'update step set row_no = row_no - 100 where person_no = 5',
      ['steps'],
    );
    await restoreAfter(
      `update finding set kind = 'never-paid' where person_no = (select min(person_no) from finding where kind = 'no-village')`,
      'select 1',
      [],
    );
    await restoreAfter(
      `insert into finding (county, person_no, kind, from_day, to_day, region) values ('430981', 6, 'two-provinces', '2020-01-01', '9999-12-31', '430981006001')`,
      `delete from finding where kind = 'two-provinces'`,
      ['steps'],
    );
    // A sum that no form of today shows yet, and one that 附件4 shows: people in no village of their town.
    await restoreAfter(
      `insert into count_delta (county, grain, bucket, region, class, n, change)
       select county, 'm', '2021-05', region, class, 2, change from count_delta where grain = 'm' limit 1`,
      `delete from count_delta where bucket = '2021-05' and n = 2`,
      ['counts'],
    );
    await restoreAfter(
      `insert into count_delta (county, grain, bucket, region, class, n, change)
       select county, 'd', '2020-08-31', region, class, -1000, change from count_delta where grain = 'd' and bucket = '2020-08-31' limit 1`,
      'delete from count_delta where n = -1000',
      ['counts', 'forms', 'ledger'],
    );
    await restoreAfter(
      `update county set latest_day = '2020-08-30'`,
      `update county set latest_day = '2020-08-31'`,
      ['counts'],
    );
    await restoreAfter(
      `update claim set content = replace(content, '人7"', '假7"') where content like '%"人7"%'`,
      `update claim set content = replace(content, '假7"', '人7"') where content like '%"假7"%'`,
      ['journal'],
    );
    await restoreAfter(
      `update rejected_row set delivery = delivery where false; delete from rejected_row where row_no = 42`,
      'select 1',
      ['journal'],
    );
  }, 300_000);

  it('the ledger against 附件5: an item deleted, moved or closed behind its back, and where', async () => {
    const wrong = async () =>
      (await checkInstance(instance, scope, { skipJournal: true })).filter(({ ok }) => !ok);
    const item = `kind = 'uninsured' and person_no = (select person_no from kept_item)`;
    await tamper(
      `create table kept_item as select * from ledger_item where kind = 'uninsured' and region = '430981006001'
       order by person_no limit 1`,
    );
    const edits: [edit: string, villages: string[]][] = [
      [`delete from ledger_item where ${item}`, ['430981006001']],
      [`update ledger_item set region = '430981114001' where ${item}`, ['430981006001', '430981114001']],
      [`update ledger_item set state = 'closed' where ${item}`, ['430981006001']],
    ];
    for (const [edit, villages] of edits) {
      await tamper(edit);
      const said = await wrong();
      expect([edit, said.map(({ check }) => check)]).toEqual([edit, ['steps', 'counts', 'ledger']]);
      const { message } = said[2]!;
      for (const village of villages)
        expect(message).toMatch(new RegExp(`（${village}）台账 \\d+ 笔、附件5 \\d+ 人`));
      expect(message).toContain('quanbao ledger rebuild');
      await tamper(`delete from ledger_item where ${item}`);
      await tamper('insert into ledger_item select * from kept_item');
    }
    expect(await wrong()).toEqual([]);
  }, 300_000);

  it('a row of the trail', async () => {
    await tamper(`update audit_event set actor = '别人' where act = 'delivery.receive'`);
    expect(await failing()).toEqual(['audit']);
    const audit = (await checkInstance(instance, scope, { skipJournal: true })).find(
      (r) => r.check === 'audit',
    );
    expect(audit?.message).toContain('记录被改动');
  });

  it('a stored original, altered and then lost', async () => {
    const [original] = await instance.db.asOwner((tx) =>
      tx.query<{ digest: string }>('select digest from delivery_file'),
    );
    const path = join(files, original!.digest.slice(0, 2), original!.digest);
    const bytes = readFileSync(path);
    bytes[100] = bytes[100]! ^ 1;
    writeFileSync(path, bytes);
    expect(await failing()).toEqual(['journal']);
    await instance.files.delete(original!.digest);
    const journal = (await checkInstance(instance, scope)).find((r) => r.check === 'journal');
    expect(journal).toMatchObject({ ok: false, message: expect.stringContaining('不见了') });
  });

  it('a lost document of a decision', async () => {
    const [row] = await instance.db.asOwner((tx) =>
      tx.query<{ digest: string }>('select document_digest as digest from adjudication'),
    );
    await instance.files.delete(row!.digest);
    expect(await failing()).toEqual(['journal']);
    expect(readdirSync(files).length).toBeGreaterThan(0);
  });
});
