-- A page of one state, and how many messages each has, without a look at every message.
create index queue_message_state on queue_message (state, id);
