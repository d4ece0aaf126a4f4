-- Files that organisations keep here; their bytes lie in the data folder under the same id.
create table stored_file (
    id              varchar(64) primary key,
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    user_id         varchar(64) not null,
    filename        varchar(255) not null,           -- for people; never a path
    purpose         varchar(32) not null,
    bytes           bigint not null check (bytes >= 0),
    sha256          varchar(64) not null,
    created_at      timestamp with time zone not null,
    expires_at      timestamp with time zone
);
create index stored_file_organisation on stored_file (organisation_id, id);
create index stored_file_expiry on stored_file (expires_at);
