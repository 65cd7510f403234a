-- A town or a village works under a role of its own that changes nothing and sees, beside the rows of its place, the
-- journal as far as its forms rest on it: policies for it alone, so that the county's own pays nothing for them.

-- What was read of a delivery's files (their names, headings, warnings) stays with the county's own office.
create table delivery_reading (
  county text collate "C" not null,
  delivery integer not null,
  summary jsonb not null,
  primary key (county, delivery)
);
insert into delivery_reading (county, delivery, summary) select county, delivery, summary from delivery;
alter table delivery drop column summary;
grant select, insert, update, delete on delivery_reading to quanbao_app;
alter table delivery_reading enable row level security;
create policy delivery_reading_scope on delivery_reading using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));

-- The latest as-of day of a delivery in force, the default day of every place alike: also of one that cannot see
-- that delivery. Null before the first.
alter table county add column latest_day text collate "C";
update county c set latest_day = d.latest
  from (select county, max(as_of) as latest from delivery where undone_at is null group by county) d
  where d.county = c.county;

grant usage on schema public to quanbao_place;
grant select on county, region, scheme_code, step_class, delivery, rejected_row, person, claim, adjudication, step, finding,
  count_delta to quanbao_place;
grant select, insert on audit_event to quanbao_place;

-- Deliveries for the whole county, for a place above or below, and of the two lists that say whom the forms are about.
create policy delivery_place on delivery for select to quanbao_place using (
  county = nullif(current_setting('app.county', true), '')
  and (starts_with(nullif(current_setting('app.lo', true), ''), region)
    or region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), '')
    or nullif(current_setting('app.lo', true), '') is not null and source in ('household-register', 'province-list')));

-- Of the people whom the transaction has named after finding their steps within its range (db/shown.ts): who they are,
-- what lists say of them, what was decided.
create policy person_shown on person for select to quanbao_place using (
  county = nullif(current_setting('app.county', true), '')
  and person_no = any (nullif(current_setting('app.people', true), '')::bigint[]));
create policy claim_shown on claim for select to quanbao_place using (
  county = nullif(current_setting('app.county', true), '')
  and person_no = any (nullif(current_setting('app.people', true), '')::bigint[]));
create policy adjudication_shown on adjudication for select to quanbao_place using (
  county = nullif(current_setting('app.county', true), '')
  and person_no = any (nullif(current_setting('app.people', true), '')::bigint[]));
