-- Of what was asked and answered, as JSON, so that a conversation is measured without being read.
alter table response add column characters bigint default 0 not null;
update response set characters = char_length(input) + char_length(body);
