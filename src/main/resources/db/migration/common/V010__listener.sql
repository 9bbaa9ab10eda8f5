create table listener (
    name     varchar(20)    not null primary key,
    document varchar(20000) not null,
    version  bigint         not null
);
