-- The same on H2 (in its PostgreSQL mode) and PostgreSQL. Identifiers are text with a prefix that tells what they name; money is in
-- micro-units of its currency (1 USD = 1,000,000), prices in micro-units per million tokens.

create table plan (
    id                  varchar(32) primary key,
    name                varchar(100) not null,
    priority            int not null,
    metered             boolean not null,            -- whether tokens are paid from the wallet
    monthly_price       bigint not null check (monthly_price >= 0),
    currency            varchar(3) not null,
    requests_per_minute bigint not null check (requests_per_minute > 0),
    tokens_per_minute   bigint not null check (tokens_per_minute > 0),
    requests_per_day    bigint not null check (requests_per_day > 0),
    tokens_per_day      bigint not null check (tokens_per_day > 0)
);

insert into plan values ('free', 'Free', 0, false, 0, 'USD', 20, 40000, 200, 200000);
insert into plan values ('plus', 'Plus', 10, false, 20000000, 'USD', 120, 400000, 5000, 5000000);
insert into plan values ('payg', 'Pay as you go', 10, true, 0, 'USD', 60000, 100000000, 10000000, 10000000000);

create table app_user (
    id         varchar(64) primary key,
    email      varchar(320) not null unique,         -- lower case
    name       varchar(200) not null,
    role       varchar(16) not null check (role in ('user', 'operator', 'administrator')),
    state      varchar(16) not null check (state in ('active', 'suspended', 'deleted')),
    created_at timestamp with time zone not null
);

create table credential (
    user_id     varchar(64) not null references app_user (id) on delete cascade,
    kind        varchar(16) not null,                -- password
    secret      varchar(1000) not null,
    must_change boolean not null,
    created_at  timestamp with time zone not null,
    primary key (user_id, kind)
);

create table organisation (
    id         varchar(64) primary key,
    name       varchar(200) not null,
    plan_id    varchar(32) not null references plan (id),
    created_at timestamp with time zone not null
);

create table organisation_member (
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    user_id         varchar(64) not null references app_user (id) on delete cascade,
    role            varchar(16) not null check (role in ('owner', 'member')),
    primary key (organisation_id, user_id)
);
create index organisation_member_user on organisation_member (user_id);

create table project (
    id              varchar(64) primary key,
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    name            varchar(200) not null,
    created_at      timestamp with time zone not null
);
create index project_organisation on project (organisation_id);

-- A signed-in browser.
create table user_session (
    token_hash   varchar(64) primary key,            -- HMAC-SHA-256 of the cookie
    user_id      varchar(64) not null references app_user (id) on delete cascade,
    created_at   timestamp with time zone not null,
    last_seen_at timestamp with time zone not null,
    expires_at   timestamp with time zone not null
);
create index user_session_user on user_session (user_id);

create table api_key (
    id           varchar(64) primary key,
    project_id   varchar(64) not null references project (id) on delete cascade,
    user_id      varchar(64) not null references app_user (id) on delete cascade,
    name         varchar(200) not null,
    key_hash     varchar(64) not null unique,        -- HMAC-SHA-256 of the key
    hint         varchar(16) not null,               -- its last characters
    scopes       varchar(500) not null,              -- separated by blanks
    created_at   timestamp with time zone not null,
    expires_at   timestamp with time zone,
    revoked_at   timestamp with time zone,
    last_used_at timestamp with time zone
);
create index api_key_project on api_key (project_id);

-- Failed attempts to sign in, by account and by address.
create table login_failure (
    subject      varchar(400) primary key,
    failures     int not null,
    last_at      timestamp with time zone not null
);

create table model (
    id                 varchar(200) primary key,
    provider           varchar(64) not null,
    enabled            boolean not null,
    currency           varchar(3) not null,
    input_price        bigint not null check (input_price >= 0),
    cached_input_price bigint not null check (cached_input_price >= 0),
    output_price       bigint not null check (output_price >= 0),
    max_output_tokens  int check (max_output_tokens > 0),
    created_at         timestamp with time zone not null
);

-- Double entry. An organisation's wallet cannot be overdrawn: neither its balance nor what is held of it for running answers.
create table ledger_account (
    id              varchar(64) primary key,
    organisation_id varchar(64) references organisation (id),
    kind            varchar(16) not null check (kind in ('wallet', 'revenue', 'grant', 'payment')),
    currency        varchar(3) not null,
    balance         bigint not null,                 -- of a wallet: the sum of its entries; kept for no other kind, since all answers would wait for one row
    held            bigint not null check (held >= 0),
    check (kind <> 'wallet' or balance >= held)
);
create unique index ledger_account_wallet on ledger_account (organisation_id, kind, currency);

create table ledger_transfer (
    id         varchar(64) primary key,
    kind       varchar(16) not null,
    reference  varchar(200) not null,
    created_at timestamp with time zone not null,
    unique (kind, reference)                         -- nothing is booked twice
);

create table ledger_entry (
    id          varchar(64) primary key,
    transfer_id varchar(64) not null references ledger_transfer (id),
    account_id  varchar(64) not null references ledger_account (id),
    amount      bigint not null,
    currency    varchar(3) not null
);
create index ledger_entry_transfer on ledger_entry (transfer_id);
create index ledger_entry_account on ledger_entry (account_id);

-- What a tenant has used of its plan's limits in the window that runs.
create table quota_window (
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    span            varchar(8) not null check (span in ('minute', 'day')),
    started_at      timestamp with time zone not null,
    requests        bigint not null,
    tokens          bigint not null,
    primary key (organisation_id, span)
);

create table conversation (
    id         varchar(64) primary key,
    user_id    varchar(64) not null references app_user (id) on delete cascade,
    title      varchar(300) not null,
    model_id   varchar(200) not null,
    archived   boolean not null,
    created_at timestamp with time zone not null,
    updated_at timestamp with time zone not null
);
create index conversation_list on conversation (user_id, archived, updated_at, id);

-- One row a message; those with the same parent are branches.
create table message (
    id              varchar(64) primary key,
    conversation_id varchar(64) not null references conversation (id) on delete cascade,
    parent_id       varchar(64) references message (id),
    role            varchar(16) not null check (role in ('system', 'user', 'assistant', 'tool')),
    content         text not null,
    answer_id       varchar(64),
    state           varchar(16) not null check (state in ('complete', 'running', 'stopped', 'interrupted', 'failed')),
    created_at      timestamp with time zone not null
);
create index message_conversation on message (conversation_id, id);
create index message_parent on message (parent_id);

-- One request that a model answers, from its reservation to its settlement.
create table answer (
    id                varchar(64) primary key,
    organisation_id   varchar(64) not null references organisation (id),
    project_id        varchar(64) not null,
    user_id           varchar(64) not null,
    api_key_id        varchar(64),
    message_id        varchar(64),
    model_id          varchar(200) not null,
    endpoint          varchar(64) not null,
    state             varchar(16) not null check (state in ('running', 'settled')),
    owner             varchar(64) not null,          -- the process that generates it
    lease_until       timestamp with time zone not null,
    stop_requested    boolean not null,
    prompt_tokens     int not null check (prompt_tokens >= 0),
    cached_tokens     int not null check (cached_tokens >= 0),
    completion_tokens int not null check (completion_tokens >= 0),
    created_at        timestamp with time zone not null
);
create index answer_state on answer (state, lease_until);
create index answer_message on answer (message_id);

create table answer_chunk (
    answer_id varchar(64) not null references answer (id) on delete cascade,
    seq       int not null,                          -- from 0
    content   text not null,
    primary key (answer_id, seq)
);

create table reservation (
    answer_id          varchar(64) primary key references answer (id),
    account_id         varchar(64) references ledger_account (id), -- null where the plan pays
    amount             bigint not null check (amount >= 0),
    tokens             bigint not null check (tokens >= 0),        -- counted against the plan's limits
    currency           varchar(3) not null,
    input_price        bigint not null,                            -- the prices that hold for this answer
    cached_input_price bigint not null,
    output_price       bigint not null,
    state              varchar(16) not null check (state in ('open', 'closed')),
    created_at         timestamp with time zone not null
);
create index reservation_state on reservation (state);

create table settlement (
    answer_id   varchar(64) primary key references answer (id),
    outcome     varchar(16) not null check (outcome in ('finished', 'cancelled', 'failed', 'killed')),
    amount      bigint not null check (amount >= 0),
    currency    varchar(3) not null,
    transfer_id varchar(64) references ledger_transfer (id), -- null where nothing was charged
    settled_at  timestamp with time zone not null
);

-- What a settlement was for, with the names that reports group by.
create table usage_record (
    answer_id         varchar(64) primary key references answer (id),
    organisation_id   varchar(64) not null,
    project_id        varchar(64) not null,
    user_id           varchar(64) not null,
    api_key_id        varchar(64),
    model_id          varchar(200) not null,
    prompt_tokens     int not null,
    cached_tokens     int not null,
    completion_tokens int not null,
    cost              bigint not null,
    currency          varchar(3) not null,
    created_at        timestamp with time zone not null
);
create index usage_record_organisation on usage_record (organisation_id, created_at);

-- The answer to a request that may come again.
create table idempotency_key (
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    request_key     varchar(255) not null,
    request_hash    varchar(64) not null,
    status          int,                             -- null while the first request runs
    response        text,
    created_at      timestamp with time zone not null,
    primary key (organisation_id, request_key)
);

create table audit_event (
    id         varchar(64) primary key,
    actor      varchar(64) not null,                 -- a user, or "system"
    action     varchar(100) not null,
    subject    varchar(400) not null,
    detail     text not null,
    created_at timestamp with time zone not null
);
create index audit_event_time on audit_event (created_at);
