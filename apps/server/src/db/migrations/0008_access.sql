-- Accounts and their sessions live behind a door of their own: the role that checks passwords reads no people, and
-- the roles that read people know no password. Administrators (system, security, audit) work at the door only.

create table account (
  county text collate "C" not null,
  account integer not null,
  login text collate "C" not null,
  name text not null,
  role text not null,
  -- Only of an office's account.
  office text not null default '',
  region text collate "C" not null,
  password_hash text not null,
  must_change boolean not null,
  -- Shown at the door of a demo county; exempt from the first change.
  demo boolean not null default false,
  -- Second factor: the secret under the field cipher, and the last time step used, so that a code counts once.
  totp bytea,
  totp_pending bytea,
  totp_step bigint not null default 0,
  failures integer not null default 0,
  locked_until timestamptz,
  -- Null until the security administrator has approved role and region.
  approved_at timestamptz,
  approved_by text,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  created_by text not null,
  last_seen_at timestamptz,
  -- Subject at the province's single sign-on.
  oidc_subject text collate "C",
  primary key (county, account),
  constraint account_login_uq unique (county, login)
);

create table session (
  county text collate "C" not null,
  -- SHA-256 of the token in the cookie: a copy of this table opens nothing.
  token_hash text collate "C" not null,
  account integer not null,
  csrf text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  primary key (county, token_hash),
  constraint session_account_fk foreign key (county, account) references account (county, account)
);
create index session_account_ix on session (county, account);

grant usage on schema public to quanbao_door, quanbao_office;
grant select, insert, update, delete on account, session to quanbao_door;
grant select on county, region, scheme_code, audit_event, audit_block to quanbao_door;
grant insert on audit_event to quanbao_door;
alter table account enable row level security;
create policy account_door on account to quanbao_door using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table session enable row level security;
create policy session_door on session to quanbao_door using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));

-- An office meets its own lists, and the two that say whom the forms are about; of people it sees counts.
grant select on county, region, scheme_code, step_class, delivery, delivery_reading, rejected_row, count_delta to quanbao_office;
grant select, insert on audit_event to quanbao_office;
alter policy delivery_scope on delivery to quanbao_app;
alter policy delivery_reading_scope on delivery_reading to quanbao_app;
create policy delivery_office on delivery for select to quanbao_office using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), '')
  and (source = any (string_to_array(nullif(current_setting('app.sources', true), ''), ','))
    or source in ('household-register', 'province-list')));

-- A county's own forms, as data over indicators.
create table own_form (
  county text collate "C" not null,
  code text collate "C" not null,
  definition jsonb not null,
  actor text not null,
  changed_at timestamptz not null default now(),
  primary key (county, code)
);
grant select on own_form to quanbao_place, quanbao_office;
grant select, insert, update, delete on own_form to quanbao_app;
alter table own_form enable row level security;
create policy own_form_read on own_form for select using (county = nullif(current_setting('app.county', true), ''));
create policy own_form_write on own_form using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
