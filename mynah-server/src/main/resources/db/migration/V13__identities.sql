-- Users as other services know them (OpenID Connect).
create table external_identity (
    issuer     varchar(400) not null,
    subject    varchar(255) not null,
    user_id    varchar(64) not null references app_user (id) on delete cascade,
    created_at timestamp with time zone not null,
    primary key (issuer, subject)
);
create index external_identity_user on external_identity (user_id);
