package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import org.jspecify.annotations.Nullable;

/** Configuration of {@code mynah train sft}. */
public record SftConfig(
        @Doc("Seed of every random choice: order of the data, new weights, dropout and samples.")
        @Default("1")
        @Range(min = 0)
        long seed,

        @Doc("The conversations to learn from.") ChatDataSection data,

        @Doc("The model to start from.") ModelSection.Folder model,

        @Doc(
                "How it is trained; samples answer train.sample_prompts as a user's first turn. A usual learning_rate is 1e-5 to 5e-5, and 1e-4 to 5e-4 with LoRA or for a model of a few million parameters.")
        TrainSection train,

        @Doc("Fine-tuning itself.") SftSection sft) {

    /** What is changed, and when it ends early. */
    public record SftSection(
            @Doc("Train a low-rank adapter beside the frozen weights; without it all weights are trained.") @Nullable
            LoraSection lora,

            @Doc(
                    "Stop after so many evaluations without a lower validation loss, and keep the weights of the lowest; 0 for never.")
            @Default("0")
            @Range(min = 0)
            int patience) {}

    public SftConfig {
        ChatStages.check(train);
        boolean heldOut = data.validation() > 0 || !data.validationPaths().isEmpty();
        if (sft.patience() > 0 && (!heldOut || train.evalEvery() == 0)) {
            throw new IllegalArgumentException(
                    "sft.patience needs evaluations: data.validation above 0 or data.validation_paths, and train.eval_every above 0");
        }
    }
}
