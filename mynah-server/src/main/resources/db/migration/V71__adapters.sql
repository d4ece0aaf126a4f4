-- A low-rank adapter, where a fine-tuned model is one over its base: answered with beside that where the base is served too, else the merged model in "folder" is.
alter table model_folder add column adapter varchar(1000);
