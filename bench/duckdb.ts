// The yardstick: the same job as one plain DuckDB script, on disk, both cores. It keeps no history, no evidence,
// no audit and no encryption, and knows one county on one day; a clerk who can write SQL would do it so.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { BASE_DAY, DELTA_DAY } from './data.ts';
import type { AreaCells, Measured } from './measure.ts';
import { clock } from './measure.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKSUM = WEIGHTS.map((w, i) => `(ascii(id[${i + 1}]) - 48) * ${w}`).join(' + ');

const MACROS = `
  create macro cleaned(raw) as case when regexp_full_match(raw, '[0-9]{17}[0-9X]') then raw
    else upper(translate(regexp_replace(raw, '[\\s\\x{3000}\\x{200b}-\\x{200f}\\x{feff}]', '', 'g'),
      '０１２３４５６７８９ｘＸ', '0123456789XX')) end;
  create macro right_id(id) as regexp_full_match(id, '[0-9]{17}[0-9X]')
    and try_cast(id[7:10] || '-' || id[11:12] || '-' || id[13:14] as date) is not null
    and '10X98765432'[(${CHECKSUM}) % 11 + 1] = id[18];`;

/** Bits of what the lists say about one ID. */
const ITEMS: Readonly<Record<string, (day: string) => string>> = {
  deaths: (day) => `case when cast("死亡日期" as date) <= date '${day}' then 1 else 0 end`,
  'employees-in-province': () => `case when "状态" = '在职' then 2 else 64 end`,
  'public-sector-in-province': () => '4',
  'employees-elsewhere': () => '8',
  'residents-scheme': () =>
    `case when ("参保状态", "缴费状态") in (('正常参保','参保缴费'),('暂停参保','暂停缴费'),('正常参保','终止缴费')) then 16 else 0 end`,
  prisoners: (day) =>
    `case when cast("刑期起" as date) <= date '${day}' and cast("刑期止" as date) >= date '${day}' then 128 else 0 end`,
  military: (day) => `case when cast("入伍时间" as date) <= date '${day}' then 256 else 0 end`,
  students: () => '512',
};

const DELTA_ITEMS = ['deaths', 'employees-in-province', 'residents-scheme'];

const csv = (dir: string, part: string, source: string): string =>
  `read_csv('${join(dir, part, `${source}.csv`)}', all_varchar = true, header = true)`;

const items = (dir: string, part: string, sources: readonly string[], day: string): string =>
  sources
    .map(
      (s) =>
        `select '${s}' as list, cleaned("身份证号码") as id, ${(ITEMS[s] as (day: string) => string)(day)} as bit from ${csv(dir, part, s)}`,
    )
    .join(' union all ');

const payments = (dir: string, part: string, day: string): string =>
  `select cleaned("身份证号码") as id, cast("金额" as decimal(12, 2)) as amount from ${csv(dir, part, 'residents-payments')}
   where "缴费年度" = '2020' and cast("日期" as date) <= date '${day}'`;

const register = (dir: string, part: string): string =>
  `select cleaned("身份证号码") as id, "姓名" as name, "户籍地址" as address, "行政区划代码" as village,
     case "户籍状态" when '死亡' then 1 when '管理中' then 0 else 1024 end as status from ${csv(dir, part, 'household-register')}`;

/** The ordered verdict: 附件3 column. `f` holds the bits, `young` whether the person is under 16. */
const COLUMN = `case when f & 1 <> 0 then 16 when f & 2 <> 0 then 8 when f & 4 <> 0 then 9 when f & 8 <> 0 then 10
  when f & 16 <> 0 then 7 when f & 64 <> 0 then 8 when f & 128 <> 0 then 14 when f & 256 <> 0 then 13
  when f & 512 <> 0 then 12 when f & 1024 <> 0 then 17 when young then 17 else 7 end`;

const judged = (people: string, day: string): string => `
  select id, name, address, village, status, f, paid, ${COLUMN} as col, f & 16 <> 0 and ${COLUMN} = 7 as registered
  from (select p.*, p.status | coalesce(i.f, 0) as f, coalesce(m.paid, false) as paid,
          cast(id[7:10] || '-' || id[11:12] || '-' || id[13:14] as date) + interval 16 year > date '${day}' as young
        from (${people}) p
        left join (select id, bit_or(bit) as f from item group by id) i using (id)
        left join (select id, sum(amount) > 0 as paid from payment group by id) m using (id))`;

export async function runDuckdb(dir: string, work: string): Promise<Measured> {
  const path = join(work, 'yardstick.duckdb');
  const instance = await DuckDBInstance.create(path, { threads: '2' });
  const db = await instance.connect();
  const seconds: Record<string, number> = {};
  const run = async (name: string, sql: string): Promise<void> => {
    const done = clock();
    await db.run(sql);
    seconds[name] = (seconds[name] ?? 0) + done();
  };
  const rows = async (sql: string): Promise<AreaCells> =>
    Object.fromEntries(
      (await (await db.runAndReadAll(sql)).getRowsJson()).map(([area, ...n]) => [
        String(area),
        n.map(Number),
      ]),
    );
  const whole = clock();
  await run('load', MACROS);
  await run(
    'load',
    `create table item as select distinct list, id, bit from (${items(dir, 'base', Object.keys(ITEMS), BASE_DAY)}) where right_id(id)`,
  );
  await run(
    'load',
    `create table payment as select * from (${payments(dir, 'base', BASE_DAY)}) where right_id(id)`,
  );
  await run(
    'load',
    `create table register as select * from (${register(dir, 'base')}) where right_id(id) qualify row_number() over (partition by id order by status, village) = 1`,
  );
  await run(
    'verdicts',
    `create table person as select row_number() over () as person_no, * from (${judged('select * from register', BASE_DAY)})`,
  );
  await run(
    'indexes',
    'alter table person add primary key (person_no); create unique index person_id on person (id); create index person_village on person (village, col, person_no)',
  );
  await run(
    'counts',
    `create table stat as select village, col, registered, paid, count(*)::bigint as n from person group by all`,
  );
  const base = await rows(FORM);
  await run('checkpoint', 'checkpoint');
  seconds.whole = whole();

  const delta = clock();
  await db.run('begin');
  // A later row of a list replaces what that list said before.
  await db.run(
    `create temp table news as select distinct list, id, bit from (${items(dir, 'delta', DELTA_ITEMS, DELTA_DAY)}) where right_id(id)`,
  );
  await db.run('delete from item where (list, id) in (select list, id from news)');
  await db.run('insert into item from news');
  await db.run(
    `create temp table paid_now as select * from (${payments(dir, 'delta', DELTA_DAY)}) where right_id(id)`,
  );
  await db.run('insert into payment from paid_now');
  await db.run(`create temp table moved as select * from (${register(dir, 'delta')}) where right_id(id)`);
  // Whoever a list names, and whoever turned 16 since.
  await db.run(`create temp table touched as select id from news union select id from paid_now union select id from moved
    union select id from person where cast(id[7:10] || '-' || id[11:12] || '-' || id[13:14] as date) + interval 16 year
      between date '${BASE_DAY}' and date '${DELTA_DAY}'`);
  await db.run(`create temp table before as select * from person where id in (select id from touched)`);
  await db.run(`create temp table known as select coalesce(m.id, b.id) as id, coalesce(m.name, b.name) as name, coalesce(m.address, b.address) as address,
    coalesce(m.village, b.village) as village, coalesce(m.status, b.status) as status from before b full join moved m using (id)`);
  await db.run(`create temp table item_now as select * from item where id in (select id from touched)`);
  await db.run(`create temp table payment_now as select * from payment where id in (select id from touched)`);
  await db.run(
    `create temp table after as ${judged('select * from known', DELTA_DAY)
      .replace('from item group', 'from item_now group')
      .replace('from payment group', 'from payment_now group')}`,
  );
  await db.run('delete from person where id in (select id from before)');
  await db.run(`insert into person select coalesce(b.person_no, (select max(person_no) from person) + row_number() over ()), a.*
    from after a left join before b using (id)`);
  await db.run(`merge into stat using (
      select village, col, registered, paid, sum(n) as n from (
        select village, col, registered, paid, -1 as n from before union all select village, col, registered, paid, 1 from after) group by all) d
    on stat.village = d.village and stat.col = d.col and stat.registered = d.registered and stat.paid = d.paid
    when matched then update set n = stat.n + d.n
    when not matched then insert values (d.village, d.col, d.registered, d.paid, d.n)`);
  await db.run('commit');
  const changed = await rows(FORM);
  seconds.delta = delta();
  db.closeSync();
  instance.closeSync();
  return {
    seconds,
    peakMb: process.resourceUsage().maxRSS / 1024,
    diskMb: statSync(path).size / 1024 ** 2,
    base,
    changed,
  };
}

/** Columns 3, 4, 7–16 of 附件4, then registered and paid of 附件5, per town. */
const FORM = `select village[1:9], sum(n), sum(n) filter (where col = 7),
  ${[8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((c) => `coalesce(sum(n) filter (where col = ${c}), 0)`).join(', ')},
  sum(n) filter (where registered), sum(n) filter (where registered and paid)
  from stat group by 1 order by 1`;
