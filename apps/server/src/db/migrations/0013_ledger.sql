-- The ledger (台账): what follows from a person's journal as items, each with its state over stretches of days, like
-- steps. A closing by hand is part of the journal; everything else follows from lists, visits and decisions.

create table ledger_item (
  county text collate "C" not null,
  person_no bigint not null,
  kind text collate "C" not null,
  -- Year, kind of finding, or nothing.
  subject text collate "C" not null,
  from_day text collate "C" not null,
  to_day text collate "C" not null,
  region text collate "C" not null,
  state text collate "C" not null constraint ledger_item_state_known check (state in ('verify', 'settled', 'closed')),
  why text collate "C" not null,
  -- Bits of the groups that lists are narrowed by.
  tags integer not null,
  -- The moment at which this came to be known.
  recorded_at timestamptz not null default now(),
  primary key (county, person_no, kind, subject, from_day)
);
create index ledger_item_list_ix on ledger_item (county, kind, region, person_no);

-- What each commit after the first list changed: never rewritten, so that it can be read who knew what, and when.
create table ledger_event (
  county text collate "C" not null,
  change bigint not null,
  person_no bigint not null,
  kind text collate "C" not null,
  subject text collate "C" not null,
  day text collate "C" not null,
  region text collate "C" not null,
  -- opened, settled, unsettled, closed, reopened, moved, withdrawn
  what text collate "C" not null,
  why text collate "C" not null,
  recorded_at timestamptz not null default now()
);
create index ledger_event_change_ix on ledger_event (county, change);
create index ledger_event_person_ix on ledger_event (county, person_no, change);

create table ledger_closing (
  county text collate "C" not null,
  closing integer not null,
  person_no bigint not null,
  kind text collate "C" not null,
  subject text collate "C" not null,
  from_day text collate "C" not null,
  reason text not null,
  document_name text not null,
  document_digest text not null,
  region text collate "C" not null,
  actor text not null,
  made_at timestamptz not null default now(),
  undone_at timestamptz,
  primary key (county, closing)
);
create index ledger_closing_person_ix on ledger_closing (county, person_no);

-- Who works on an item, and until when.
create table ledger_task (
  county text collate "C" not null,
  person_no bigint not null,
  kind text collate "C" not null,
  subject text collate "C" not null,
  region text collate "C" not null,
  assignee text not null,
  due_day text collate "C",
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, person_no, kind, subject)
);
create index ledger_task_assignee_ix on ledger_task (county, assignee, region);

-- What a commit changed for a village: stays until somebody of the place has taken note of it (推送).
create table notice (
  county text collate "C" not null,
  change bigint not null,
  region text collate "C" not null,
  kind text collate "C" not null,
  opened integer not null,
  closed integer not null,
  cause text not null,
  made_at timestamptz not null default now(),
  noted_at timestamptz,
  noted_by text,
  primary key (county, region, change, kind)
);
create index notice_open_ix on notice (county, region, change) where noted_at is null;

-- Answers of a visit or a call, each under the number its device gave it: sent twice, it is applied once.
create table visit (
  county text collate "C" not null,
  command uuid not null,
  visit bigint not null,
  person_no bigint not null,
  delivery integer not null,
  region text collate "C" not null,
  actor text not null,
  device text not null,
  -- The day it was made on by the device's clock, never later than that of its receipt.
  visited_on text collate "C" not null,
  way text collate "C" not null,
  content text not null,
  -- Attempts with the numbers tried, place, telephone: under the field cipher.
  detail bytea,
  media text[] not null default '{}',
  received_at timestamptz not null default now(),
  undone_at timestamptz,
  undone_by text,
  primary key (county, command)
);
create index visit_person_ix on visit (county, person_no);
create index visit_place_ix on visit (county, region, visited_on);
create index visit_delivery_ix on visit (county, delivery);

grant select, insert, update, delete on ledger_item, ledger_event, ledger_closing, ledger_task, notice, visit to quanbao_app;
grant select on ledger_item, ledger_event, ledger_closing, ledger_task, notice, visit to quanbao_place;
grant update on notice to quanbao_place;

-- What lies in the range; a place takes note of what came for it.
alter table ledger_item enable row level security;
create policy ledger_item_scope on ledger_item using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table ledger_event enable row level security;
create policy ledger_event_scope on ledger_event using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table ledger_closing enable row level security;
create policy ledger_closing_scope on ledger_closing using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table ledger_task enable row level security;
create policy ledger_task_scope on ledger_task using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table notice enable row level security;
create policy notice_scope on notice using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table visit enable row level security;
create policy visit_scope on visit using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
