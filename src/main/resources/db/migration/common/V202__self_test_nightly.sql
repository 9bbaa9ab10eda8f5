-- Rules that a server has to prove itself for are tested every night unless somebody removes this.
insert into self_test_schedule (kind, name, every_millis, administrator, created_by, created_at)
values ('rules', 'fingerprint', 86400000, false, 'system', current_timestamp);
