package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import org.jspecify.annotations.Nullable;

/** Configuration of {@code mynah train tamer}. */
public record TamerConfig(
        @Doc("Seed of every random choice: order of the prompts and answers.") @Default("1") @Range(min = 0)
        long seed,

        @Doc("The prompts to answer; a demonstration's answer is left out.")
        ChatDataSection data,

        @Doc("The model to start from, which is also the reference; usually one that sft made.")
        ModelSection.Folder model,

        @Doc(
                "How it is trained. A step writes train.batch answers, asks about each, and learns from them: a small batch shows its effect soon. A usual learning_rate is 1e-6 to 1e-5, and 1e-4 for a model of a few million parameters.")
        TrainSection train,

        @Doc("Learning from a person's numbers itself.") TamerSection tamer)
        implements PolicyConfig {

    /** What is written and how strongly the policy is held. */
    public record TamerSection(
            @Doc("Tokens of an answer, at most.") @Default("128") @Range(min = 1)
            int maxTokens,

            @Doc("Temperature at which answers are sampled, and all log-probabilities are taken.")
            @Default("1")
            @Range(above = 0)
            double temperature,

            @Doc("What the divergence from the reference costs in the loss, a nat a token.")
            @Default("0.04")
            @Range(min = 0)
            double klCoefficient,

            @Doc("Times that each answer is learned from.") @Default("1") @Range(min = 1)
            int epochs,

            @Doc("How far from 1 the ratio of probabilities counts.") @Default("0.2") @Range(above = 0)
            double clip)
            implements PolicySection {

        @Override
        public @Nullable Learned reward() {
            return null;
        }

        @Override
        public @Nullable Rule rule() {
            return null;
        }

        /** The person sees that an answer breaks off. */
        @Override
        public double missingEndPenalty() {
            return 0;
        }

        @Override
        public int minibatches() {
            return 1;
        }

        @Override
        public double maxUpdateKl() {
            return 0;
        }

        /** Nobody is asked about answers that nothing is learned from. */
        @Override
        public int evalPrompts() {
            return 0;
        }

        @Override
        public @Nullable Mix mix() {
            return null;
        }
    }

    public TamerConfig {
        ChatStages.check(train);
    }

    @Override
    public TamerSection policy() {
        return tamer;
    }
}
