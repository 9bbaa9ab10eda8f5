-- The last threshold in days that was told of, so that each is told once; 0 when it was told that it expired.
alter table certificate add column reported_days integer;
