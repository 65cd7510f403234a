-- A decision may place people in a village, with a column of 附件3 or without one.
alter table adjudication alter column column_no drop not null;
alter table adjudication add column village text collate "C";
alter table adjudication add constraint adjudication_says_something check (column_no is not null or village is not null);
