-- When the owners were told by mail too; those from before are not told again.
alter table notice add column mailed_at timestamp with time zone;
update notice set mailed_at = created_at;
create index notice_mailed on notice (mailed_at);
