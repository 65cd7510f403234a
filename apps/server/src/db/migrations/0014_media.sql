-- Signatures and photographs that visits name: they arrive in pieces, each under the field cipher, and go into the
-- encrypted file store when they are whole.
create table media (
  county text collate "C" not null,
  -- SHA-256 of the content, as the device named it.
  digest text collate "C" not null,
  total integer not null,
  actor text not null,
  -- Its name in the file store, once whole.
  stored text collate "C",
  made_at timestamptz not null default now(),
  primary key (county, digest)
);
create table media_piece (
  county text collate "C" not null,
  digest text collate "C" not null,
  start integer not null,
  bytes integer not null,
  content bytea not null,
  primary key (county, digest, start),
  constraint media_piece_media_fk foreign key (county, digest) references media (county, digest)
);
-- What a device still holds unsent, and when it was last heard of.
create table device (
  county text collate "C" not null,
  device text collate "C" not null,
  actor text not null,
  region text collate "C" not null,
  waiting integer not null,
  seen_at timestamptz not null default now(),
  primary key (county, device, actor)
);
grant select, insert, update, delete on media, media_piece, device to quanbao_app;
grant select on device to quanbao_place;
alter table media enable row level security;
create policy media_scope on media using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table media_piece enable row level security;
create policy media_piece_scope on media_piece using (
  county = nullif(current_setting('app.county', true), '') and county = nullif(current_setting('app.lo', true), ''));
alter table device enable row level security;
create policy device_scope on device using (
  county = nullif(current_setting('app.county', true), '')
  and region >= nullif(current_setting('app.lo', true), '') and region < nullif(current_setting('app.hi', true), ''));
