-- Survey management (摸底管理): who covers which village, rounds of visits, back-checks, head counts signed by villages.
-- Progress is stored nowhere: it is counted from visits and the ledger.

-- A village, or a group of it, given to an account for a time.
create table village_cover (
  county text collate "C" not null,
  cover integer not null,
  region text collate "C" not null,
  -- 组, as addresses write it; empty for the whole village.
  people_group text not null,
  account text collate "C" not null,
  from_day text collate "C" not null,
  -- Half-open; null while it lasts.
  to_day text collate "C",
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, cover)
);
create index village_cover_place_ix on village_cover (county, region);

-- A round of visits: whom it lists follows from its basis and its days.
create table survey_round (
  county text collate "C" not null,
  round integer not null,
  name text not null,
  basis text collate "C" not null constraint survey_round_basis_known check (basis in ('ledger', 'province', 'village')),
  -- Kinds of ledger items, by comma.
  kinds text not null,
  region text collate "C" not null,
  from_day text collate "C" not null,
  due_day text collate "C" not null,
  quota integer,
  revisit_days integer,
  actor text not null,
  made_at timestamptz not null default now(),
  ended_at timestamptz,
  ended_by text,
  primary key (county, round),
  constraint survey_round_days_in_order check (from_day <= due_day)
);

-- A back-check: visits drawn by hash from those of a place and a time; the seed draws the same again.
create table back_check (
  county text collate "C" not null,
  back_check integer not null,
  round integer,
  region text collate "C" not null,
  from_day text collate "C" not null,
  to_day text collate "C" not null,
  seed text not null,
  size text not null,
  -- How many visits there were to draw from.
  visits integer not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, back_check)
);
create table back_check_visit (
  county text collate "C" not null,
  back_check integer not null,
  command uuid not null,
  person_no bigint not null,
  region text collate "C" not null,
  -- Who made the visit that is checked.
  worker text not null,
  result text collate "C" constraint back_check_visit_result_known check (result in ('same', 'different', 'unverifiable')),
  note text not null default '',
  checked_by text,
  checked_at timestamptz,
  primary key (county, back_check, command)
);

-- 核实户籍人口、核准应参保人数: the figures a village signed for, each version kept.
create table headcount (
  county text collate "C" not null,
  region text collate "C" not null,
  version integer not null,
  day text collate "C" not null,
  population integer not null,
  in_scope integer not null,
  signer text not null,
  -- village, town or county: who signed for it.
  signer_level text not null,
  signed_at timestamptz not null default now(),
  primary key (county, region, version)
);

-- Since when a device has held something unsent without a break.
alter table device add column waiting_since timestamptz;
update device set waiting_since = seen_at where waiting > 0;

grant select, insert, update, delete on village_cover, survey_round, back_check, back_check_visit, headcount to quanbao_app;
grant select on village_cover, survey_round, back_check, back_check_visit, headcount to quanbao_place;

alter table village_cover enable row level security;
create policy village_cover_scope on village_cover using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table back_check_visit enable row level security;
create policy back_check_visit_scope on back_check_visit using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table headcount enable row level security;
create policy headcount_scope on headcount using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
-- What is asked of a place from above concerns it, too: the round, and the back-check whose visits it sees its own of.
alter table survey_round enable row level security;
create policy survey_round_scope on survey_round using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
alter table back_check enable row level security;
create policy back_check_scope on back_check using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
