-- The most that may be spent a month (UTC) on answers. An answer counts in the month in which it began.
create table spend_cap (
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    kind            varchar(16) not null check (kind in ('organisation', 'project', 'user', 'api_key')),
    subject_id      varchar(64) not null,
    amount          bigint check (amount >= 0),      -- null where there is no limit any more: it counts on, for the next
    month_start     timestamp with time zone not null,
    month_end       timestamp with time zone not null,
    spent           bigint not null check (spent >= 0), -- charged, and set aside for running answers
    primary key (organisation_id, kind, subject_id)
);
