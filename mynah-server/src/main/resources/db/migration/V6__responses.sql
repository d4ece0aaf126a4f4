-- Responses that were stored, for who asked for them.
create table response (
    id          varchar(64) primary key,
    user_id     varchar(64) not null references app_user (id) on delete cascade,
    previous_id varchar(64),                         -- the response that it goes on from
    input       text not null,                       -- the items that were new in its request, as a JSON array
    body        text not null,                       -- the response as it was sent
    created_at  timestamp with time zone not null,
    expires_at  timestamp with time zone not null
);
create index response_user on response (user_id);
create index response_expiry on response (expires_at);
