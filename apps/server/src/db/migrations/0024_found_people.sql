-- People whom a worker found at a door and who were on no list of the village (新发现人员), each under the number his
-- phone gave it. One whom the register knows is a visit of that person at once; the others wait for the town.
create table found_person (
  county text collate "C" not null,
  command uuid not null,
  -- The village he was found in.
  region text collate "C" not null,
  actor text not null,
  device text not null,
  found_on text collate "C" not null,
  name text not null,
  -- Blind index and number; none where the number is not known.
  id_hash uuid,
  id_cipher bytea,
  -- A day, or a month where the number is not known.
  birth text collate "C" not null,
  sex text collate "C" not null,
  phone bytea,
  address text not null,
  relation text not null,
  way text collate "C" not null,
  content text not null,
  -- As in visit.
  detail bytea,
  media text[] not null default '{}',
  -- open: waits. listed: the register knew him. entered: entered as evidence. aside: set aside. replaced: corrected on the phone.
  state text collate "C" not null constraint found_person_state_known
    check (state in ('open', 'listed', 'entered', 'aside', 'replaced')),
  person_no bigint,
  -- The visit that it became.
  visit uuid,
  -- The earlier one that this one corrects.
  instead uuid,
  reason text not null default '',
  decided_by text,
  decided_at timestamptz,
  received_at timestamptz not null default now(),
  primary key (county, command),
  constraint found_person_visit_whole check ((state in ('listed', 'entered')) = (visit is not null))
);
create index found_person_place_ix on found_person (county, region, state);
create index found_person_hash_ix on found_person (county, id_hash);
create index found_person_visit_ix on found_person (county, visit);

-- A phone that is lost is cut off: nothing is taken from it until it is let in again.
alter table device add column revoked_at timestamptz;
alter table device add column revoked_by text;

grant select, insert, update, delete on found_person to quanbao_app;
grant select on found_person to quanbao_place;
alter table found_person enable row level security;
create policy found_person_scope on found_person using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
