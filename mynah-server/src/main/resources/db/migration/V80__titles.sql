-- The model that writes the titles of chats; null leaves them at the first line of their first question.
alter table service_state add column title_model varchar(200);
