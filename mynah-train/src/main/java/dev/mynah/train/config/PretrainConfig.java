package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;

/** Configuration of {@code mynah train pretrain}. */
public record PretrainConfig(
        @Doc("Seed of every random choice: initial weights, order of the data and samples.")
        @Default("1")
        @Range(min = 0)
        long seed,

        @Doc("Where the tokenizer comes from: trained on the data, or loaded.") @Default("{train: {}}")
        TokenizerSection tokenizer,

        @Doc("The documents to learn from.") DataSection data,

        @Doc("The network to train.") @Default("{depth: 6}") ModelSection model,

        @Doc("How it is trained.") TrainSection train) {

    public PretrainConfig {
        if (model instanceof ModelSection.Folder && tokenizer instanceof TokenizerSection.Trained) {
            throw new IllegalArgumentException(
                    "model.path goes on with a trained model, which keeps its tokenizer: give tokenizer.path too");
        }
    }
}
