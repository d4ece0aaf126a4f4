create table voucher_batch (
    id              varchar(64) primary key,
    note            varchar(200) not null,
    amount          bigint not null check (amount > 0),
    currency        varchar(3) not null,
    expires_at      timestamp with time zone,
    max_redemptions int not null check (max_redemptions > 0), -- of each code
    created_by      varchar(64) not null,
    created_at      timestamp with time zone not null,
    revoked_at      timestamp with time zone
);

create table voucher (
    id        varchar(64) primary key,
    batch_id  varchar(64) not null references voucher_batch (id),
    code_hash varchar(64) not null unique,           -- HMAC-SHA-256
    hint      varchar(8) not null,                   -- its last characters
    redeemed  int not null check (redeemed >= 0)
);
create index voucher_of_batch on voucher (batch_id, id);

create table voucher_redemption (
    voucher_id      varchar(64) not null references voucher (id),
    user_id         varchar(64) not null,
    organisation_id varchar(64) not null references organisation (id),
    transfer_id     varchar(64) not null unique references ledger_transfer (id),
    redeemed_at     timestamp with time zone not null,
    primary key (voucher_id, user_id)                -- once for each user
);
