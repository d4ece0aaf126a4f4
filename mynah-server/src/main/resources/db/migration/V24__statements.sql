-- A closed month of a wallet. Nothing changes or deletes a row.
create table statement (
    id              varchar(64) primary key,
    number          bigint not null unique,          -- without gaps, from 1
    organisation_id varchar(64) not null references organisation (id),
    currency        varchar(3) not null,
    month_start     timestamp with time zone not null,
    month_end       timestamp with time zone not null,
    opening         bigint not null,
    closing         bigint not null,
    body            text not null,                   -- JSON: what it says
    created_at      timestamp with time zone not null,
    unique (organisation_id, currency, month_start)
);

create table statement_counter (
    id           int primary key check (id = 1),
    last         bigint not null,                    -- the last statement's number
    closed_until timestamp with time zone            -- all months before have theirs; null before the first
);
insert into statement_counter values (1, 0, null);
