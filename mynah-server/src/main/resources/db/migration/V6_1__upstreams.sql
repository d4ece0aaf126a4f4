-- Other services that answer for this one, by the OpenAI API.
create table upstream (
    id         varchar(64) primary key,
    base_url   varchar(500) not null,                -- such as https://host/v1
    api_key    varchar(2000),                        -- encrypted with the server's secret
    enabled    boolean not null,
    created_at timestamp with time zone not null
);

-- Which of them have a model, by which name; requests go to each in proportion to its weight.
create table upstream_route (
    model_id       varchar(200) not null references model (id) on delete cascade,
    upstream_id    varchar(64) not null references upstream (id) on delete cascade,
    upstream_model varchar(200) not null,
    weight         int not null check (weight > 0),
    primary key (model_id, upstream_id)
);
