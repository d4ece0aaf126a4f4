package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import dev.mynah.train.config.PolicySection.Rule;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configuration of {@code mynah train rounds}. */
public record RoundsConfig(
        @Doc("Seed of the answers that are ranked.") @Default("1") @Range(min = 0)
        long seed,

        @Doc("Rounds: rankings of the newest policy's answers, a reward model of all rankings, PPO against it.")
        @Default("2")
        @Range(min = 1, max = 1000)
        int rounds,

        @Doc("The policy of the first round, and what every reward model starts from; usually one that sft made.")
        ModelSection.Folder model,

        @Doc("The prompts whose answers are ranked.") ChatDataSection data,

        @Doc("How rankings are collected.") Collect collect,

        @Doc("Configuration of the reward model; model.path and data.paths are set by the round.")
        Path reward,

        @Doc("Configuration of PPO; model.path and ppo.reward.path are set by the round.")
        Path ppo) {

    /** How rankings are collected. */
    public record Collect(
            @Doc("Prompts of a round; each round takes the next ones.") @Default("64") @Range(min = 1)
            int prompts,

            @Doc("Answers to each prompt.") @Default("4") @Range(min = 2)
            int answers,

            @Doc("Tokens of an answer, at most.") @Default("128") @Range(min = 1)
            int maxTokens,

            @Doc("Temperature at which answers are sampled.") @Default("1") @Range(above = 0)
            double temperature,

            @Doc("A checker in Java that ranks; without it the answers wait for people.") @Nullable
            Rule rule,

            @Doc("Further rankings, from which every round learns too; they may grow between rounds.") @Default("[]")
            List<String> rankings) {}
}
