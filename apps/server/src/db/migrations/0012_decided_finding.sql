-- What a decision was made for: a kind of finding it answers, which is then no longer waiting. Null for a decision
-- about the person, which answers what stood on the day it holds from.
alter table adjudication add column kind text;
