create table batch (
    id              varchar(64) primary key,
    organisation_id varchar(64) not null references organisation (id) on delete cascade,
    project_id      varchar(64) not null,
    user_id         varchar(64) not null,
    api_key_id      varchar(64),
    endpoint        varchar(64) not null,
    input_file      varchar(64) not null,
    metadata        text not null,                   -- JSON
    state           varchar(16) not null check (state in ('in_progress', 'cancelling', 'finalizing', 'completed', 'failed', 'expired', 'cancelled')),
    problems        text,                            -- JSON: why it failed, by line
    total           int not null,
    completed       int not null,                    -- of one that has ended; before, its lines are counted
    failed          int not null,
    output_file     varchar(64),
    error_file      varchar(64),
    owner           varchar(64),                     -- the process that works on it
    lease_until     timestamp with time zone,
    created_at      timestamp with time zone not null,
    expires_at      timestamp with time zone not null,
    cancelling_at   timestamp with time zone,
    finished_at     timestamp with time zone
);
create index batch_organisation on batch (organisation_id, id);
create index batch_state on batch (state, id);

-- Lines that were answered, until the output is written. What a line cost is settled in the transaction that adds it.
create table batch_line (
    batch_id varchar(64) not null references batch (id) on delete cascade,
    line     int not null,                           -- from 1
    failed   boolean not null,
    result   text not null,                          -- JSON: the line of the output
    primary key (batch_id, line)
);
