alter table conversation add column settings text;                       -- JSON: how its questions are asked
alter table message add column cut boolean default false not null;       -- ended for want of room
alter table service_state add column comparison_rate double precision default 0.05 not null; -- of the questions, whose users are shown two answers

-- What who has the link may read: a conversation up to one message.
create table shared_conversation (
    id              varchar(64) primary key,         -- 256 random bits
    conversation_id varchar(64) not null references conversation (id) on delete cascade,
    user_id         varchar(64) not null references app_user (id) on delete cascade,
    message_id      varchar(64) not null references message (id) on delete cascade,
    title           varchar(300) not null,
    created_at      timestamp with time zone not null
);
create index shared_conversation_user on shared_conversation (user_id, id);
create index shared_conversation_conversation on shared_conversation (conversation_id);

create table assistant (
    id           varchar(64) primary key,
    user_id      varchar(64) not null references app_user (id) on delete cascade,
    name         varchar(100) not null,
    description  varchar(300) not null,
    instructions text not null,
    starters     text not null,                      -- JSON: texts
    model_id     varchar(200),
    created_at   timestamp with time zone not null
);
create index assistant_user on assistant (user_id, id);

-- Several answers to one question, in the order that its user gave them.
create table answer_ranking (
    question_id varchar(64) primary key references message (id) on delete cascade,
    user_id     varchar(64) not null references app_user (id) on delete cascade,
    prompt      text not null,                       -- JSON: all that the model was given
    answers     text not null,                       -- JSON: texts, the best first
    updated_at  timestamp with time zone not null
);
create index answer_ranking_user on answer_ranking (user_id);

create table labelling_queue (
    id              varchar(64) primary key,
    name            varchar(200) not null,
    kind            varchar(16) not null check (kind in ('ranking', 'demonstration')),
    guidelines      text not null,                   -- Markdown
    labels_per_task int not null check (labels_per_task between 1 and 10),
    created_at      timestamp with time zone not null
);

create table labelling_member (
    queue_id varchar(64) not null references labelling_queue (id) on delete cascade,
    user_id  varchar(64) not null references app_user (id) on delete cascade,
    primary key (queue_id, user_id)
);
create index labelling_member_user on labelling_member (user_id);

create table labelling_task (
    id       varchar(64) primary key,
    queue_id varchar(64) not null references labelling_queue (id) on delete cascade,
    prompt   text not null,                          -- JSON: messages
    answers  text not null,                          -- JSON: texts, none for a demonstration
    verdict  text                                    -- an adjudicator's label, which counts instead of all others
);
create index labelling_task_queue on labelling_task (queue_id, id);

create table labelling_label (
    task_id    varchar(64) not null references labelling_task (id) on delete cascade,
    user_id    varchar(64) not null references app_user (id) on delete cascade,
    state      varchar(16) not null check (state in ('assigned', 'done', 'skipped', 'flagged')),
    label      text,                                 -- JSON: places of the answers from 1, or a text
    note       varchar(2000) not null,
    updated_at timestamp with time zone not null,
    primary key (task_id, user_id)
);
create index labelling_label_user on labelling_label (user_id);
