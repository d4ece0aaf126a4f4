package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import org.jspecify.annotations.Nullable;

/** Configuration of {@code mynah train ppo}. */
public record PpoConfig(
        @Doc("Seed of every random choice: order of the prompts, answers and new heads.") @Default("1") @Range(min = 0)
        long seed,

        @Doc("The prompts to answer; a demonstration's answer is left out.")
        ChatDataSection data,

        @Doc("The model to start from, which is also the reference; usually one that sft made.")
        ModelSection.Folder model,

        @Doc(
                "How it is trained. A step answers train.batch prompts and learns from the answers; train.micro_batch counts answers. Evaluations answer held-out prompts. A usual learning_rate is 1e-6 to 1e-5, and 1e-4 for a model of a few million parameters.")
        TrainSection train,

        @Doc("Proximal policy optimisation itself.") PpoSection ppo)
        implements PolicyConfig {

    /** Rewards, penalties, and how much is learned from a batch of answers. */
    public record PpoSection(
            @Doc("The reward model; without it the rule alone rewards.") @Nullable
            Learned reward,

            @Doc("A checker in Java that rewards by rule; without it the reward model alone does.") @Nullable
            Rule rule,

            @Doc("Tokens of an answer, at most.") @Default("128") @Range(min = 1)
            int maxTokens,

            @Doc("Temperature at which answers are sampled, and all log-probabilities are taken.")
            @Default("1")
            @Range(above = 0)
            double temperature,

            @Doc("Taken off the reward of an answer that does not end.") @Default("1") @Range(min = 0)
            double missingEndPenalty,

            @Doc("What the divergence from the reference costs, a nat; with kl_target, at the start.")
            @Default("0.05")
            @Range(min = 0)
            double klCoefficient,

            @Doc("Nats an answer that the coefficient is steered towards; without it the coefficient is fixed.")
            @Nullable
            @Range(above = 0)
            Double klTarget,

            @Doc("Answers in which a steered coefficient may grow by a fifth.") @Default("2000") @Range(above = 0)
            double klHorizon,

            @Doc("Discount of later rewards.") @Default("1") @Range(above = 0, max = 1)
            double gamma,

            @Doc("How far the rewards count against what the value model expects: 0 trusts the model, 1 the rewards.")
            @Default("0.95")
            @Range(min = 0, max = 1)
            double lambda,

            @Doc("Times that each answer is learned from.") @Default("2") @Range(min = 1)
            int epochs,

            @Doc("Optimiser steps in which each of these passes is made.") @Default("2") @Range(min = 1)
            int minibatches,

            @Doc("How far from 1 the ratio of probabilities counts.") @Default("0.2") @Range(above = 0)
            double clip,

            @Doc("How far from the old value the new one counts.") @Default("0.2") @Range(above = 0)
            double valueClip,

            @Doc("The value model's learning rate as a multiple of train.learning_rate.")
            @Default("1")
            @Range(above = 0)
            double valueRate,

            @Doc(
                    "Divergence in nats a token between the policy that answered and the one that learns, from which the rest of a step is given up; 0 for never.")
            @Default("0.1")
            @Range(min = 0)
            double maxUpdateKl,

            @Doc("Held-out prompts of an evaluation, at most.") @Default("32") @Range(min = 1)
            int evalPrompts,

            @Doc("What the policy goes on to learn beside (PPO-ptx); without it nothing.") @Nullable
            Mix mix)
            implements PolicySection {

        public PpoSection {
            PolicySection.requireReward(reward, rule);
            if (klTarget != null && klCoefficient == 0) {
                throw new IllegalArgumentException(
                        "kl_coefficient is 0, from where kl_target cannot steer it: it only ever grows by a part of itself");
            }
        }
    }

    public PpoConfig {
        ChatStages.check(train);
        ChatStages.checkDivides(train, "ppo.minibatches", ppo.minibatches());
    }

    @Override
    public PpoSection policy() {
        return ppo;
    }
}
