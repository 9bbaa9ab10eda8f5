-- Where somebody sends a waiting recipient's mail instead of where the routes would; the spool file says so, too.
alter table queue_recipient add column route varchar(400);
