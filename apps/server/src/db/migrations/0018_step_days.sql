-- Whoever stands in a class on a day is found in the index alone: reading the first lines of 附件3 fetched every row of
-- every class of a village to look at its days (3,564 of them for 100 lines at 1,000,000).
create index step_class_days_ix on step (county, class, region, person_no) include (from_day, to_day);
drop index step_class_ix;
