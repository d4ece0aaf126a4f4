package dev.mynah.train.config;

/** A stage in which a policy learns from what its own answers are worth. */
public interface PolicyConfig {

    long seed();

    /** The prompts to answer. */
    ChatDataSection data();

    /** What the policy begins as, which is also the reference. */
    ModelSection.Folder model();

    TrainSection train();

    /** The stage's own section. */
    PolicySection policy();
}
