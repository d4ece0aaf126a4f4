package dev.mynah.train.run;

import org.jspecify.annotations.Nullable;

/**
 * What is known after an optimiser step.
 *
 * @param loss mean cross-entropy of the step's tokens, in nats
 * @param lr learning rate of the step
 * @param gradNorm norm of the gradient before clipping
 * @param tokS tokens a second over the last steps
 * @param mfu share of the machine's peak speed that the model's own operations reach, or null where no peak is known
 * @param tokens tokens trained on since the start, this step included
 * @param time seconds of training since the start, interruptions left out
 */
public record StepMetrics(
        int step,
        double loss,
        double lr,
        double gradNorm,
        double tokS,
        @Nullable Double mfu,
        long tokens,
        double time) implements StepLine {}
