-- The journal (deliveries, fixes, adjudications, divisions, settings) and what is derived from it
-- (claims, steps, findings, counts). Every key carries the county, so that Citus can distribute by it;
-- no triggers; codes that are compared by range are collated "C".

create table county (
  county text collate "C" primary key,
  name text not null,
  -- Turns of steps are written ahead to this day; only grows (coverage §0).
  horizon text collate "C" not null,
  settings jsonb not null default '{}',
  next_delivery integer not null default 1,
  next_change bigint not null default 1
);

create table region (
  county text collate "C" not null,
  code text collate "C" not null,
  name text not null,
  level text not null,
  parent text collate "C" not null,
  valid_from text collate "C" not null,
  valid_to text collate "C" not null,
  successor text collate "C" not null default '',
  aliases text not null default '',
  primary key (county, code)
);

create table scheme_code (
  county text collate "C" not null,
  scheme_code text collate "C" not null,
  valid_from text collate "C" not null,
  valid_to text collate "C" not null,
  region text collate "C" not null,
  primary key (county, scheme_code, valid_from)
);

-- Header corrections a clerk made, remembered per source.
create table header_choice (
  county text collate "C" not null,
  source text not null,
  header text not null,
  column_key text not null,
  primary key (county, source, header)
);

create table delivery (
  county text collate "C" not null,
  delivery integer not null,
  source text not null,
  sender text not null,
  region text collate "C" not null,
  as_of text collate "C" not null,
  mode text not null constraint delivery_mode_known check (mode in ('full', 'delta')),
  digest text not null,
  -- 缴费年度 that a full payments list contains.
  years text not null default '',
  counts jsonb not null,
  summary jsonb not null,
  actor text not null,
  received_at timestamptz not null default now(),
  undone_at timestamptz,
  undone_by text,
  primary key (county, delivery)
);
create index delivery_series_ix on delivery (county, source, sender, as_of, delivery);

create table delivery_file (
  county text collate "C" not null,
  delivery integer not null,
  file_no integer not null,
  name text not null,
  digest text not null,
  bytes bigint not null,
  primary key (county, delivery, file_no),
  constraint delivery_file_delivery_fk foreign key (county, delivery) references delivery (county, delivery)
);

create table rejected_row (
  county text collate "C" not null,
  delivery integer not null,
  no integer not null,
  file text not null,
  sheet text not null,
  row_no integer not null,
  column_name text not null,
  code text not null,
  message text not null,
  masked text not null,
  -- Keyed hash of the wrong value: a fix is found by it, the value itself is nowhere in the clear.
  wrong_hash text not null,
  -- Region of the row where it could be told: the quarantine is shown beside the population of that place.
  region text collate "C" not null,
  primary key (county, delivery, no),
  constraint rejected_row_delivery_fk foreign key (county, delivery) references delivery (county, delivery)
);

-- Keyed by series and wrong value; holds from as_of for later deliveries with the same wrong value too.
create table id_fix (
  county text collate "C" not null,
  fix integer not null,
  source text not null,
  sender text not null,
  region text collate "C" not null,
  wrong_hash text not null,
  id_cipher bytea not null,
  as_of text collate "C" not null,
  actor text not null,
  made_at timestamptz not null default now(),
  undone_at timestamptz,
  primary key (county, fix)
);

-- Numbers are taken while files are read, outside any lock; one that is not used leaves a gap.
create sequence person_number;

create table person (
  county text collate "C" not null,
  person_no bigint not null,
  id_hash uuid not null,
  id_cipher bytea not null,
  birth text collate "C" not null,
  sex text not null,
  name text not null,
  -- Where the person stands after all that is known: decides who may see the row.
  region text collate "C" not null,
  primary key (county, person_no),
  constraint person_id_hash_uq unique (county, id_hash)
);

-- What one list says about one person over a run of deliveries that said the same (coverage §0).
create table claim (
  county text collate "C" not null,
  since integer not null,
  person_no bigint not null,
  slot text collate "C" not null,
  until integer,
  row_no integer not null,
  row_count integer not null,
  content text not null,
  phone bytea,
  primary key (county, person_no, since, slot)
);
create index claim_since_ix on claim (county, since);
create index claim_until_ix on claim (county, until) where until is not null;

create table adjudication (
  county text collate "C" not null,
  adjudication integer not null,
  person_no bigint not null,
  column_no integer not null constraint adjudication_column_known check (column_no between 7 and 17),
  from_day text collate "C" not null,
  to_day text collate "C" not null,
  reason text not null,
  document_name text not null,
  document_digest text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  undone_at timestamptz,
  primary key (county, adjudication, person_no)
);
create index adjudication_person_ix on adjudication (county, person_no);

create table step (
  county text collate "C" not null,
  person_no bigint not null,
  from_day text collate "C" not null,
  to_day text collate "C" not null,
  region text collate "C" not null,
  class integer not null,
  delivery integer not null,
  row_no integer not null,
  primary key (county, person_no, from_day)
);
create index step_region_ix on step (county, region, person_no);

create table step_class (
  county text collate "C" not null,
  class integer not null,
  primary key (county, class)
);

create table finding (
  county text collate "C" not null,
  person_no bigint not null,
  kind text collate "C" not null,
  from_day text collate "C" not null,
  to_day text collate "C" not null,
  region text collate "C" not null,
  primary key (county, person_no, kind, from_day)
);
create index finding_region_ix on finding (county, region, kind, person_no);

-- Steps added up, appended only: grain 'd' a day, 'm' a month; D = earlier months + days of D's month.
create table count_delta (
  county text collate "C" not null,
  grain text collate "C" not null,
  bucket text collate "C" not null,
  region text collate "C" not null,
  class integer not null,
  n integer not null,
  change bigint not null
);
create index count_delta_ix on count_delta (county, grain, bucket, region);

-- Rows and newcomers on their way in; filled in short transactions, emptied by the commit.
create unlogged table stage_row (
  county text collate "C" not null,
  stage integer not null,
  person_no bigint not null,
  slot text collate "C" not null,
  row_no integer not null,
  row_count integer not null,
  content text not null,
  phone bytea
);
create index stage_row_ix on stage_row (county, stage);

create unlogged table stage_person (
  county text collate "C" not null,
  stage integer not null,
  person_no bigint not null,
  id_hash uuid not null,
  id_cipher bytea not null,
  birth text collate "C" not null,
  sex text not null,
  name text not null,
  region text collate "C" not null
);
create index stage_person_ix on stage_person (county, stage);

create table touched (
  county text collate "C" not null,
  change bigint not null,
  person_no bigint not null,
  primary key (county, change, person_no)
);

grant usage on schema public to quanbao_app;
grant usage on sequence person_number to quanbao_app;
grant select, insert, update, delete on county, region, scheme_code, header_choice, delivery, delivery_file,
  rejected_row, id_fix, person, claim, adjudication, step, step_class, finding, count_delta, stage_row, stage_person, touched
  to quanbao_app;

-- Fails closed: an unset or emptied variable is null, and null lets nothing through.
-- Written down for everybody in the county, changed by the county's own office only.
alter table county enable row level security;
create policy county_read on county for select using (county = nullif(current_setting('app.county', true), ''));
create policy county_write on county using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table region enable row level security;
create policy region_read on region for select using (county = nullif(current_setting('app.county', true), ''));
create policy region_write on region using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table step_class enable row level security;
create policy step_class_read on step_class for select using (county = nullif(current_setting('app.county', true), ''));
create policy step_class_write on step_class using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));

-- Who stands in the region.
alter table person enable row level security;
create policy person_scope on person using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table step enable row level security;
create policy step_scope on step using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table finding enable row level security;
create policy finding_scope on finding using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table count_delta enable row level security;
create policy count_delta_scope on count_delta using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table rejected_row enable row level security;
create policy rejected_row_scope on rejected_row using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));

-- What a list says word for word, and the journal itself, only for a scope that is the whole county.
alter table claim enable row level security;
create policy claim_scope on claim using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table delivery enable row level security;
create policy delivery_scope on delivery using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table delivery_file enable row level security;
create policy delivery_file_scope on delivery_file using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table id_fix enable row level security;
create policy id_fix_scope on id_fix using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table adjudication enable row level security;
create policy adjudication_scope on adjudication using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table scheme_code enable row level security;
create policy scheme_code_scope on scheme_code using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table header_choice enable row level security;
create policy header_choice_scope on header_choice using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table stage_row enable row level security;
create policy stage_row_scope on stage_row using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table stage_person enable row level security;
create policy stage_person_scope on stage_person using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table touched enable row level security;
create policy touched_scope on touched using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
