package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import org.jspecify.annotations.Nullable;

/** Configuration of {@code mynah train dpo}. */
public record DpoConfig(
        @Doc("Seed of every random choice: order of the data, new weights and dropout.") @Default("1") @Range(min = 0)
        long seed,

        @Doc("The rankings to learn from.") ChatDataSection data,

        @Doc("The model to start from, which is also the reference; usually one that sft made.")
        ModelSection.Folder model,

        @Doc(
                "How it is trained; train.batch and train.micro_batch count prompts, each with all its answers. A usual learning_rate is 5e-7 to 5e-6, and ten times that with LoRA.")
        TrainSection train,

        @Doc("Direct preference optimisation itself.") DpoSection dpo) {

    /** How strongly the policy is held, and what is changed. */
    public record DpoSection(
            @Doc(
                    "How strongly the policy is held to the reference: reward is beta times the difference of log-probabilities.")
            @Default("0.1")
            @Range(above = 0)
            double beta,

            @Doc("Probability that a ranking is wrong.") @Default("0") @Range(min = 0, below = 0.5)
            double labelSmoothing,

            @Doc("Train a low-rank adapter beside the frozen weights; without it all weights are trained.") @Nullable
            LoraSection lora) {}

    public DpoConfig {
        ChatStages.check(train);
    }
}
