-- What kind of paper something was written off by hand with (ledger/kinds); of closings before this was asked nothing.
alter table ledger_closing add column paper text collate "C";
