import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareSubmission, submitSubmission } from '../features/supervision/index.ts';
import { checkInstance } from '../maintenance/check.ts';
import { openTestInstance, scopeOf, type TestInstance } from '../testing/instance.ts';
import { struck } from '../testing/rounds.ts';
import { sealEverything } from '../testing/sealed.ts';
import { COUNTY, decidePrison, fillSmallCounty, PLACES } from '../testing/small-county.ts';

/** A database administrator who edits rows: the verifier names what he touched. */

const scope = scopeOf(COUNTY);

describe.each(struck)('somebody with the database in his hands, on %s', (engine) => {
  let instance: TestInstance;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    await fillSmallCounty(instance);
    await decidePrison(instance);
    const made = await prepareSubmission(instance, scope, {
      form: 'annex5',
      every: 'week',
      region: PLACES.town,
      period: '2020-W38',
    });
    await submitSubmission(instance, scope, made.submission);
    await sealEverything(instance, COUNTY);
    expect(await failing()).toEqual([]);
  });
  afterAll(() => instance?.close());

  const failing = async (): Promise<string[]> =>
    (await checkInstance(instance, scope)).filter((result) => !result.ok).map(({ check }) => check);
  const does = (sql: string): Promise<unknown> => instance.db.asOwner((tx) => tx.query(sql));

  /** What he does, how it is undone, and which parts of the check notice. */
  const EDITS: readonly (readonly [what: string, edit: string, back: string, noticed: readonly string[]])[] =
    [
      [
        'a verdict',
        `update step set class = class # 1 where person_no = 3`,
        `update step set class = class # 1 where person_no = 3`,
        ['steps', 'counts'],
      ],
      [
        'a sum',
        `update count_delta set n = n + 7 where grain = 'D'`,
        `update count_delta set n = n - 7 where grain = 'D'`,
        ['counts', 'forms', 'ledger'],
      ],
      [
        'an item of the ledger, which the village then has and 附件5 has not',
        `update ledger_item set region = '${PLACES.neighbour}' where kind = 'uninsured' and region = '${PLACES.village}'`,
        `update ledger_item set region = '${PLACES.village}' where kind = 'uninsured' and person_no in
         (select person_no from person where region = '${PLACES.village}')`,
        ['steps', 'counts', 'ledger'],
      ],
      [
        'a line of a list',
        `update claim set content = replace(content, '2019-01-01', '2099-01-01') where content like '%2019-01-01%'`,
        `update claim set content = replace(content, '2099-01-01', '2019-01-01') where content like '%2099-01-01%'`,
        ['journal', 'steps'],
      ],
      [
        'a submitted form',
        `update submission_version set body = replace(body, '"region"', '"Region"')`,
        `update submission_version set body = replace(body, '"Region"', '"region"')`,
        ['frozen'],
      ],
      [
        'a submitted form with its digest',
        `create table kept as select * from submission_version;
       update submission_version set body = replace(body, '"region"', '"Region"');
       update submission_version set digest = encode(sha256(convert_to(body, 'UTF8')), 'hex')`,
        `update submission_version v set body = k.body, digest = k.digest from kept k where k.submission = v.submission; drop table kept`,
        ['frozen'],
      ],
      [
        'who did it',
        `update audit_event set actor = '别人' where act = 'submission.submit'`,
        `update audit_event set actor = 'test' where act = 'submission.submit'`,
        ['audit'],
      ],
    ];

  it.each(EDITS)('%s', async (_, edit, back, noticed) => {
    for (const statement of edit.split(';')) await does(statement);
    const said = await failing();
    for (const statement of back.split(';')) await does(statement);
    expect(said).toEqual(noticed);
    expect(await failing()).toEqual([]);
  });

  it('the end of the trail cut off, and a row put between', async () => {
    await does(`create table kept_event as select * from audit_event`);
    await does(`delete from audit_event where seq = (select max(seq) from audit_event)`);
    expect(await failing()).toContain('audit');
    await does(
      `insert into audit_event select k.* from kept_event k where not exists (select 1 from audit_event e where e.seq = k.seq)`,
    );
    await does(`drop table kept_event`);
    expect(await failing()).toEqual([]);
  });

  it('an original put in the place of another', async () => {
    const [file] = await instance.db.asOwner((tx) =>
      tx.query<{ digest: string }>(`select digest from delivery_file where name = '服刑.csv'`),
    );
    const path = join(instance.dir, 'files', file!.digest.slice(0, 2), file!.digest);
    rmSync(path);
    writeFileSync(path, 'another file');
    expect(await failing()).toContain('journal');
  });
});
