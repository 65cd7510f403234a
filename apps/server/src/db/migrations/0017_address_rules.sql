-- Rules that find a village by an address (地址分村), and what applying them found. A rule is never rewritten: one that
-- changes is retired and followed by another, so that what it once placed can be read. An application is a line of the
-- journal, and each of its placements one of a person's: what follows from them is judged like any list.

create table address_rule (
  county text collate "C" not null,
  rule integer not null,
  -- The county, or the town whose rule it is.
  owner text collate "C" not null,
  position integer not null,
  kind text collate "C" not null constraint address_rule_kind_known check (kind in ('pattern', 'street', 'unit', 'household')),
  village text collate "C" not null,
  texts text[] not null,
  without text[] not null,
  parity text collate "C" not null,
  first_house integer,
  last_house integer,
  from_day text collate "C" not null,
  to_day text collate "C" not null,
  note text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  retired_at timestamptz,
  retired_by text,
  primary key (county, rule)
);

create table address_application (
  county text collate "C" not null,
  application integer not null,
  -- The county, or the town for whose people the rules were applied.
  region text collate "C" not null,
  from_day text collate "C" not null,
  people integer not null,
  -- People by rule and village.
  summary jsonb not null,
  actor text not null,
  made_at timestamptz not null default now(),
  undone_at timestamptz,
  undone_by text,
  primary key (county, application)
);

create table address_placement (
  county text collate "C" not null,
  application integer not null,
  person_no bigint not null,
  rule integer not null,
  village text collate "C" not null,
  -- What it was read from: it holds while a list says so.
  address text not null,
  household text not null,
  from_day text collate "C" not null,
  to_day text collate "C" not null,
  undone_at timestamptz,
  primary key (county, person_no, application)
);
create index address_placement_application_ix on address_placement (county, application);

grant select, insert, update, delete on address_rule, address_application, address_placement to quanbao_app;
grant select on address_rule, address_application, address_placement to quanbao_place;

-- A rule is about places, not people: everybody in the county may read it, the county's own transaction writes it.
alter table address_rule enable row level security;
create policy address_rule_read on address_rule for select using (county = nullif(current_setting('app.county', true), ''));
create policy address_rule_write on address_rule using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table address_application enable row level security;
create policy address_application_scope on address_application using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table address_placement enable row level security;
create policy address_placement_scope on address_placement using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
create policy address_placement_shown on address_placement for select to quanbao_place using (
  county = nullif(current_setting('app.county', true), '')
  and person_no = any (nullif(current_setting('app.people', true), '')::bigint[]));
