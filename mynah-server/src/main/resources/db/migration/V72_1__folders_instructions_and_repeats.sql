alter table app_user add column instructions text;                             -- what all of the user's chats are told first
alter table conversation add column folder varchar(100) default '' not null;   -- the name of the folder that it lies in, empty for none
create index conversation_folder on conversation (user_id, folder);

-- What a client called the request that made it, so that one which comes again makes nothing anew.
alter table conversation add column request_key varchar(64);
create unique index conversation_request on conversation (user_id, request_key);
alter table message add column request_key varchar(64);
create unique index message_request on message (conversation_id, request_key);
