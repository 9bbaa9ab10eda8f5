-- Whose mail a route is for, and how its servers are spoken to.
alter table route add column sender varchar(320) default '' not null;
alter table route add column protocol varchar(10) default 'smtp' not null;
alter table route add column auth varchar(20);
alter table route add column source_addresses varchar(200) default '' not null;
alter table route drop constraint route_pattern;
alter table route add constraint route_pattern_sender unique (pattern, sender);

-- The document of the delivery settings is flat, so its only brace to the right is the last character.
update settings_document
set document = replace(document, '}', ',"sourceAddresses":[],"addressDelay":"PT0.25S"}')
where name = 'delivery' and document not like '%"addressDelay"%';
