import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf, type TestInstance } from '../testing/instance.ts';
import { PLACEMENT } from './citus.ts';
import type { Database, Scope, Tx } from './port.ts';
import { openPostgres } from './postgres.ts';
import { APP_ROLE, PLACE_ROLE, ROLES, scopeSql } from './session.ts';
import { showPeople } from './shown.ts';

const HERE = '430981';
const THERE = '450324';
const TOWN = '430981101';
const VILLAGE = '430981101201';
const OTHER_TOWN = '430981102';

/** Rows that belong to the place they name. */
const SCOPED = [
  'person',
  'person_search',
  'step',
  'finding',
  'count_delta',
  'rejected_row',
  'ledger_item',
  'ledger_event',
  'ledger_closing',
  'ledger_task',
  'notice',
  'visit',
  'found_person',
  'device',
  'workbook_issue',
  'workbook_line',
  'workbook_return',
  'workbook_row',
  'village_cover',
  'back_check_visit',
  'headcount',
  'address_application',
  'target_share',
  'target_receipt',
  'submission',
  'submission_version',
  'submission_event',
  'supervision_order',
  'supervision_step',
  'warning_notice',
  'meeting',
  'meeting_decision',
  'city_problem',
  'assessment_unit',
  'assessment_value',
  'assessment_appeal',
  'assessment_act',
  'assessment_file',
];
/** Also seen by the places inside the one they name. */
const FROM_ABOVE = [
  'delivery',
  'survey_round',
  'back_check',
  'checklist',
  'checklist_item',
  'checklist_event',
  'checklist_gate',
  'team_member',
  'filing',
  'paper',
];
/** Read by everybody in the county. */
const COUNTY_WIDE = [
  'county',
  'region',
  'step_class',
  'own_form',
  'search_due',
  'saved_filter',
  'name_key',
  'address_rule',
  'target_plan',
  'target_version',
  'paper_template',
  'supervision_rule',
  'assessment_scheme',
  'assessment_round',
];
/** Nobody's who works with people: passwords and sessions. */
const DOOR_ONLY = ['account', 'session'];
/** In the order of foreign keys. */
const TABLES = Object.keys(PLACEMENT).filter((table) => table !== 'quanbao_migration');
/** All the rest, whatever is added: only for the county's own office. */
const COUNTY_ONLY = TABLES.filter(
  (table) => ![...SCOPED, ...COUNTY_WIDE, ...DOOR_ONLY, ...FROM_ABOVE, 'audit_event'].includes(table),
);
/** What a place is not even granted, so that a question about it is an error. */
const NOT_GRANTED = COUNTY_ONLY.filter(
  (table) => !['scheme_code', 'claim', 'adjudication', 'address_placement'].includes(table),
);

const SAMPLES: Readonly<Record<string, string>> = {
  text: `'x'`,
  integer: '1',
  bigint: '1',
  boolean: 'false',
  uuid: 'gen_random_uuid()',
  bytea: `'\\x00'`,
  jsonb: `'{}'`,
  'timestamp with time zone': 'now()',
  mode: `'full'`,
  state: `'verify'`,
  'found_person.state': `'open'`,
  verdict: `'accepted'`,
  stored: 'gen_random_uuid()::text',
  device: 'gen_random_uuid()::text',
  basis: `'ledger'`,
  column_no: '7',
  kind: `'pattern'`,
  'checklist_event.act': `'request'`,
  'team_member.role': `'leader'`,
  'target_plan.kind': `'verify'`,
  'paper_template.kind': `'weekly'`,
  'paper.kind': `'weekly'`,
  'paper.state': `'issued'`,
  'paper.maker': `'county'`,
  frozen: `'{}'`,
  digest: `'x'`,
  unit: `'heads'`,
  how: `'given'`,
  every: `'week'`,
  'submission.state': `'prepared'`,
  'submission_event.act': `'submit'`,
  'supervision_step.act': `'answer'`,
  'supervision_order.state': `'open'`,
  colour: `'red'`,
  'meeting.kind': `'study'`,
  'meeting_decision.state': `'open'`,
  'city_problem.state': `'raised'`,
  'supervision_rule.rule': `'calendar'`,
  given: `'self'`,
  'assessment_act.kind': `'award'`,
  ARRAY: `'{}'`,
};

/** A row in every table for each of the two counties; in those of `SCOPED` one for each place. */
async function fill(tx: Tx): Promise<void> {
  const columns = await tx.query<{ table: string; name: string; type: string }>(
    `select table_name::text as table, column_name::text as name, data_type::text as type from information_schema.columns
     where table_schema = 'public' and (is_nullable = 'NO' and column_default is null and is_identity = 'NO' or column_name in ('region', 'column_no'))`,
  );
  const add = async (table: string, county: string, region: string, n: number): Promise<void> => {
    const own = columns.filter((c) => c.table === table);
    const values = own.map((c) => {
      if (c.name === 'county') return `'${county}'`;
      if (c.name === 'region') return `'${region}'`;
      if (
        [
          'person_no',
          'no',
          'delivery',
          'closing',
          'issue',
          'return_no',
          'cover',
          'round',
          'back_check',
          'application',
          'list',
          'member',
          'filing',
          'paper',
          'submission',
          'number',
          'meeting',
          'problem',
          'assessment',
        ].includes(c.name)
      )
        return String(n);
      return SAMPLES[`${table}.${c.name}`] ?? SAMPLES[c.name] ?? SAMPLES[c.type] ?? 'null';
    });
    await tx.query(
      `insert into ${table} (${own.map((c) => `"${c.name}"`).join(',')}) values (${values.join(',')})`,
    );
  };
  for (const county of [HERE, THERE]) {
    const places = county === HERE ? [HERE, TOWN, VILLAGE, OTHER_TOWN] : [THERE, `${THERE}101`];
    for (const table of TABLES) {
      const each = placedRows(table) ? places : [county];
      for (const [i, region] of each.entries()) await add(table, county, region, i + 1);
    }
  }
}

function placedRows(table: string): boolean {
  return SCOPED.includes(table) || FROM_ABOVE.includes(table) || table === 'audit_event';
}

/** What a scope can see of each table, as `county/region` where a row has a region. */
async function seen(tx: Tx, table: string): Promise<string[]> {
  const placed = placedRows(table);
  const [granted] = await tx.query<{ ok: boolean }>(`select has_table_privilege('${table}', 'select') as ok`);
  if (!granted?.ok) return [];
  const rows = await tx.query<{ county: string; region: string | null }>(
    `select county, ${placed ? 'region' : 'null as region'} from ${table} order by 1, 2`,
  );
  return rows.map((row) => (placed ? `${row.county}/${row.region}` : row.county));
}

/** Tables of which a place of 430981 sees rows it must not. */
async function leaks(tx: Tx, region: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const table of TABLES) {
    const rows = await seen(tx, table);
    const allowed = (line: string): boolean => {
      const [county, place] = line.split('/');
      if (county !== HERE) return false;
      if (DOOR_ONLY.includes(table)) return false;
      if (COUNTY_ONLY.includes(table)) return region === HERE;
      if (FROM_ABOVE.includes(table) && region.startsWith(place as string)) return true;
      return place === undefined || region === HERE || place.startsWith(region);
    };
    if (!rows.every(allowed)) wrong.push(table);
  }
  return wrong;
}

class Undo extends Error {}

/** Runs within the scope and takes everything back. */
async function tried<T>(db: Database, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  let result: T | undefined;
  await db
    .transaction(scope, async (tx) => {
      result = await work(tx);
      throw new Undo();
    })
    .catch((error) => {
      if (!(error instanceof Undo)) throw error;
    });
  return result as T;
}

describe.each(engines)('row security on %s', (engine) => {
  let instance: TestInstance;
  let db: Database;
  beforeAll(async () => {
    instance = await openTestInstance(engine);
    db = instance.db;
    await db.asOwner(fill);
  });
  afterAll(() => instance?.close());

  it('covers every table', async () => {
    const rows = await db.asOwner((tx) =>
      tx.query<{ name: string }>(
        `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
      ),
    );
    expect([...TABLES, 'quanbao_migration'].sort()).toEqual(rows.map((row) => row.name).sort());
  });

  it('shows a county all of its own and nothing else', async () => {
    await db.transaction(scopeOf(HERE), async (tx) => {
      expect(await leaks(tx, HERE)).toEqual([]);
      for (const table of TABLES) {
        expect((await seen(tx, table)).length > 0, table).toBe(!DOOR_ONLY.includes(table));
      }
      expect(await seen(tx, 'person')).toEqual(
        [HERE, TOWN, VILLAGE, OTHER_TOWN].sort().map((r) => `${HERE}/${r}`),
      );
    });
  });

  it('shows a town its own people and the deliveries that concern it, and of what lists say nothing', async () => {
    await db.transaction(scopeOf(HERE, TOWN), async (tx) => {
      expect(await leaks(tx, TOWN)).toEqual([]);
      for (const table of SCOPED) {
        expect(await seen(tx, table), table).toEqual([`${HERE}/${TOWN}`, `${HERE}/${VILLAGE}`]);
      }
      for (const table of COUNTY_ONLY) expect(await seen(tx, table), table).toEqual([]);
      for (const table of COUNTY_WIDE) expect(await seen(tx, table), table).toEqual([HERE]);
      for (const table of FROM_ABOVE) {
        expect(await seen(tx, table), table).toEqual([HERE, TOWN, VILLAGE].map((r) => `${HERE}/${r}`));
      }
    });
    await db.transaction(scopeOf(HERE, VILLAGE), async (tx) => {
      expect(await leaks(tx, VILLAGE)).toEqual([]);
      expect(await seen(tx, 'person')).toEqual([`${HERE}/${VILLAGE}`]);
      for (const table of FROM_ABOVE) {
        expect(await seen(tx, table), table).toEqual([HERE, TOWN, VILLAGE].map((r) => `${HERE}/${r}`));
      }
    });
  });

  it("shows a town another one's delivery of the lists that the forms are about", async () => {
    for (const [source, sees] of [
      ['household-register', true],
      ['province-list', true],
      ['survey-workbook', false],
    ] as const) {
      const rows = await tried(db, scopeOf(HERE), async (tx) => {
        await tx.query(`update delivery set source = '${source}'`);
        await tx.query(scopeSql(scopeOf(HERE, TOWN), 'pglite'));
        return seen(tx, 'delivery');
      });
      expect(rows.includes(`${HERE}/${OTHER_TOWN}`), source).toBe(sees);
      expect(rows.every((row) => row.startsWith(HERE))).toBe(true);
    }
  });

  it('shows a town what lists say of people who stand or stood there, once they are named, and of nobody else', async () => {
    const numbers = (tx: Tx, table: string) =>
      tx
        .query<{ n: number }>(`select person_no as n from ${table} order by 1`)
        .then((r) => r.map(({ n }) => n));
    const everybody = [1, 2, 3, 4];
    const read = (scope: Scope, moved: string) =>
      tried(db, scopeOf(HERE), async (tx) => {
        await tx.query(`delete from claim; delete from adjudication`);
        for (const n of everybody) {
          await tx.query(`insert into claim values ('${HERE}', 1, ${n}, '', null, 1, 1, '{}', null)`);
          await tx.query(
            `insert into adjudication values ('${HERE}', 1, ${n}, 7, '2020-01-01', '9999-12-31', 'r', 'd', 'd', 'a')`,
          );
        }
        await tx.query(`update person set region = '${moved}' where person_no = 2`);
        await tx.query(`set local role ${PLACE_ROLE}; ${scopeSql(scope, 'pglite')}`);
        expect(await numbers(tx, 'claim')).toEqual([]);
        await showPeople(tx, scope, everybody);
        return [await numbers(tx, 'claim'), await numbers(tx, 'adjudication'), await numbers(tx, 'person')];
      });
    // 2 and 3 have steps in the town and its village.
    expect(await read(scopeOf(HERE, TOWN), TOWN)).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect(await read(scopeOf(HERE, TOWN), OTHER_TOWN)).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect(await read(scopeOf(HERE, VILLAGE), TOWN)).toEqual([[3], [3], [3]]);
  });

  it('lets a town write nothing but its trail', async () => {
    for (const sql of [
      'insert into delivery select * from delivery',
      `update delivery set undone_at = now()`,
      'delete from delivery',
      `update person set name = '改'`,
      'delete from step',
      `update county set name = '改'`,
      'delete from rejected_row',
      ...[...NOT_GRANTED, ...DOOR_ONLY].map((table) => `select 1 from ${table}`),
    ]) {
      await expect(
        db.transaction(scopeOf(HERE, TOWN), (tx) => tx.query(sql)),
        sql,
      ).rejects.toMatchObject({
        code: '42501',
      });
    }
    await tried(db, scopeOf(HERE, TOWN), (tx) =>
      tx.query(`insert into audit_event (county, actor, act, subject) values ('${HERE}', 'a', 'b', 'c')`),
    );
  });

  it('lets whoever only reads see the county and change nothing', async () => {
    const reader: Scope = { ...scopeOf(HERE), duty: 'read' };
    await db.transaction(reader, async (tx) => {
      expect(await leaks(tx, HERE)).toEqual([]);
      expect(await seen(tx, 'person')).toHaveLength(4);
    });
    // What he has saved is his own to drop.
    for (const table of TABLES.filter((one) => one !== 'saved_filter')) {
      await expect(
        db.transaction(reader, (tx) => tx.query(`delete from ${table}`)),
        table,
      ).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('shows an office its own deliveries and counts, and nobody by name', async () => {
    const office: Scope = { ...scopeOf(HERE), duty: 'office', sources: ['deaths'] };
    const deliveries = await tried(db, scopeOf(HERE), async (tx) => {
      await tx.query(
        `update delivery set source = case delivery when 1 then 'deaths' when 2 then 'prisoners' when 3 then 'household-register' else 'students' end`,
      );
      await tx.query(scopeSql(office, 'pglite'));
      return tx.query<{ source: string }>('select source from delivery order by delivery');
    });
    expect(deliveries.map((row) => row.source)).toEqual(['deaths', 'household-register']);
    for (const table of [
      'person',
      'claim',
      'step',
      'finding',
      'adjudication',
      'delivery_file',
      ...DOOR_ONLY,
    ]) {
      await expect(
        db.transaction(office, (tx) => tx.query(`select 1 from ${table}`)),
        table,
      ).rejects.toMatchObject({ code: '42501' });
    }
    expect(await db.transaction({ ...office, sources: [] }, (tx) => seen(tx, 'delivery'))).toEqual([]);
  });

  it('keeps accounts of the county behind the door, and people out of it', async () => {
    const door: Scope = { ...scopeOf(HERE), duty: 'door' };
    await db.transaction(door, async (tx) => {
      for (const table of DOOR_ONLY) expect(await seen(tx, table), table).toEqual([HERE]);
      for (const table of [...SCOPED, ...COUNTY_ONLY, ...FROM_ABOVE].filter(
        (t) => !['audit_block', 'scheme_code'].includes(t),
      )) {
        expect(await seen(tx, table), table).toEqual([]);
      }
    });
    await expect(db.transaction(door, (tx) => tx.query('select 1 from person'))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it.each([
    ['missing', ''],
    ['empty', `; set local app.county = ''; set local app.lo = ''; set local app.hi = ''`],
    ['without a range', `; set local app.county = '${HERE}'; set local app.lo = ''; set local app.hi = ''`],
    ['without a county', `; set local app.lo = '${HERE}'; set local app.hi = '${HERE}~'`],
  ])('shows nothing to a scope that is %s', async (name, sql) => {
    for (const role of ROLES) {
      await db
        .asOwner(async (tx) => {
          await tx.query(`update delivery set source = 'household-register'; set local role ${role}${sql}`);
          for (const table of TABLES) {
            const rows = await seen(tx, table);
            const told =
              ['quanbao_app', 'quanbao_place'].includes(role) &&
              COUNTY_WIDE.includes(table) &&
              table !== 'name_key';
            if (name === 'without a range' && told) expect(rows).toEqual([HERE]);
            else if (name === 'without a range' && COUNTY_WIDE.includes(table)) {
              expect(rows.every((row) => row === HERE)).toBe(true);
            } else expect(rows, table).toEqual([]);
          }
          throw new Undo();
        })
        .catch((error) => {
          if (!(error instanceof Undo)) throw error;
        });
    }
  });

  it('does not show the migrations, and lets nobody touch the schema', async () => {
    for (const sql of [
      'select * from quanbao_migration',
      'alter table person disable row level security',
      'create table mine (a int)',
      'truncate person',
      `update audit_event set actor = 'y'`,
      'delete from audit_event',
      `insert into audit_block values ('${HERE}', 9, 1, 1, 1, '1', 1, 'b', 'p', 'h', now())`,
    ]) {
      await expect(
        db.transaction(scopeOf(HERE), (tx) => tx.query(sql)),
        sql,
      ).rejects.toMatchObject({ code: '42501' });
    }
  });

  const person = (county: string, region: string): string =>
    `insert into person values ('${county}', 99, gen_random_uuid(), '\\x00', '1950-01-01', '男', '某', '${region}')`;
  it.each([
    ['another county', scopeOf(HERE), person(THERE, `${THERE}101`)],
    ['a foreign journal', scopeOf(HERE), `insert into touched values ('${THERE}', 5, 5)`],
    [
      'a move out of the county',
      scopeOf(HERE),
      `update person set county = '${THERE}', person_no = 50 where person_no = 1`,
    ],
    [
      'a foreign trail',
      scopeOf(HERE),
      `insert into audit_event (county, actor, act, subject) values ('${THERE}', 'a', 'b', 'c')`,
    ],
  ])('refuses to write into %s', async (_, scope, sql) => {
    await expect(db.transaction(scope, (tx) => tx.query(sql))).rejects.toThrow(/row-level security/);
  });

  it('is found missing by these tests when a policy is dropped or opened', async () => {
    const tamper = async (sql: string): Promise<string[]> => {
      let found: string[] = [];
      await db
        .asOwner(async (tx) => {
          await tx.query(`${sql}; ${scopeSql(scopeOf(HERE, TOWN), 'pglite')}`);
          found = await leaks(tx, TOWN);
          throw new Undo();
        })
        .catch((error) => {
          if (!(error instanceof Undo)) throw error;
        });
      return found;
    };
    expect(await tamper('select 1')).toEqual([]);
    expect(await tamper('alter table claim disable row level security')).toEqual(['claim']);
    expect(await tamper('alter table delivery disable row level security')).toEqual(['delivery']);
    expect(
      await tamper(
        `drop policy person_scope on person; create policy person_scope on person using (region like current_setting('app.nothing', true) || '%' or true)`,
      ),
    ).toEqual(['person']);
    expect(
      await tamper('drop policy step_scope on step; alter table step disable row level security'),
    ).toEqual(['step']);
    expect(await db.transaction(scopeOf(HERE, TOWN), (tx) => leaks(tx, TOWN))).toEqual([]);
  });

  it('leaves nothing of a scope on the connection for the next user', async () => {
    const pool = instance.url === undefined ? db : await openPostgres(instance.url, { max: 1 });
    try {
      await pool.transaction(scopeOf(THERE), (tx) => seen(tx, 'person'));
      const failed = pool.transaction(scopeOf(THERE), (tx) => tx.query('select 1 / 0'));
      await expect(failed).rejects.toThrow(/zero/);
      // Without `enter`, as the role: the variables exist by now and are empty, not null.
      await pool.asOwner(async (tx) => {
        const [row] = await tx.query(
          `select current_user <> '${APP_ROLE}' as owner, current_setting('app.county', true) as county, current_setting('app.lo', true) as lo`,
        );
        expect(row).toEqual({ owner: true, county: '', lo: '' });
        await tx.query(`set local role ${APP_ROLE}`);
        for (const table of TABLES) expect(await seen(tx, table), table).toEqual([]);
      });
      expect(await pool.transaction(scopeOf(HERE, TOWN), (tx) => leaks(tx, TOWN))).toEqual([]);
    } finally {
      if (pool !== db) await pool.close();
    }
  });

  it('cannot be passed by with a bulk load', async () => {
    const columns = ['county', 'person_no', 'kind', 'from_day', 'to_day', 'region'];
    const line = (county: string): string => `${county}\t7\tk\t2020-08-01\t9999-12-31\t${county}\n`;
    const load = (text: string | string[], scope = scopeOf(HERE), table = 'finding', cols = columns) =>
      tried(db, scope, async (tx) => {
        const n = await tx.copyIn(table, cols, [text].flat());
        const [row] = await tx.query(`select current_user::text as role`);
        return { n, ...row };
      });
    expect(await load([line(HERE), '', line(HERE).replace('\t7\t', '\t8\t')])).toEqual({
      n: 2,
      role: APP_ROLE,
    });
    await expect(load(line(THERE))).rejects.toThrow(/another county/);
    await expect(load(line(HERE) + line(THERE))).rejects.toThrow(/another county/);
    await expect(load([line(HERE), line(THERE)])).rejects.toThrow(/another county/);
    await expect(load(`${line(HERE).slice(0, -1)}\r${line(THERE).slice(0, -1)}\r\n`)).rejects.toThrow(/\\n/);
    await expect(load(line(HERE).slice(0, -1))).rejects.toThrow(/\\n/);
    await expect(load(line(HERE), scopeOf(HERE, TOWN))).rejects.toThrow(/county itself/);
    await expect(load(line(HERE), scopeOf(HERE), 'audit_block')).rejects.toThrow(/no bulk load/);
    await expect(load(line(HERE), scopeOf(HERE), 'finding', [...columns].reverse())).rejects.toThrow(
      /county/,
    );
    await expect(load(line(HERE), scopeOf(HERE), 'finding', ['county', 'kind) --'])).rejects.toThrow(/name/);
    expect(await db.asOwner((tx) => seen(tx, 'finding'))).toHaveLength(6);
  });
});

describe('the statements of a scope', () => {
  it('quote the actor and take nothing that is no place', () => {
    expect(scopeSql(scopeOf(HERE, TOWN, `O'Brien\\'; drop table person; --`), 'postgres')).toContain(
      ` E'O''Brien\\\\''; drop table person; --'`,
    );
    for (const bad of [
      scopeOf(`43098'`),
      scopeOf('4309'),
      scopeOf(HERE, THERE),
      scopeOf(HERE, `${HERE}101' or '1`),
      scopeOf(HERE, ''),
      scopeOf(HERE, HERE, ''),
      scopeOf(HERE, HERE, '430981194006011234'),
      scopeOf(HERE, HERE, '４３０９８１ 19400601 123X'),
    ]) {
      expect(() => scopeSql(bad, 'postgres')).toThrow();
    }
  });

  it('come after the switch that carries them to the shards of Citus', () => {
    expect(scopeSql(scopeOf(HERE), 'citus')).toMatch(
      /^set local citus\.propagate_set_commands = 'local'; set local role/,
    );
  });
});
