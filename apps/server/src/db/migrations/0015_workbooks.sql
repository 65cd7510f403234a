-- The round trip of the survey in Excel: which 底册 were handed out with what stood then, what came back, and what
-- became of each row.

create table workbook_issue (
  county text collate "C" not null,
  issue integer not null,
  -- The village, or the town of those who stand in none.
  region text collate "C" not null,
  -- The county's change that it was made after.
  change bigint not null,
  as_of text collate "C" not null,
  people integer not null,
  -- Keyed digest of its lines: with the two numbers, the stamp on the paper.
  digest text not null,
  -- Only those with something open.
  open_only boolean not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, issue)
);
create index workbook_issue_place_ix on workbook_issue (county, region, issue);

-- Whom it names, and what had been answered of each: the base of the three-way merge.
create table workbook_line (
  county text collate "C" not null,
  issue integer not null,
  person_no bigint not null,
  line integer not null,
  region text collate "C" not null,
  name text not null,
  base text not null,
  base_day text collate "C",
  primary key (county, issue, person_no)
);

create table workbook_return (
  county text collate "C" not null,
  return_no integer not null,
  region text collate "C" not null,
  name text not null,
  -- Its name in the file store: the same content is the same return.
  stored text collate "C" not null,
  bytes integer not null,
  as_of text collate "C" not null,
  -- Numbers of the issues it bears the stamps of.
  issues text not null,
  actor text not null,
  made_at timestamptz not null default now(),
  primary key (county, return_no),
  constraint workbook_return_stored_uq unique (county, stored)
);
create index workbook_return_place_ix on workbook_return (county, region, return_no);

create table workbook_row (
  county text collate "C" not null,
  return_no integer not null,
  -- In the order of the file; the people who are missing come last.
  position integer not null,
  region text collate "C" not null,
  issue integer,
  person_no bigint,
  sheet text not null,
  row_no integer not null,
  name text not null,
  verdict text collate "C" not null constraint workbook_row_verdict_known
    check (verdict in ('accepted', 'remarked', 'blank', 'refused', 'missing')),
  remarks text not null,
  -- What it says, of an accepted row; the telephone number under the field cipher.
  content text,
  phone bytea,
  -- nothing, same, ours, apply, contradiction; null until it is merged.
  outcome text collate "C",
  -- The delivery that brought it into the journal.
  delivery integer,
  -- A contradiction decided for the row (theirs) or for what stands (ours): what stood, by whom, when.
  choice text collate "C",
  stood text,
  decided_by text,
  decided_at timestamptz,
  primary key (county, return_no, position)
);
create index workbook_row_open_ix on workbook_row (county, region, return_no, position) where outcome = 'contradiction';
create index workbook_row_person_ix on workbook_row (county, person_no);
-- How many of an issue have been answered, in the list of issues.
create index workbook_row_issue_ix on workbook_row (county, issue, person_no);

grant select, insert, update, delete on workbook_issue, workbook_line, workbook_return, workbook_row to quanbao_app;
grant select on workbook_issue, workbook_line, workbook_return, workbook_row to quanbao_place;

alter table workbook_issue enable row level security;
create policy workbook_issue_scope on workbook_issue using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table workbook_line enable row level security;
create policy workbook_line_scope on workbook_line using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table workbook_return enable row level security;
create policy workbook_return_scope on workbook_return using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
alter table workbook_row enable row level security;
create policy workbook_row_scope on workbook_row using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
