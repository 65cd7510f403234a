-- Whom the province's single sign-on vouches for is one account; and a password that was set anew by the system
-- administrator waits for the security administrator, who is told why.
alter table account add column reset_at timestamptz;
alter table account add constraint account_subject_uq unique (county, oidc_subject);
