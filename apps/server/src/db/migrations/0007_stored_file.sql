-- Files in the encrypted store that nothing names yet: an import or a decision on its way. What is named or refused takes its
-- notes off; those of a killed command are swept when they are old. A file this database never heard of is never deleted.
create table stored_file (
  county text collate "C" not null,
  digest text collate "C" not null,
  stored_at timestamptz not null default now(),
  primary key (county, digest)
);
grant select, insert, update, delete on stored_file to quanbao_app;
alter table stored_file enable row level security;
create policy stored_file_scope on stored_file using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
