package dev.mynah.server.finetuning;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a job trains. What the caller left open is null until {@link TrainingPlan} has filled it in.
 *
 * @param suffix                 part of the new model's name, or null
 * @param epochs                 passes over the data
 * @param batch                  rows, rankings or prompts of a step
 * @param learningRateMultiplier of the usual learning rate
 * @param full                   whether all weights are trained; else a low-rank adapter, which is merged in the end
 * @param beta                   of direct preference optimisation
 * @param answers                of each prompt, in reinforcement learning
 * @param maxTokens              of such an answer
 * @param rewardRun              the run of the reward model, or null
 * @param rule                   the rule that rewards, or null
 */
record JobSettings(
        Method method,
        @Nullable String suffix,
        long seed,
        @Nullable Integer epochs,
        @Nullable Integer batch,
        @Nullable Double learningRateMultiplier,
        boolean full,
        @Nullable Double beta,
        int answers,
        int maxTokens,
        @Nullable String rewardRun,
        @Nullable String rule,
        Map<String, String> metadata) {

    JobSettings {
        metadata = Map.copyOf(metadata);
    }

    /** With nothing left open. */
    JobSettings with(int chosenEpochs, int chosenBatch, double chosenMultiplier, double chosenBeta) {
        return new JobSettings(
                method,
                suffix,
                seed,
                chosenEpochs,
                chosenBatch,
                chosenMultiplier,
                full,
                method == Method.DPO ? Double.valueOf(chosenBeta) : null,
                answers,
                maxTokens,
                rewardRun,
                rule,
                metadata);
    }
}
