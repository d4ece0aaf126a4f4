-- An organisation's subscription: the newest, if it has had several.
create table subscription (
    organisation_id varchar(64) primary key references organisation (id) on delete cascade,
    user_id         varchar(64) not null,            -- who subscribed
    plan_id         varchar(32) not null references plan (id),
    state           varchar(16) not null check (state in ('active', 'past_due', 'ended')),
    anchor_at       timestamp with time zone not null, -- its first moment: months are counted from it, so that the 31st comes back after February
    period          int not null check (period >= 0), -- which month runs, from 0
    period_start    timestamp with time zone not null,
    period_end      timestamp with time zone not null,
    price           bigint not null check (price >= 0), -- of the month that runs
    currency        varchar(3) not null,
    cancel_at_end   boolean not null,
    failures        int not null,                    -- failed renewals since the month ended
    next_attempt_at timestamp with time zone not null,
    created_at      timestamp with time zone not null,
    ended_at        timestamp with time zone
);
create index subscription_due on subscription (state, next_attempt_at);

-- A month that was paid for; no month twice.
create table subscription_charge (
    organisation_id varchar(64) not null references organisation (id),
    period_start    timestamp with time zone not null,
    period_end      timestamp with time zone not null,
    plan_id         varchar(32) not null,
    amount          bigint not null check (amount >= 0),
    currency        varchar(3) not null,
    transfer_id     varchar(64) unique references ledger_transfer (id), -- null where the month was free
    payment_id      varchar(64) unique references payment (id),         -- null where the balance paid
    created_at      timestamp with time zone not null,
    primary key (organisation_id, period_start)
);
