-- The people behind a number are of a few classes; each is read by place, in person order.
create index step_class_ix on step (county, class, region, person_no);
drop index step_region_ix;
