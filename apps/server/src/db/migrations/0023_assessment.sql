-- Assessment (考核): schemes as dated data, rounds that are computed, self-assessed, appealed, frozen and published.

-- A county's own schemes; a shipped one holds until there is one under the same code. What was used is never rewritten.
create table assessment_scheme (
  county text collate "C" not null,
  scheme text collate "C" not null,
  version integer not null,
  content jsonb not null,
  document text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, scheme, version)
);

create table assessment_round (
  county text collate "C" not null,
  assessment integer not null,
  title text not null,
  scheme text collate "C" not null,
  -- The scheme as it stood when the round began.
  content jsonb not null,
  day text collate "C" not null,
  self_due_day text collate "C" not null,
  state text collate "C" not null default 'self' constraint assessment_round_state_known
    check (state in ('self', 'draft', 'frozen', 'published')),
  actor text not null,
  made_at timestamptz not null default now(),
  -- SM3 of what is frozen.
  digest text,
  frozen_at timestamptz,
  frozen_by text,
  -- What everybody may read once it is published: places, grades, who passed.
  board jsonb,
  document text,
  published_at timestamptz,
  published_by text,
  primary key (county, assessment)
);

-- Inputs and result, as one canonical text: only the county holds all of them.
create table assessment_frozen (
  county text collate "C" not null,
  assessment integer not null,
  content text not null,
  primary key (county, assessment)
);

-- Who is assessed, with what was counted of it; the county's own line has its code.
create table assessment_unit (
  county text collate "C" not null,
  assessment integer not null,
  -- A place's code, or an office's name.
  unit text collate "C" not null,
  region text collate "C" not null,
  name text not null,
  counted jsonb not null,
  -- 自查评估 in words, and when it was handed in.
  self_text text,
  self_day text collate "C",
  self_actor text,
  -- The result once it is frozen.
  result jsonb,
  primary key (county, assessment, unit)
);
create index assessment_unit_place_ix on assessment_unit (county, region);

-- fact: entered by the county; self: the unit's own.
create table assessment_value (
  county text collate "C" not null,
  assessment integer not null,
  unit text collate "C" not null,
  line text collate "C" not null,
  given text collate "C" not null constraint assessment_value_given_known check (given in ('fact', 'self')),
  region text collate "C" not null,
  amount double precision,
  remark text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, assessment, unit, line, given)
);
create index assessment_value_place_ix on assessment_value (county, region);

create table assessment_appeal (
  county text collate "C" not null,
  assessment integer not null,
  appeal integer not null,
  unit text collate "C" not null,
  region text collate "C" not null,
  line text collate "C" not null,
  claimed double precision,
  reason text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  upheld boolean,
  decided double precision,
  decision text,
  decided_by text,
  decided_at timestamptz,
  primary key (county, assessment, appeal),
  constraint assessment_appeal_decided_whole check (
    (upheld is null) = (decision is null) and (decided is null or coalesce(upheld, false)))
);
create index assessment_appeal_place_ix on assessment_appeal (county, region);

-- Awards (通报表扬) and accountability (问责), each with its paper.
create table assessment_act (
  county text collate "C" not null,
  assessment integer not null,
  act integer not null,
  kind text collate "C" not null constraint assessment_act_kind_known check (kind in ('award', 'accountability')),
  unit text collate "C" not null,
  region text collate "C" not null,
  words text not null,
  document text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, assessment, act)
);
create index assessment_act_place_ix on assessment_act (county, region);

-- What proves a fact, a self-assessment or an appeal; in the encrypted file store.
create table assessment_file (
  county text collate "C" not null,
  assessment integer not null,
  file integer not null,
  unit text collate "C" not null,
  region text collate "C" not null,
  line text collate "C" not null,
  given text collate "C" not null constraint assessment_file_given_known check (given in ('fact', 'self', 'appeal')),
  name text not null,
  stored text collate "C" not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, assessment, file)
);
create index assessment_file_place_ix on assessment_file (county, region);

grant select, insert, update, delete on assessment_scheme, assessment_round, assessment_frozen, assessment_unit,
  assessment_value, assessment_appeal, assessment_act, assessment_file to quanbao_app;
grant select on assessment_scheme, assessment_round, assessment_unit, assessment_value, assessment_appeal,
  assessment_act, assessment_file to quanbao_place;

alter table assessment_scheme enable row level security;
create policy assessment_scheme_scope on assessment_scheme using (county = nullif(current_setting('app.county', true), ''));
alter table assessment_round enable row level security;
create policy assessment_round_scope on assessment_round using (county = nullif(current_setting('app.county', true), ''));
alter table assessment_frozen enable row level security;
create policy assessment_frozen_scope on assessment_frozen using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table assessment_unit enable row level security;
create policy assessment_unit_scope on assessment_unit using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table assessment_value enable row level security;
create policy assessment_value_scope on assessment_value using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table assessment_appeal enable row level security;
create policy assessment_appeal_scope on assessment_appeal using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table assessment_act enable row level security;
create policy assessment_act_scope on assessment_act using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table assessment_file enable row level security;
create policy assessment_file_scope on assessment_file using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
