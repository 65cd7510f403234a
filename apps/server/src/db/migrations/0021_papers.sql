-- Papers (周报、通报、情况报告、季度分析): made from figures by a template. A draft is computed whenever it is read; what was
-- issued is kept with all it was made of.

create table paper_template (
  county text collate "C" not null,
  kind text collate "C" not null constraint paper_template_kind_known
    check (kind in ('weekly', 'monthly', 'acceptance', 'report', 'quarterly')),
  definition jsonb not null,
  actor text not null,
  changed_at timestamptz not null default now(),
  primary key (county, kind)
);

create table paper (
  county text collate "C" not null,
  paper integer not null,
  region text collate "C" not null,
  kind text collate "C" not null constraint paper_kind_known
    check (kind in ('weekly', 'monthly', 'acceptance', 'report', 'quarterly')),
  day text collate "C" not null,
  -- Whose office makes it: the county's, also of a town, or the town's own.
  maker text collate "C" not null constraint paper_maker_known check (maker in ('county', 'town')),
  state text collate "C" not null constraint paper_state_known check (state in ('draft', 'issued', 'withdrawn')),
  -- [{"section": 0, "text": "…", "by": "…"}]: what people added.
  remarks jsonb not null default '[]',
  actor text not null,
  made_at timestamptz not null default now(),
  -- From here on only of an issued one. 期号 within the year of issue.
  year integer,
  serial integer,
  dated text collate "C",
  title text,
  number text,
  -- Inputs and paper as JSON, byte for byte what the digest (SM3) was taken of; empty while it is a draft.
  frozen text not null,
  digest text not null,
  issued_by text,
  issued_at timestamptz,
  withdrawn_by text,
  withdrawn_at timestamptz,
  withdrawn_reason text,
  primary key (county, paper),
  constraint paper_serial_uq unique (county, region, kind, year, serial),
  constraint paper_frozen_when_issued check (state = 'draft' or frozen <> '' and digest <> '')
);

grant select, insert, update, delete on paper_template, paper to quanbao_app;
grant select on paper_template, paper to quanbao_place, quanbao_office;

alter table paper_template enable row level security;
create policy paper_template_scope on paper_template using (county = nullif(current_setting('app.county', true), ''));
-- What was issued above a place is for it to read; a draft is not.
alter table paper enable row level security;
create policy paper_scope on paper using (
  county = nullif(current_setting('app.county', true), '')
  and (state <> 'draft' and starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')));
