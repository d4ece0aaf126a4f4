alter table model add column organisation_id varchar(64) references organisation (id) on delete cascade; -- who may use it, or null for everybody
alter table model add column training_price bigint default 1000000 not null check (training_price >= 0);  -- of fine-tuning it

-- Models that the service answers with from a folder: what was fine-tuned here, and runs that were deployed.
create table model_folder (
    model_id   varchar(200) primary key references model (id) on delete cascade,
    folder     varchar(1000) not null,
    base_model varchar(200)
);

create table fine_tuning_job (
    id               varchar(64) primary key,
    organisation_id  varchar(64) not null references organisation (id) on delete cascade,
    project_id       varchar(64) not null,
    user_id          varchar(64) not null,
    api_key_id       varchar(64),
    base_model       varchar(200) not null,
    settings         text not null,                  -- JSON: what was asked for, with the defaults filled in
    training_file    varchar(64) not null,
    validation_file  varchar(64),
    state            varchar(16) not null check (state in ('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled')),
    stop_requested   varchar(16),                    -- paused or cancelled
    step             int not null,
    total_steps      int not null,
    token_limit      bigint not null,                -- what all steps are charged for
    trained_tokens   bigint not null,
    fine_tuned_model varchar(200),
    result_file      varchar(64),
    error            varchar(2000),
    owner            varchar(64),                    -- the process that watches it
    lease_until      timestamp with time zone,
    child            varchar(200),                   -- machine, process and start of who trains
    created_at       timestamp with time zone not null,
    started_at       timestamp with time zone,
    finished_at      timestamp with time zone
);
create index fine_tuning_job_organisation on fine_tuning_job (organisation_id, id);
create index fine_tuning_job_state on fine_tuning_job (state, id);

create table fine_tuning_event (
    id         varchar(64) primary key,
    job_id     varchar(64) not null references fine_tuning_job (id) on delete cascade,
    level      varchar(8) not null check (level in ('info', 'warn', 'error')),
    step       int,                                  -- of a metrics event
    message    varchar(2000) not null,
    data       text,                                 -- JSON
    created_at timestamp with time zone not null,
    unique (job_id, step)
);
create index fine_tuning_event_job on fine_tuning_event (job_id, id);

-- What was made available to everybody, so that it can be taken back.
create table deployment (
    id                    varchar(64) primary key,
    model_id              varchar(200) not null,
    actor                 varchar(64) not null,
    made_default          boolean not null,
    previous_default      varchar(200),
    previous_enabled      boolean not null,
    previous_organisation varchar(64),
    created_at            timestamp with time zone not null,
    rolled_back_at        timestamp with time zone
);
alter table service_state add column default_model varchar(200);
