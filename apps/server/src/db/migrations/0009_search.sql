-- What the register is searched by. Derived from people and claims after each commit, in transactions of its own
-- (features/register/search-index.ts); what was found is read from `person` and `step`, whose policies decide.

create table person_search (
  county text collate "C" not null,
  person_no bigint not null,
  region text collate "C" not null,
  name text collate "C" not null,
  -- '|wangxiaoming|xiaoming|ming|wxm|xm': one after the other what a typed reading may begin with.
  reading text collate "C" not null,
  household text collate "C" not null,
  -- Keyed hashes, as in a claim's content: of the register, and of the latest survey answer where it differs.
  phone text collate "C" not null,
  other_phone text collate "C" not null,
  -- What the address says behind the village.
  address text not null,
  primary key (county, person_no)
);
create index person_search_region_ix on person_search (county, region, person_no);
create index person_search_name_ix on person_search (county, name, region, person_no);
create index person_search_household_ix on person_search (county, household, person_no) where household <> '';
create index person_search_phone_ix on person_search (county, phone, person_no) where phone <> '';
create index person_search_other_phone_ix on person_search (county, other_phone, person_no) where other_phone <> '';

-- Each name the county has had, by what one may type of it. For whoever sees the whole county: who reads it knows
-- names of everywhere. Towns and villages walk through their own people instead.
create table name_key (
  county text collate "C" not null,
  key text collate "C" not null,
  name text collate "C" not null,
  primary key (county, key, name)
);

-- People whose search row may have to be written anew, from one number to another.
create table search_due (
  county text collate "C" not null,
  change bigint not null,
  first_person bigint not null,
  last_person bigint not null,
  primary key (county, change, first_person)
);

create table saved_filter (
  county text collate "C" not null,
  filter integer not null,
  account integer not null,
  name text not null,
  question jsonb not null,
  primary key (county, filter),
  constraint saved_filter_name_uq unique (county, account, name)
);

-- Whoever was known before there was an index is due.
insert into search_due (county, change, first_person, last_person)
  select county, 0, min(person_no), max(person_no) from person group by county;

-- Who looked at a person.
create index audit_event_subject_ix on audit_event (county, subject, seq);

grant select, insert, update, delete on person_search, name_key, search_due, saved_filter to quanbao_app;
grant select on person_search, name_key, search_due to quanbao_place;
grant select, insert, delete on saved_filter to quanbao_place;

alter table person_search enable row level security;
create policy person_search_scope on person_search using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table name_key enable row level security;
create policy name_key_scope on name_key using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table search_due enable row level security;
create policy search_due_read on search_due for select using (county = nullif(current_setting('app.county', true), ''));
create policy search_due_write on search_due using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table saved_filter enable row level security;
create policy saved_filter_scope on saved_filter using (county = nullif(current_setting('app.county', true), ''));
