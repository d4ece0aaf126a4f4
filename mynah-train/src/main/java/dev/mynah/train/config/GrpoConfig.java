package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import org.jspecify.annotations.Nullable;

/** Configuration of {@code mynah train grpo}. */
public record GrpoConfig(
        @Doc("Seed of every random choice: order of the prompts and answers.") @Default("1") @Range(min = 0)
        long seed,

        @Doc("The prompts to answer; a demonstration's answer is left out.")
        ChatDataSection data,

        @Doc("The model to start from, which is also the reference; usually one that sft made.")
        ModelSection.Folder model,

        @Doc(
                "How it is trained. A step writes train.batch answers, grpo.group to each prompt, and learns from them; train.micro_batch counts answers. A usual learning_rate is 1e-6 to 1e-5, and 1e-4 for a model of a few million parameters.")
        TrainSection train,

        @Doc("Group relative policy optimisation itself.") GrpoSection grpo)
        implements PolicyConfig {

    /** Rewards, penalties, and how much is learned from a batch of answers. */
    public record GrpoSection(
            @Doc("The reward model; without it the rule alone rewards.") @Nullable
            Learned reward,

            @Doc("A checker in Java that rewards by rule; without it the reward model alone does.") @Nullable
            Rule rule,

            @Doc("Answers to each prompt, which are measured against each other.") @Default("8") @Range(min = 2)
            int group,

            @Doc(
                    "Whether rewards are divided by the standard deviation of their group; without it groups of little spread count little.")
            @Default("true")
            boolean scaleRewards,

            @Doc("Tokens of an answer, at most.") @Default("128") @Range(min = 1)
            int maxTokens,

            @Doc("Temperature at which answers are sampled, and all log-probabilities are taken.")
            @Default("1")
            @Range(above = 0)
            double temperature,

            @Doc("Taken off the reward of an answer that does not end.") @Default("1") @Range(min = 0)
            double missingEndPenalty,

            @Doc("What the divergence from the reference costs in the loss, a nat a token.")
            @Default("0.04")
            @Range(min = 0)
            double klCoefficient,

            @Doc("Times that each answer is learned from.") @Default("1") @Range(min = 1)
            int epochs,

            @Doc("Optimiser steps in which each of these passes is made.") @Default("1") @Range(min = 1)
            int minibatches,

            @Doc("How far from 1 the ratio of probabilities counts.") @Default("0.2") @Range(above = 0)
            double clip,

            @Doc(
                    "Divergence in nats a token between the policy that answered and the one that learns, from which the rest of a step is given up; 0 for never.")
            @Default("0.1")
            @Range(min = 0)
            double maxUpdateKl,

            @Doc("Held-out prompts of an evaluation, at most.") @Default("32") @Range(min = 1)
            int evalPrompts,

            @Doc("What the policy goes on to learn beside; without it nothing.") @Nullable
            Mix mix)
            implements PolicySection {

        public GrpoSection {
            PolicySection.requireReward(reward, rule);
        }
    }

    public GrpoConfig {
        ChatStages.check(train);
        ChatStages.checkDivides(train, "grpo.group", grpo.group());
        ChatStages.checkDivides(train, "grpo.minibatches", grpo.minibatches());
    }

    @Override
    public GrpoSection policy() {
        return grpo;
    }
}
