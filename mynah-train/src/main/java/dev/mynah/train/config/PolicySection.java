package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Input;
import dev.mynah.files.config.Range;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all stages say in which a policy learns from what its own answers are worth. The keys are documented where a stage declares them. */
public interface PolicySection {

    /** The reward model. */
    @Nullable
    Learned reward();

    /** The checker in Java. */
    @Nullable
    Rule rule();

    /** Tokens of an answer, at most. */
    int maxTokens();

    /** At which answers are sampled, and all log-probabilities are taken. */
    double temperature();

    /** Taken off what an answer is worth that does not end. */
    double missingEndPenalty();

    /** Times that each answer is learned from. */
    int epochs();

    /** Optimiser steps in which each of these passes is made. */
    int minibatches();

    /** How far from 1 the ratio of probabilities counts. */
    double clip();

    /** Divergence from the policy that answered, nats a token, from which the rest of a step is given up; 0 for never. */
    double maxUpdateKl();

    /** Held-out prompts of an evaluation, at most. */
    int evalPrompts();

    /** What the policy goes on to learn beside. */
    @Nullable
    Mix mix();

    /** A learned reward. */
    record Learned(
            @Doc("Folder of the reward model, which has the policy's tokenizer.") @Input
            Path path,

            @Doc("What its reward is multiplied by.") @Default("1")
            double weight) {}

    /** A reward by rule. */
    record Rule(
            @Doc("The checker: poet judges poems and manners, for prompts that say what is asked for.")
            RuleName name,

            @Doc("What its score, between 0 and 1, is multiplied by.") @Default("1")
            double weight,

            @Doc("Poems that answers must not be copied from (.jsonl.gz).") @Default("[]") @Input
            List<Path> poems) {}

    /** The checkers that there are. */
    enum RuleName {
        POET
    }

    /** Texts and conversations of earlier stages. */
    record Mix(
            @Doc("Conversations, as for sft.") @Default("[]") @Input
            List<String> conversations,

            @Doc("Documents, as for pretrain (field text).") @Default("[]") @Input
            List<String> texts,

            @Doc("What their loss a token is multiplied by.") @Default("0.2") @Range(above = 0)
            double coefficient,

            @Doc("Rows of an optimiser step.") @Default("4") @Range(min = 1)
            int rows) {

        public Mix {
            if (conversations.isEmpty() && texts.isEmpty()) {
                throw new IllegalArgumentException("mix names neither conversations nor texts");
            }
        }
    }

    /** @throws IllegalArgumentException where nothing would be rewarded */
    static void requireReward(@Nullable Learned reward, @Nullable Rule rule) {
        if (reward == null && rule == null) {
            throw new IllegalArgumentException("neither reward nor rule is given, so nothing would be rewarded");
        }
    }
}
