-- One row: what holds for all replicas.
create table service_state (
    id      int primary key check (id = 1),
    stopped boolean not null
);

insert into service_state values (1, false);
