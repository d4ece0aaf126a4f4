alter table app_user add column feedback_consent boolean; -- null until the user was asked

create table feedback (
    message_id   varchar(64) primary key references message (id) on delete cascade,
    user_id      varchar(64) not null references app_user (id) on delete cascade,
    question_id  varchar(64) not null,
    rating       varchar(8) not null check (rating in ('good', 'bad')),
    reasons      varchar(400) not null,              -- separated by blanks
    remark       text not null,
    corrected    text,                               -- what the answer should have been
    prompt       text not null,                      -- JSON: all that the model was given
    answer       text not null,
    model_id     varchar(200) not null,
    temperature  double precision not null,
    max_tokens   int not null,
    seed         bigint not null,
    updated_at   timestamp with time zone not null
);
create index feedback_question on feedback (question_id, message_id);
create index feedback_user on feedback (user_id);
