-- Files that come in parts. The bytes of a part lie beside those of files, under its id, until the upload has ended.
create table upload (
    id              varchar(64) primary key,
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    user_id         varchar(64) not null,
    filename        varchar(255) not null,
    purpose         varchar(32) not null,
    bytes           bigint not null check (bytes > 0), -- of all parts together, as was announced
    life_seconds    bigint,                          -- of the file, or null for ever
    status          varchar(16) not null check (status in ('pending', 'completed', 'cancelled')),
    file_id         varchar(64),
    created_at      timestamp with time zone not null,
    expires_at      timestamp with time zone not null
);
create index upload_organisation on upload (organisation_id);
create index upload_expiry on upload (expires_at);

create table upload_part (
    id        varchar(64) primary key,
    upload_id varchar(64) not null references upload (id) on delete cascade,
    bytes     bigint not null check (bytes > 0)
);
create index upload_part_upload on upload_part (upload_id);
