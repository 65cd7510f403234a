-- Supervision (调度督办): what is owed by when, what was submitted as it stood, orders with their answers, who was told of
-- a warning, meetings with their decisions, problems raised to the city. Warnings and lateness are stored nowhere: they are derived.

-- The county's own calendar, thresholds and escalation, each as it holds from a day on; without a row the shipped ones hold.
create table supervision_rule (
  county text collate "C" not null,
  rule text collate "C" not null constraint supervision_rule_known check (rule in ('calendar', 'warnings', 'escalation')),
  from_day text collate "C" not null,
  body jsonb not null,
  -- The paper it rests on.
  document text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, rule, from_day)
);

create table submission (
  county text collate "C" not null,
  submission integer not null,
  region text collate "C" not null,
  form text collate "C" not null,
  every text collate "C" not null constraint submission_every_known check (every in ('week', 'month', 'quarter')),
  -- 2020-W36, 2020-09, 2020-Q3
  period text collate "C" not null,
  due_day text collate "C" not null,
  state text collate "C" not null constraint submission_state_known check (state in ('prepared', 'submitted', 'returned', 'approved')),
  version integer not null,
  -- The day, of the register, that it was first submitted on: it is late by this.
  submitted_day text collate "C",
  primary key (county, submission),
  constraint submission_once unique (county, region, form, period)
);

-- What was prepared: frozen, never rewritten.
create table submission_version (
  county text collate "C" not null,
  submission integer not null,
  version integer not null,
  region text collate "C" not null,
  -- The figures' day.
  day text collate "C" not null,
  -- The whole table as text, so that its digest can be computed again.
  body text not null,
  digest text collate "C" not null,
  failures jsonb not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, submission, version)
);

create table submission_event (
  county text collate "C" not null,
  submission integer not null,
  event integer not null,
  region text collate "C" not null,
  act text collate "C" not null constraint submission_event_act_known check (act in ('prepare', 'submit', 'return', 'approve', 'reopen')),
  version integer not null,
  day text collate "C" not null,
  remark text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, submission, event)
);

-- 督办单: to a place, or (region is the county) to one of its offices.
create table supervision_order (
  county text collate "C" not null,
  number integer not null,
  region text collate "C" not null,
  office text not null,
  subject text not null,
  asked text not null,
  -- [{"text": "…", "reference": "verify-task-rate@430981006@2020-09-20"}, …]
  figures jsonb not null,
  -- The warning it was raised by; empty for one raised by hand.
  warning text collate "C" not null,
  raised_day text collate "C" not null,
  due_day text collate "C" not null,
  state text collate "C" not null constraint supervision_order_state_known check (state in ('open', 'answered', 'returned', 'closed')),
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, number)
);

create table supervision_step (
  county text collate "C" not null,
  number integer not null,
  step integer not null,
  region text collate "C" not null,
  act text collate "C" not null constraint supervision_step_act_known check (act in ('raise', 'answer', 'return', 'close')),
  day text collate "C" not null,
  remark text not null,
  document_name text,
  document_digest text,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, number, step)
);

-- Who was told of a warning, and whether he has taken note.
create table warning_notice (
  county text collate "C" not null,
  region text collate "C" not null,
  warning text collate "C" not null,
  day text collate "C" not null,
  colour text collate "C" not null constraint warning_notice_colour_known check (colour in ('yellow', 'orange', 'red')),
  -- What stood that day, in words.
  words text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  noted_by text,
  noted_at timestamptz,
  primary key (county, region, warning, day)
);

create table meeting (
  county text collate "C" not null,
  meeting integer not null,
  region text collate "C" not null,
  kind text collate "C" not null constraint meeting_kind_known check (kind in ('study', 'coordination', 'dispatch')),
  title text not null,
  day text collate "C" not null,
  agenda text not null,
  attended text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, meeting)
);

create table meeting_decision (
  county text collate "C" not null,
  meeting integer not null,
  decision integer not null,
  region text collate "C" not null,
  text text not null,
  unit text not null,
  due_day text collate "C" not null,
  state text collate "C" not null constraint meeting_decision_state_known check (state in ('open', 'done')),
  result text not null,
  -- Of the task list, once it has become one there; empty before.
  item text not null,
  actor text not null,
  primary key (county, meeting, decision)
);

-- 问题及时向市里反馈 (Y16).
create table city_problem (
  county text collate "C" not null,
  problem integer not null,
  region text collate "C" not null,
  subject text not null,
  detail text not null,
  due_day text collate "C" not null,
  state text collate "C" not null constraint city_problem_state_known check (state in ('raised', 'sent', 'answered', 'closed')),
  raised_day text collate "C" not null,
  sent_day text collate "C",
  answered_day text collate "C",
  answer text not null,
  actor text not null,
  primary key (county, problem)
);

grant select, insert, update, delete on supervision_rule, submission, submission_version, submission_event, supervision_order,
  supervision_step, warning_notice, meeting, meeting_decision, city_problem to quanbao_app;
grant select on supervision_rule, submission, submission_version, submission_event, supervision_order, supervision_step,
  warning_notice, meeting, meeting_decision, city_problem to quanbao_place;

alter table supervision_rule enable row level security;
create policy supervision_rule_scope on supervision_rule using (county = nullif(current_setting('app.county', true), ''));
alter table submission enable row level security;
create policy submission_scope on submission using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table submission_version enable row level security;
create policy submission_version_scope on submission_version using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table submission_event enable row level security;
create policy submission_event_scope on submission_event using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table supervision_order enable row level security;
create policy supervision_order_scope on supervision_order using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table supervision_step enable row level security;
create policy supervision_step_scope on supervision_step using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table warning_notice enable row level security;
create policy warning_notice_scope on warning_notice using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table meeting enable row level security;
create policy meeting_scope on meeting using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table meeting_decision enable row level security;
create policy meeting_decision_scope on meeting_decision using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table city_problem enable row level security;
create policy city_problem_scope on city_problem using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
