-- Plans (目标任务): so many people, or so much money, that each place has to reach by a day. What was issued is never
-- rewritten: a change is a new version with its reason. Progress is stored nowhere: it is counted.

create table target_plan (
  county text collate "C" not null,
  plan integer not null,
  -- verify: 核实任务 (附件1); expand: 扩面任务, the willing; own: another indicator, or money.
  kind text collate "C" not null constraint target_plan_kind_known check (kind in ('verify', 'expand', 'own')),
  title text not null,
  -- heads in people, fen in 分.
  unit text collate "C" not null constraint target_plan_unit_known check (unit in ('heads', 'fen')),
  -- The count that is reached; empty where nothing that is received tells it yet.
  indicator text collate "C" not null,
  from_day text collate "C" not null,
  due_day text collate "C" not null,
  -- [{"day": "2020-08-31", "percent": 50}, …] in order of the days.
  milestones jsonb not null,
  -- The paper it rests on.
  document text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  ended_day text collate "C",
  primary key (county, plan),
  constraint target_plan_days_in_order check (from_day <= due_day)
);

create table target_version (
  county text collate "C" not null,
  plan integer not null,
  version integer not null,
  total bigint not null,
  reason text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  -- Null while it is a draft; it holds from this day on.
  issued_day text collate "C",
  issued_by text,
  -- The paper it was issued with.
  issued_document text,
  primary key (county, plan, version)
);

create table target_share (
  county text collate "C" not null,
  plan integer not null,
  version integer not null,
  region text collate "C" not null,
  amount bigint not null constraint target_share_not_negative check (amount >= 0),
  -- given: as a paper has it; split: by weight; hand: changed afterwards.
  how text collate "C" not null constraint target_share_how_known check (how in ('given', 'split', 'hand')),
  weight bigint,
  -- As a paper calls the unit, and where it stands in it from 1; empty and 0 otherwise.
  printed text not null,
  position integer not null,
  primary key (county, plan, version, region)
);
create index target_share_place_ix on target_share (county, region);

-- 签收: a place has taken note of its share.
create table target_receipt (
  county text collate "C" not null,
  plan integer not null,
  version integer not null,
  region text collate "C" not null,
  signer text not null,
  signed_at timestamptz not null default now(),
  remark text not null,
  primary key (county, plan, version, region)
);

grant select, insert, update, delete on target_plan, target_version, target_share, target_receipt to quanbao_app;
grant select on target_plan, target_version, target_share, target_receipt to quanbao_place, quanbao_office;

alter table target_plan enable row level security;
create policy target_plan_scope on target_plan using (county = nullif(current_setting('app.county', true), ''));
alter table target_version enable row level security;
create policy target_version_scope on target_version using (county = nullif(current_setting('app.county', true), ''));
alter table target_share enable row level security;
create policy target_share_scope on target_share using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table target_receipt enable row level security;
create policy target_receipt_scope on target_receipt using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
