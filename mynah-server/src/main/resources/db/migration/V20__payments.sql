-- Accounts of more kinds. A check cannot be changed alike on both databases, so the table is made anew.
create table ledger_account_new (
    id              varchar(64) primary key,
    organisation_id varchar(64) references organisation (id),
    kind            varchar(16) not null check (kind in ('wallet', 'revenue', 'subscription', 'payment', 'refund', 'voucher', 'grant')),
    currency        varchar(3) not null,
    balance         bigint not null,                 -- of a wallet: the sum of its entries; kept for no other kind, since all answers would wait for one row
    held            bigint not null check (held >= 0),
    low_at          bigint not null check (low_at >= 0), -- of a wallet: a balance below is told to its owner
    low             boolean not null,                -- whether it was told since the balance fell below
    check (kind <> 'wallet' or balance >= held)
);
insert into ledger_account_new select id, organisation_id, kind, currency, balance, held, 1000000, balance < 1000000 from ledger_account;
drop table ledger_account cascade;
alter table ledger_account_new rename to ledger_account;
create unique index ledger_account_wallet on ledger_account (organisation_id, kind, currency);
alter table ledger_entry add constraint ledger_entry_account_fk foreign key (account_id) references ledger_account (id);
alter table reservation add constraint reservation_account_fk foreign key (account_id) references ledger_account (id);

-- What somebody pays, or is asked to.
create table payment (
    id                 varchar(64) primary key,
    organisation_id    varchar(64) not null references organisation (id),
    user_id            varchar(64) not null,
    provider           varchar(16) not null,
    purpose            varchar(16) not null check (purpose in ('top_up', 'subscription', 'renewal', 'change')),
    plan_id            varchar(32),                  -- what a subscription is paid for
    period             int,                          -- of a renewal: which of the subscription's months
    amount             bigint not null check (amount > 0),
    currency           varchar(3) not null,
    refunded           bigint not null check (refunded >= 0 and refunded <= amount),
    state              varchar(16) not null check (state in ('pending', 'succeeded', 'failed')),
    failure            varchar(400),                 -- why it failed, in the provider's words
    checkout_reference varchar(255),                 -- the provider's names
    payment_reference  varchar(255),
    next_attempt_at    timestamp with time zone,     -- of a charge whose outcome is unknown: when it is asked for again
    created_at         timestamp with time zone not null,
    settled_at         timestamp with time zone,
    unique (provider, payment_reference)
);
create index payment_organisation on payment (organisation_id, id);
create index payment_state on payment (state, next_attempt_at);

-- Events that a provider told, each heard once.
create table payment_event (
    provider    varchar(16) not null,
    id          varchar(255) not null,
    kind        varchar(100) not null,
    received_at timestamp with time zone not null,
    primary key (provider, id)
);

-- With what renewals are paid.
create table payment_method (
    organisation_id varchar(64) primary key references organisation (id) on delete cascade,
    provider        varchar(16) not null,
    customer        varchar(255) not null,           -- the provider's names; no card number comes near this service
    method          varchar(255) not null,
    created_at      timestamp with time zone not null
);

create table refund (
    id                 varchar(64) primary key,
    payment_id         varchar(64) not null references payment (id),
    amount             bigint not null check (amount > 0),
    currency           varchar(3) not null,
    source             varchar(16) not null check (source in ('wallet', 'subscription', 'revenue')), -- the account that it is taken from
    state              varchar(16) not null check (state in ('pending', 'succeeded', 'failed')),
    reason             varchar(400) not null,
    failure            varchar(400),
    provider_reference varchar(255) unique,
    requested_by       varchar(64) not null,         -- a user, or "system" where the provider began it
    next_attempt_at    timestamp with time zone,
    created_at         timestamp with time zone not null,
    settled_at         timestamp with time zone
);
create index refund_payment on refund (payment_id);
create index refund_state on refund (state, next_attempt_at);

-- What an organisation's owners are told.
create table notice (
    id              varchar(64) primary key,
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    kind            varchar(40) not null,
    detail          text not null,                   -- JSON: what its words are filled in with
    created_at      timestamp with time zone not null,
    read_at         timestamp with time zone
);
create index notice_organisation on notice (organisation_id, id);
