package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;

/** How much data {@code mynah recipe poet} makes: the file {@code data.yaml} of a scale. */
public record PoetConfig(
        @Doc("Seed of all that is made.") @Default("1") @Range(min = 0)
        long seed,

        @Doc("Tokens in the vocabulary, the special ones included.") @Default("4096") @Range(min = 300)
        int vocabSize,

        @Doc("Conversations to learn from.") @Range(min = 1) int demonstrations,

        @Doc("Prompts whose answers are ranked.") @Range(min = 1)
        int rankings,

        @Doc("Answers to each of them.") @Default("4") @Range(min = 2)
        int answers,

        @Doc("Prompts for reinforcement learning.") @Range(min = 1)
        int prompts,

        @Doc("Held-out prompts of each kind that every stage is examined with.") @Range(min = 1)
        int exam,

        @Doc("Answers of which the reward model picks one, as a reference for reinforcement learning.")
        @Default("4")
        @Range(min = 1)
        int bestOf,

        @Doc("Tokens of an answer, at most.") @Default("80") @Range(min = 1)
        int maxTokens,

        @Doc("Temperature of the answers that are ranked.") @Default("0.8") @Range(above = 0)
        double temperature,

        @Doc(
                "Temperature of the exam's answers, and of the result wherever nobody says otherwise: lower than in learning, so that more rules are kept.")
        @Default("0.5")
        @Range(above = 0)
        double samplingTemperature) {}
