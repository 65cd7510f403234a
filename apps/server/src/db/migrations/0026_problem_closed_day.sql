-- A problem raised to the city (Y16) is shown as it stood on a past day, so the day of its closing is kept.
alter table city_problem add column closed_day text collate "C";
update city_problem set closed_day = answered_day where state = 'closed';
alter table city_problem add constraint city_problem_closed_whole check ((state = 'closed') = (closed_day is not null));
