-- id is the time: (milliseconds since 2025-01-01) * 4096 + a counter.
create table connection_event (
    id        bigint          not null primary key,
    type      varchar(20)     not null,
    direction varchar(10)     not null,
    session   varchar(40),
    queue_id  varchar(20),
    listener  varchar(40),
    peer      varchar(100),
    host      varchar(300),
    next_hop  varchar(400),
    level     varchar(20),
    result    varchar(20),
    text      varchar(4000)   not null,
    verdict   varchar(1000000),
    details   varchar(1000000),
    words     varchar(4000)   not null
);

create index connection_event_queue_id on connection_event (queue_id, id);

-- A database from before there was a retention gets the values a first start writes.
insert into settings_document (name, document, version)
select 'retention', '{"events":"PT720H","audit":"PT9600H","selfTests":"PT2160H"}', 0
where exists (select 1 from settings_document)
  and not exists (select 1 from settings_document where name = 'retention');
