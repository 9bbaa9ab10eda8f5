-- Accepted mail: on PostgreSQL these rows are its only copy, written in the transaction that queues the message.
create table queue_envelope (
    message_id  varchar(20) not null primary key references queue_message (id) on delete cascade,
    envelope    text        not null,
    body_length bigint      not null
);

-- Rows of at most 256 KB, because a driver holds a value in memory several times. Inserted and deleted, never changed.
create table queue_body (
    message_id varchar(20) not null references queue_message (id) on delete cascade,
    part       integer     not null,
    bytes      bytea       not null check (octet_length(bytes) <= 262144),
    primary key (message_id, part)
);

-- Not compressed: most bodies are encoded already, and the server's time is better spent.
alter table queue_body alter column bytes set storage external;

-- What became of a message after it was accepted: settled recipients, holds, other routes.
create table queue_record (
    id         bigint generated always as identity primary key,
    message_id varchar(20) not null references queue_message (id) on delete cascade,
    record     text        not null
);

create index queue_record_message on queue_record (message_id, id);

-- Claims look only at what waits.
drop index queue_message_due;
create index queue_message_due on queue_message (due_at) where due_at is not null;

-- A queue is rewritten all the time and stays small: room in the pages for changed rows, and vacuum by count instead of by share,
-- without rests.
alter table queue_message set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
alter table queue_recipient set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
alter table queue_attempt set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
alter table queue_envelope set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
alter table queue_body set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000, toast.autovacuum_vacuum_cost_delay = 0);
