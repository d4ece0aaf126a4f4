package dev.mynah.train.plan;

import dev.mynah.train.plan.ParallelLayout.Memory;
import dev.mynah.train.run.Cost;
import java.util.ArrayList;
import java.util.List;

/**
 * What it takes to train a model.
 *
 * @param tokens to train on
 * @param gpus accelerators that work together
 * @param mfu share of their peak speed that the model's own operations reach
 * @param microBatch sequences in one pass of a replica
 */
public record TrainingPlan(PlannedModel model, double tokens, Gpu gpu, int gpus, double mfu, int microBatch) {

    /** Devices of one machine, beyond which tensor parallelism is slow. */
    private static final int MACHINE = 8;

    /** Share of the memory that a plan may fill. */
    private static final double FILLED = 0.9;

    /** A layout and what it needs. */
    public record Line(ParallelLayout layout, Memory memory) {}

    public TrainingPlan {
        if (!(tokens > 0)) {
            throw new IllegalArgumentException("the number of tokens is " + tokens + "; it must be above 0");
        }
        if (gpus < 1 || microBatch < 1) {
            throw new IllegalArgumentException("the numbers of GPUs and of sequences must be at least 1");
        }
        if (!(mfu > 0 && mfu <= 1)) {
            throw new IllegalArgumentException("the MFU is " + mfu + "; it must be above 0 and at most 1");
        }
    }

    /** Floating-point operations, {@code 6 N D}. */
    public double flops() {
        return model.flopsPerToken() * tokens;
    }

    /** Seconds that all GPUs together take. */
    public double seconds() {
        return flops() / (gpus * gpu.tflops() * 1e12 * mfu);
    }

    /** Hours of one GPU. */
    public double gpuHours() {
        return seconds() * gpus / 3600;
    }

    /** Operations, time and power as for a run that was measured. */
    public Cost cost() {
        return new Cost(flops(), seconds(), gpus * gpu.watts());
    }

    /** Price of the GPUs' hours. */
    public double dollars() {
        return gpuHours() * gpu.dollarsPerHour();
    }

    /** Whether the states, and the activations in the form that takes least, leave some of the device's memory free. */
    public boolean fits(Memory memory) {
        return memory.states() + memory.recomputed() <= FILLED * gpu.memoryGb() * 1e9;
    }

    /** What the model needs in {@code layout}. */
    public Line line(ParallelLayout layout) {
        layout.check(model);
        return new Line(layout, layout.memory(model, microBatch));
    }

    /** The usual layouts: replicas with each stage of ZeRO, tensor parallelism within a machine, and the shortest pipeline on top of it that fits, or the longest. */
    public List<Line> usualLayouts() {
        List<Line> lines = new ArrayList<>();
        for (int zero = 0; zero <= 3; zero++) {
            lines.add(line(new ParallelLayout(gpus, 1, 1, zero)));
        }
        if (gpus % MACHINE == 0 && model.heads() % MACHINE == 0) {
            lines.add(line(new ParallelLayout(gpus / MACHINE, MACHINE, 1, 1)));
            Line pipelined = null;
            for (int stages = 2; canPipeline(stages) && (pipelined == null || !fits(pipelined.memory())); stages *= 2) {
                pipelined = line(new ParallelLayout(gpus / MACHINE / stages, MACHINE, stages, 1));
            }
            if (pipelined != null) {
                lines.add(pipelined);
            }
        }
        return lines;
    }

    private boolean canPipeline(int stages) {
        return gpus % (MACHINE * stages) == 0 && stages <= model.layers();
    }
}
