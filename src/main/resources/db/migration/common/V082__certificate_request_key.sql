-- The kind of the waiting key, so that the list need not read it.
alter table certificate_request add column key_kind varchar(40) default '' not null;
