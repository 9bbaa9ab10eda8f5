-- The key of a user's authenticator, sealed under the master key, and the last time step it opened.
create table second_factor (
    user_id       bigint       not null primary key references app_user (id) on delete cascade,
    sealed_secret varchar(500) not null,
    since         timestamp with time zone not null,
    last_step     bigint       not null
);

create table recovery_code (
    digest  varchar(64) not null primary key,
    user_id bigint      not null references app_user (id) on delete cascade,
    used_at timestamp with time zone
);

create index recovery_code_user on recovery_code (user_id);

-- A database from before gets the values a first start writes.
insert into settings_document (name, document, version)
select 'accounts', '{"secondFactorFor":[],"sessionLifetime":"PT12H"}', 0
where exists (select 1 from settings_document)
  and not exists (select 1 from settings_document where name = 'accounts');
