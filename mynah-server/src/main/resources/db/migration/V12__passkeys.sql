create table passkey (
    id              varchar(64) primary key,
    user_id         varchar(64) not null references app_user (id) on delete cascade,
    name            varchar(100) not null,
    credential_id   varchar(1400) not null unique,   -- Base64url
    credential      text not null,                   -- Base64url: WebAuthn's attested credential data, with the public key
    sign_count      bigint not null,
    backup_eligible boolean not null,
    backed_up       boolean not null,
    created_at      timestamp with time zone not null,
    last_used_at    timestamp with time zone
);
create index passkey_user on passkey (user_id);
