-- What an administrator decided otherwise than the program's own policies.
create table moderation_policy (
    category      varchar(40) primary key,
    input_action  varchar(8) not null check (input_action in ('allow', 'warn', 'mask', 'refuse', 'alert')),
    output_action varchar(8) not null check (output_action in ('allow', 'warn', 'mask', 'refuse', 'alert')),
    reason        varchar(1000)                      -- how a refusal is put, or null for the program's own words
);

create table moderation_word (
    id         varchar(64) primary key,
    category   varchar(40) not null,
    word       varchar(100) not null,
    created_at timestamp with time zone not null,
    unique (category, word)
);

-- Counts changes of the two above, for replicas that keep them in memory.
alter table service_state add column moderation_version bigint default 0 not null;

-- Something that was found, for operators to look at.
create table moderation_item (
    id         varchar(64) primary key,
    user_id    varchar(64) not null references app_user (id) on delete cascade,
    answer_id  varchar(64) not null,
    endpoint   varchar(64) not null,
    direction  varchar(8) not null check (direction in ('input', 'output')),
    category   varchar(40) not null,
    action     varchar(8) not null check (action in ('warn', 'refuse', 'alert')),
    excerpt    varchar(400) not null,
    state      varchar(16) not null check (state in ('open', 'upheld', 'dismissed')),
    decided_by varchar(64),
    decided_at timestamp with time zone,
    created_at timestamp with time zone not null
);
create index moderation_item_state on moderation_item (state, id);
create index moderation_item_user on moderation_item (user_id, created_at);
create index moderation_item_time on moderation_item (created_at);

create table moderation_standing (
    user_id         varchar(64) primary key references app_user (id) on delete cascade,
    strikes_since   timestamp with time zone not null, -- what is older does not count
    suspended_until timestamp with time zone
);

-- What is to be posted to the operators' address.
create table alarm (
    id           varchar(64) primary key,
    body         text not null,                      -- JSON
    attempts     int not null,
    next_at      timestamp with time zone not null,
    delivered_at timestamp with time zone
);
create index alarm_next on alarm (delivered_at, next_at);
