package dev.mynah.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.files.config.Config;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.Ranks;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.config.TrainSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimizerTest {

    private static final TrainSection TRAIN = Config.defaults(
                    PretrainConfig.class,
                    List.of("data.paths=[none]", "train.steps=10", "train.warmup_steps=2", "train.learning_rate=0.1"))
            .train();

    private Scope scope;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static SequencedMap<String, Tensor> parameter(float... values) {
        return new LinkedHashMap<>(Map.of("weight", Tensor.of(values).requiresGrad(true)));
    }

    private static Optimizer optimizer(SequencedMap<String, Tensor> parameters) {
        return new Optimizer(parameters, TRAIN, Ranks.connect(Map.of()));
    }

    /** A step on the sum of squares, whose gradient is twice the parameter; returns the norm of the gradient. */
    private static double step(Optimizer optimizer, Tensor parameter, int step) {
        optimizer.clearGradients();
        parameter.mul(parameter).sum().backward();
        double norm = optimizer.gatherGradients();
        assertThat(optimizer.step(step)).isEqualTo(Schedule.of(TRAIN).at(step));
        return norm;
    }

    @Test
    void tellsTheNormAndMovesByTheLearningRateOfTheStep() {
        SequencedMap<String, Tensor> parameters = parameter(3, -4);
        Tensor weight = parameters.firstEntry().getValue();
        assertThat(step(optimizer(parameters), weight, 1)).isCloseTo(10, within(1e-5));
        // Adam's first step is the learning rate, whatever the gradient.
        assertThat(weight.toFloats()).containsExactly(new float[] {2.95f, -3.95f}, within(1e-4f));
    }

    @Test
    void aRestoredOptimizerGoesOnAsTheOneThatWasSaved() throws IOException {
        SequencedMap<String, Tensor> parameters = parameter(3, -4);
        Tensor weight = parameters.firstEntry().getValue();
        Optimizer saved = optimizer(parameters);
        step(saved, weight, 1);
        saved.save(folder.resolve("saved"));
        SequencedMap<String, Tensor> copies = parameter(weight.toFloats());
        Optimizer restored = optimizer(copies);
        restored.restore(folder.resolve("saved"));
        Tensor copy = copies.firstEntry().getValue();
        step(saved, weight, 2);
        step(restored, copy, 2);
        assertThat(copy.toFloats()).isEqualTo(weight.toFloats());
    }

    @Test
    void theStateOfOtherParametersIsRefused() throws IOException {
        optimizer(parameter(1)).save(folder.resolve("saved"));
        assertThatThrownBy(() -> optimizer(parameter(1, 2)).restore(folder.resolve("saved")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exp_avg.weight has the shape [1] instead of [2]");
    }
}
