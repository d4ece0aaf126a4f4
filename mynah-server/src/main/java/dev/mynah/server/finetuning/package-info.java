/** Fine-tuning as a service: a job is a process of its own, watched through the database and its run's folder. */
@NullMarked
package dev.mynah.server.finetuning;

import org.jspecify.annotations.NullMarked;
