package dev.mynah.train.loop;

import dev.mynah.train.config.TrainSection;
import dev.mynah.train.config.TrainSection.Decay;
import dev.mynah.train.config.TrainSection.ScheduleKind;

/**
 * Learning rate as a function of the step alone: a linear rise, then a cosine, a constant, or a constant that falls at
 * the end (warmup-stable-decay; the square-root fall is that of Hägele et al. 2024, "Scaling Laws and Compute-Optimal
 * Training Beyond Fixed Training Durations").
 *
 * @param peak learning rate after the rise
 * @param finalFraction share of {@code peak} that the last step has, for all but {@code CONSTANT}
 * @param warmup steps of the rise; the step {@code warmup} is the first at {@code peak}
 * @param decayLength steps of the fall, for {@code WSD} alone
 * @param steps the last step
 */
public record Schedule(
        ScheduleKind kind, Decay decay, double peak, double finalFraction, int warmup, int decayLength, int steps) {

    public static Schedule of(TrainSection train) {
        return new Schedule(
                train.schedule(),
                train.decay(),
                train.learningRate(),
                train.finalFraction(),
                train.warmup(),
                train.decayLength(),
                train.steps());
    }

    /** The learning rate of {@code step}, which counts from 1. */
    public double at(int step) {
        if (step < warmup) {
            return peak * step / warmup;
        }
        return peak
                * switch (kind) {
                    case CONSTANT -> 1;
                    case COSINE -> falling(0.5 * (1 + Math.cos(Math.PI * progress(step, warmup))));
                    case WSD -> falling(1 - fall(progress(step, steps - decayLength)));
                };
    }

    private double falling(double share) {
        return finalFraction + (1 - finalFraction) * share;
    }

    private double fall(double progress) {
        return decay == Decay.LINEAR ? progress : Math.sqrt(progress);
    }

    /** How much of the way from {@code first} to the last step is done, in {@code [0, 1]}. */
    private double progress(int step, int first) {
        if (step >= steps) {
            return 1;
        }
        return step <= first ? 0 : (double) (step - first) / (steps - first);
    }
}
