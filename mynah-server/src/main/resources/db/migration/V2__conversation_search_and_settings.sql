alter table conversation add column pinned boolean default false not null;

-- With what an answer of a conversation was generated.
create table message_settings (
    message_id    varchar(64) primary key references message (id) on delete cascade,
    model_id      varchar(200) not null,
    system_prompt text,
    temperature   double precision not null,
    max_tokens    int not null,
    seed          bigint not null,
    skipped_turns int not null                       -- oldest messages that had no room in the context
);
