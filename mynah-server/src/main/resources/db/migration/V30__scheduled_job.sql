-- Work that one of the replicas does now and then.
create table scheduled_job (
    name    varchar(64) primary key,
    next_at timestamp with time zone not null
);

insert into scheduled_job values ('retention', timestamp with time zone '2000-01-01 00:00:00+00');

-- What retention looks for.
create index conversation_archived on conversation (archived, updated_at);
create index feedback_time on feedback (updated_at);
create index answer_ranking_time on answer_ranking (updated_at);
create index moderation_item_decided on moderation_item (decided_at);
