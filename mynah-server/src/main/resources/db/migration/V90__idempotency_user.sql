-- Who asked, so that what was answered goes with the account.
alter table idempotency_key add column user_id varchar(64);
create index idempotency_key_user on idempotency_key (user_id);
create index idempotency_key_created on idempotency_key (created_at);
