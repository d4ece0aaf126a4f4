-- How long the files of what came of a batch are kept; null for ever.
alter table batch add column output_seconds int;
