-- Mails that are to be sent; a row goes when its mail is out.
create table outgoing_mail (
    id         varchar(64) primary key,
    recipient  varchar(320) not null,                -- empty: sent to nobody
    content    text not null,                        -- encrypted: subject, line break, text
    attempts   int not null,
    next_at    timestamp with time zone not null,    -- when it may be tried again; until then who tries it has it alone
    created_at timestamp with time zone not null
);
create index outgoing_mail_due on outgoing_mail (next_at);

-- Secrets that are good once, and for a while.
create table one_time_token (
    token_hash varchar(64) primary key,              -- HMAC-SHA-256
    purpose    varchar(32) not null,
    user_id    varchar(64) references app_user (id) on delete cascade,
    data       text not null,
    expires_at timestamp with time zone not null
);
create index one_time_token_user on one_time_token (user_id, purpose);
create index one_time_token_expiry on one_time_token (expires_at);

alter table app_user add column email_verified_at timestamp with time zone;

alter table user_session add column id varchar(64);
update user_session set id = 'sess_' || substring(token_hash from 1 for 32);
alter table user_session alter column id set not null;
create unique index user_session_id on user_session (id);
alter table user_session add column address varchar(64) default '' not null;
alter table user_session add column agent varchar(300) default '' not null;
