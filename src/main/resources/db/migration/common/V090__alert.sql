-- When a subject was last told by mail.
create table alert (
    subject varchar(600)             not null primary key,
    told_at timestamp with time zone not null
);

-- A database from before there were alerts gets the values a first start writes.
insert into settings_document (name, document, version)
select 'alerts', '{"to":null,"events":["certificate-expiring","listener-down","disk-low","tls-deferred"]}', 0
where exists (select 1 from settings_document)
  and not exists (select 1 from settings_document where name = 'alerts');
