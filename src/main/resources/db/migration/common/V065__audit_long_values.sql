-- An import of a whole table is one entry.
alter table audit_entry alter column before_value set data type varchar(1000000);
alter table audit_entry alter column after_value set data type varchar(1000000);
