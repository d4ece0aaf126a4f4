-- Payments that a customer's bank takes back until somebody has decided. What was booked meanwhile are refunds.
create table dispute (
    id              varchar(255) primary key,        -- the provider's name
    payment_id      varchar(64) not null references payment (id),
    organisation_id varchar(64) not null references organisation (id),
    reason          varchar(100) not null,           -- the provider's word
    state           varchar(16) not null check (state in ('open', 'won', 'lost')),
    opened_at       timestamp with time zone not null,
    closed_at       timestamp with time zone
);
create index dispute_organisation on dispute (organisation_id, closed_at);
