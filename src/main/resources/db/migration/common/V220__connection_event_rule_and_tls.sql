-- What the log is searched by, too: the key of the rule that matched, and how far TLS proved the other side.
alter table connection_event add column rule varchar(400);
alter table connection_event add column tls varchar(12);

create index connection_event_session on connection_event (session);
