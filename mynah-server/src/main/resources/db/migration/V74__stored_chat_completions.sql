-- Chat completions that were asked to be stored, for the project that asked.
create table chat_completion (
    id         varchar(64) primary key,
    project_id varchar(64) not null references project (id) on delete cascade,
    user_id    varchar(64) not null references app_user (id) on delete cascade,
    model      varchar(256) not null,
    metadata   text not null,                        -- words by name, as a JSON object
    messages   text not null,                        -- of the request, as a JSON array
    body       text not null,                        -- as it was sent, with settings of its request
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null
);
create index chat_completion_project on chat_completion (project_id, id);
create index chat_completion_user on chat_completion (user_id);
create index chat_completion_expiry on chat_completion (expires_at);

-- The same metadata, to look for.
create table chat_completion_metadata (
    completion_id varchar(64) not null references chat_completion (id) on delete cascade,
    name          varchar(64) not null,
    word          varchar(512) not null,
    primary key (completion_id, name)
);
