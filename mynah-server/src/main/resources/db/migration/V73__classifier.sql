-- What is done about what only the classifier finds; null for what the program does.
alter table moderation_policy add column classifier_input varchar(8) check (classifier_input in ('allow', 'warn', 'mask', 'refuse', 'alert'));
alter table moderation_policy add column classifier_output varchar(8) check (classifier_output in ('allow', 'warn', 'mask', 'refuse', 'alert'));
alter table moderation_policy add column classifier_threshold double precision check (classifier_threshold between 0 and 1);

-- The classifier's, where a word or a pattern was not what was found.
alter table moderation_item add column probability double precision;
