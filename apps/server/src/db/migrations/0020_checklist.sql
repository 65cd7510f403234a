-- 任务清单销账: lists of what has to be done, whom they concern, and what was done about each item in each of its periods.
-- Periods and states are stored nowhere: they follow from an item's timing and from the events.

create table checklist (
  county text collate "C" not null,
  list integer not null,
  -- The county or the town whose list it is.
  region text collate "C" not null,
  title text not null,
  -- yuanjiang, quanzhou: a shipped one; file; own.
  origin text collate "C" not null,
  -- The county's list that a town's 工作细案 was made from.
  parent integer,
  -- [{"name": "谋划部署阶段", "from": "2020-08-01", "due": "2020-08-10"}, …]
  phases jsonb not null,
  actor text not null,
  made_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (county, list)
);

create table checklist_item (
  county text collate "C" not null,
  list integer not null,
  item integer not null,
  region text collate "C" not null,
  section text not null,
  goal text not null,
  measure text not null,
  -- 完成时限 and 责任单位 as printed.
  deadline text not null,
  units text not null,
  remark text not null,
  -- What the deadline means (domain/checklist/timing).
  timing jsonb not null,
  indicator text collate "C" not null,
  person text not null,
  -- What a write-off has to show.
  evidence text not null,
  parent_item integer,
  actor text not null,
  made_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (county, list, item)
);

create table checklist_event (
  county text collate "C" not null,
  list integer not null,
  item integer not null,
  period text collate "C" not null,
  no integer not null,
  region text collate "C" not null,
  act text collate "C" not null constraint checklist_event_act_known check (act in ('request', 'close', 'return', 'reopen')),
  -- The day it was done on, as the county's calendar has it.
  day text collate "C" not null,
  note text not null,
  document_name text,
  document_digest text,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, list, item, period, no)
);

-- A leader has passed a phase.
create table checklist_gate (
  county text collate "C" not null,
  list integer not null,
  phase text not null,
  region text collate "C" not null,
  day text collate "C" not null,
  remark text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, list, phase)
);

-- 专班
create table team_member (
  county text collate "C" not null,
  member integer not null,
  region text collate "C" not null,
  name text not null,
  role text collate "C" not null constraint team_member_role_known check (role in ('leader', 'deputy', 'member')),
  duty text not null,
  phone bytea,
  from_day text collate "C" not null,
  to_day text collate "C",
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, member)
);

-- 备案、上报: papers that have to reach an office above by a day.
create table filing (
  county text collate "C" not null,
  filing integer not null,
  region text collate "C" not null,
  title text not null,
  office text not null,
  due_day text collate "C" not null,
  sent_day text collate "C",
  sent_by text,
  document_name text,
  document_digest text,
  -- Number or words of the receipt (回执).
  receipt text not null default '',
  answer text not null default '',
  answered_day text collate "C",
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, filing)
);

grant select, insert, update, delete on checklist, checklist_item, checklist_event, checklist_gate, team_member, filing to quanbao_app;
grant select on checklist, checklist_item, checklist_event, checklist_gate, team_member, filing to quanbao_place;

grant select on checklist, checklist_item, checklist_event, checklist_gate, team_member, filing,
  target_plan, target_version, target_share, target_receipt to quanbao_office;

-- A place sees its own and the county's: what is asked from above concerns it.
alter table checklist enable row level security;
create policy checklist_scope on checklist using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
alter table checklist_item enable row level security;
create policy checklist_item_scope on checklist_item using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
alter table checklist_event enable row level security;
create policy checklist_event_scope on checklist_event using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
alter table checklist_gate enable row level security;
create policy checklist_gate_scope on checklist_gate using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
alter table team_member enable row level security;
create policy team_member_scope on team_member using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
alter table filing enable row level security;
create policy filing_scope on filing using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
