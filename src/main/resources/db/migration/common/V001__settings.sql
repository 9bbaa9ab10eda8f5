create table settings_document (
    name     varchar(40)     not null primary key,
    document varchar(100000) not null,
    version  bigint          not null
);
