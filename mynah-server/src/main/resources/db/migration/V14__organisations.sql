-- The organisation that was made with an account, and the project that its user's browsers work in; without one, the first of the own organisation.
alter table app_user add column organisation_id varchar(64) references organisation (id);
alter table app_user add column project_id varchar(64) references project (id) on delete set null;
update app_user set organisation_id =
    (select min(m.organisation_id) from organisation_member m where m.user_id = app_user.id and m.role = 'owner');

create table invitation (
    id              varchar(64) primary key,
    token_hash      varchar(64) not null unique,     -- HMAC-SHA-256
    email           varchar(320) not null,
    organisation_id varchar(64) references organisation (id) on delete cascade, -- null: to the service only
    member_role     varchar(16) not null check (member_role in ('owner', 'member')),
    user_role       varchar(16) not null check (user_role in ('user', 'operator', 'administrator')),
    invited_by      varchar(64) not null references app_user (id) on delete cascade,
    created_at      timestamp with time zone not null,
    expires_at      timestamp with time zone not null
);
create index invitation_organisation on invitation (organisation_id, id);
