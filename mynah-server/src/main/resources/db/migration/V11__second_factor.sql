create table totp (
    user_id   varchar(64) primary key references app_user (id) on delete cascade,
    secret    varchar(300) not null,                 -- encrypted
    confirmed boolean not null,                      -- whether a code was shown; until then it counts for nothing
    last_step bigint not null                        -- the newest time step whose code was used
);

-- Each is good once, and then gone.
create table recovery_code (
    user_id   varchar(64) not null references app_user (id) on delete cascade,
    code_hash varchar(64) not null,                  -- HMAC-SHA-256
    primary key (user_id, code_hash)
);

alter table user_session add column second_factor boolean default false not null; -- whether one was shown
