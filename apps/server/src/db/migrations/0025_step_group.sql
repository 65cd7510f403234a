-- The group of the village (村民小组) somebody stands in; 0 where nothing says it. A county that was there before gets its
-- groups with `quanbao ledger rebuild`, or person by person with what arrives.
alter table step add column group_no smallint not null default 0;
