-- A bundle may hold a thousand certificates.
alter table certificate alter column pem set data type text;

-- What certificates are found by; rows of an earlier version are filled when Sealpost starts.
alter table certificate add column leaf_sha256 varchar(64) default '' not null;
alter table certificate add column spki_sha256 varchar(64) default '' not null;
alter table certificate add column names varchar(20000) default '' not null;

create index certificate_leaf on certificate (purpose, leaf_sha256);
