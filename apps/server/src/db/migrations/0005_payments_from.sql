-- As-of day of the first payments list in force: before it nobody can be said never to have paid.
alter table county add column payments_from text collate "C";
update county c set payments_from = d.first
  from (select county, min(as_of) as first from delivery where undone_at is null and source = 'residents-payments' group by county) d
  where d.county = c.county;
delete from finding f using county c
  where c.county = f.county and f.kind = 'never-paid' and (c.payments_from is null or f.to_day <= c.payments_from);
update finding f set from_day = c.payments_from from county c
  where c.county = f.county and f.kind = 'never-paid' and f.from_day < c.payments_from;
