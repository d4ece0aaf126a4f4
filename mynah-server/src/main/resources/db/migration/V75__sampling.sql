-- What of the sampling was asked for beside the temperature; null is what the model itself asks for.
alter table message_settings add column top_p double precision;
alter table message_settings add column frequency_penalty double precision default 0 not null;
alter table message_settings add column presence_penalty double precision default 0 not null;
alter table message_settings add column stop text default '[]' not null;                     -- JSON: texts
