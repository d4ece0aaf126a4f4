package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import dev.mynah.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a model is trained: length, batch, optimiser, schedule, and what is written on the way. */
public record TrainSection(
        @Doc("Optimiser steps.") @Default("1000") @Range(min = 1)
        int steps,

        @Doc("Sequences of `context` tokens in a step, over all ranks and accumulation.")
        @Default("16")
        @Range(min = 1, max = 1_000_000)
        int batch,

        @Doc("Sequences in one pass of a rank; without it batch / ranks.") @Nullable @Range(min = 1)
        Integer microBatch,

        @Doc("Highest learning rate.") @Default("1.0e-3") @Range(above = 0)
        double learningRate,

        @Doc("Learning rate at the end, as a share of learning_rate.") @Default("0.1") @Range(min = 0, max = 1)
        double finalFraction,

        @Doc("Steps of rising learning rate; without it a tenth of steps, at most 100.") @Nullable @Range(min = 0)
        Integer warmupSteps,

        @Doc("Learning rate after the warm-up; wsd stays, then falls at the end.") @Default("cosine")
        ScheduleKind schedule,

        @Doc("Steps of the fall at the end, wsd only; without it a fifth of steps.") @Nullable @Range(min = 1)
        Integer decaySteps,

        @Doc("Shape of the fall at the end, wsd only: linear, or one minus the square root.") @Default("linear")
        Decay decay,

        @Doc("Decoupled weight decay of AdamW, on matrices only.") @Default("0.1") @Range(min = 0)
        double weightDecay,

        @Doc("Decay of AdamW's mean of gradients.") @Default("0.9") @Range(min = 0, below = 1)
        double beta1,

        @Doc("Decay of AdamW's mean of squared gradients.") @Default("0.95") @Range(min = 0, below = 1)
        double beta2,

        @Doc("AdamW's guard against division by zero.") @Default("1.0e-8") @Range(above = 0)
        double epsilon,

        @Doc("Norm to which a larger gradient is scaled down; 0 for never.") @Default("1") @Range(min = 0)
        double clipNorm,

        @Doc("Number format of the computation; weights are kept in fp32.") @Default("bf16")
        Dtype dtype,

        @Doc("Whether attention stays within a document when several share a sequence.") @Default("true")
        boolean documentMask,

        @Doc("Steps between evaluations on the validation documents; 0 for none.") @Default("200") @Range(min = 0)
        int evalEvery,

        @Doc("Tokens of an evaluation, at most.") @Default("100_000") @Range(min = 1)
        long evalTokens,

        @Doc("Steps between samples; 0 for none.") @Default("200") @Range(min = 0)
        int sampleEvery,

        @Doc("Texts to continue in samples; an empty one begins a new document.") @Default("[\"\"]")
        List<String> samplePrompts,

        @Doc("Tokens of a sample, at most.") @Default("100") @Range(min = 1)
        int sampleTokens,

        @Doc("Temperature of samples; 0 always takes the likeliest token.") @Default("0.8") @Range(min = 0)
        double sampleTemperature,

        @Doc("Steps between checkpoints; 0 for one at the end only.") @Default("200") @Range(min = 0)
        int checkpointEvery,

        @Doc("Checkpoints kept, the newest ones.") @Default("3") @Range(min = 1)
        int keepCheckpoints,

        @Doc(
                "Stop when the loss is this many times its running median, or that of guessing (reward, dpo) or 1 (sft) where the median is lower; 0 for never.")
        @Default("2.5")
        @Range(min = 0)
        double spikeFactor,

        @Doc("Steps of the running median; no spike is looked for before.") @Default("64") @Range(min = 1, max = 10_000)
        int spikeWindow,

        @Doc("Threads of the computation on CPU; without it one a core.") @Nullable @Range(min = 1, max = 4096)
        Integer threads,

        @Doc("Peak speed for the MFU, in TFLOP/s; without it measured at the start.") @Nullable @Range(above = 0)
        Double peakTflops,

        @Doc("Power assumed for the energy estimate, in watts; without it by device.") @Nullable @Range(above = 0)
        Double watts) {

    private static final int LONGEST_DEFAULT_WARMUP = 100;

    public TrainSection {
        if (microBatch != null && batch % microBatch != 0) {
            throw new IllegalArgumentException("batch " + batch + " is not divisible by micro_batch " + microBatch);
        }
        if (warmupSteps != null && warmupSteps > steps) {
            throw new IllegalArgumentException("warmup_steps is " + warmupSteps + ", more than steps " + steps);
        }
        if (decaySteps != null && schedule != ScheduleKind.WSD) {
            throw new IllegalArgumentException("decay_steps belongs to schedule wsd; schedule is "
                    + schedule.name().toLowerCase(Locale.ROOT));
        }
        warmupSteps = warmupSteps == null ? Math.min(LONGEST_DEFAULT_WARMUP, steps / 10) : warmupSteps;
        if (schedule == ScheduleKind.WSD) {
            decaySteps = decaySteps == null ? Math.max(1, steps / 5) : decaySteps;
            if ((long) warmupSteps + decaySteps > steps) {
                throw new IllegalArgumentException("warmup_steps " + warmupSteps + " and decay_steps " + decaySteps
                        + " add up to more than steps " + steps);
            }
        }
        if (spikeFactor > 0 && spikeFactor <= 1) {
            throw new IllegalArgumentException(
                    "spike_factor is " + spikeFactor + "; it takes a number above 1, or 0 for never");
        }
    }

    /** Steps of the warm-up, as given or by default. */
    public int warmup() {
        return Objects.requireNonNull(warmupSteps);
    }

    /** Steps of the fall at the end, as given or by default; 0 for schedules other than {@link ScheduleKind#WSD}. */
    public int decayLength() {
        return decaySteps == null ? 0 : decaySteps;
    }

    /** Element type of the computation. */
    public DType compute() {
        return dtype == Dtype.BF16 ? DType.BF16 : DType.F32;
    }

    /** Whether something that happens every so many steps, and after the last one, is due; 0 is never. */
    public boolean isDue(int step, int every) {
        return every > 0 && (step % every == 0 || step == steps);
    }

    /** How the learning rate goes on after the warm-up. */
    public enum ScheduleKind {
        COSINE,
        WSD,
        CONSTANT
    }

    /** How the learning rate of {@link ScheduleKind#WSD} falls. */
    public enum Decay {
        LINEAR,
        SQRT
    }

    /** Number formats of the computation. */
    public enum Dtype {
        FP32,
        BF16
    }
}
