package dev.mynah.train.loop;

import dev.mynah.model.SafetensorsFile;
import dev.mynah.model.SafetensorsWriter;
import dev.mynah.tensor.AdamW;
import dev.mynah.tensor.Gradients;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.Ranks;
import dev.mynah.train.config.TrainSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Moves parameters by the gradients that backward passes left: summed over the ranks, clipped, and given to AdamW at the learning rate of the step. Matrices alone decay.
 */
public final class Optimizer {

    private final SequencedMap<String, Tensor> parameters;
    private final AdamW adamW;
    private final Schedule schedule;
    private final double maxNorm;
    private final Ranks ranks;

    /**
     * @param parameters F32 leaves by name, all on one device; the same on every rank
     */
    public Optimizer(SequencedMap<String, Tensor> parameters, TrainSection train, Ranks ranks) {
        this.parameters = parameters;
        this.adamW = new AdamW(
                parameters,
                parameter -> parameter.rank() >= 2,
                new AdamW.Settings(train.beta1(), train.beta2(), train.epsilon(), train.weightDecay()));
        this.schedule = Schedule.of(train);
        this.maxNorm = train.clipNorm() == 0 ? Double.POSITIVE_INFINITY : train.clipNorm();
        this.ranks = ranks;
    }

    /** Forgets the gradients, before the backward passes of a step. */
    public void clearGradients() {
        Gradients.clear(parameters.values());
    }

    /** Sums the gradients over the ranks, then scales them down to the norm allowed; returns their norm before that, which is no number where one of them is none. */
    public double gatherGradients() {
        try (Scope scope = Scope.open()) {
            ranks.sum(Gradients.of(parameters.values()));
        }
        return Gradients.clipNorm(parameters.values(), maxNorm);
    }

    /**
     * Moves the parameters.
     *
     * @param step counts from 1
     * @return the learning rate of the step
     */
    public double step(int step) {
        return step(step, 1);
    }

    /** As {@link #step(int)}, at so many times the learning rate of the schedule. */
    public double step(int step, double multiple) {
        double learningRate = multiple * schedule.at(step);
        adamW.step(learningRate);
        return learningRate;
    }

    /** Writes AdamW's step count and moments. */
    public void save(Path file) throws IOException {
        SafetensorsWriter.write(file, adamW.state(), Map.of());
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if the file is damaged or of other parameters
     */
    public void restore(Path file) throws IOException {
        SafetensorsFile saved = SafetensorsFile.open(file);
        adamW.state().forEach((name, target) -> restore(name, target, saved));
    }

    private static void restore(String name, Tensor target, SafetensorsFile saved) {
        if (!saved.names().contains(name)) {
            throw new IllegalArgumentException(saved.path() + " lacks " + name);
        }
        List<Long> shape = Arrays.stream(target.shape()).boxed().toList();
        if (!saved.shape(name).equals(shape)) {
            throw new IllegalArgumentException(
                    saved.path() + ": " + name + " has the shape " + saved.shape(name) + " instead of " + shape);
        }
        saved.copyTo(name, target);
    }
}
