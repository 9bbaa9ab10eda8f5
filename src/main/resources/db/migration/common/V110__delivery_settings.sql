-- A database from before there were limits for destinations gets the values a first start writes.
insert into settings_document (name, document, version)
select 'delivery', '{"sessionsPerDestination":20,"messagesPerMinute":0}', 0
where exists (select 1 from settings_document)
  and not exists (select 1 from settings_document where name = 'delivery');
