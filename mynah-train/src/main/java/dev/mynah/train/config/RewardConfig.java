package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;

/** Configuration of {@code mynah train reward}. */
public record RewardConfig(
        @Doc("Seed of every random choice: order of the data and the new head.") @Default("1") @Range(min = 0)
        long seed,

        @Doc("The rankings to learn from.") ChatDataSection data,

        @Doc("The model to start from, usually one that sft made.")
        ModelSection.Folder model,

        @Doc(
                "How it is trained; train.batch and train.micro_batch count prompts, each with all its answers. Reward models overfit soon: one epoch is usual, with a learning_rate of about 1e-5, or 1e-4 for a model of a few million parameters.")
        TrainSection train) {

    public RewardConfig {
        ChatStages.check(train);
    }
}
