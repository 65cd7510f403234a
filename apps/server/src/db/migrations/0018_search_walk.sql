-- Whoever walks through people for a common surname or a few letters reads names from the index: with 1,000,000 people the
-- fifty who are shown cost 1,400 rows fetched one by one.
create index person_search_walk_ix on person_search (county, region, person_no) include (name, reading);
drop index person_search_region_ix;
