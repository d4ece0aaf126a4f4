package dev.mynah.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TrainingStepTest {

    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.95, 1e-8, 0.1);

    /** AdamW's update written out for one parameter (Loshchilov and Hutter, 2019, algorithm 2). */
    @Test
    void adamWFollowsItsDefinition() {
        try (Scope scope = Scope.open()) {
            SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
            Tensor weight = Tensor.of(new float[] {0.5f}, 1, 1).requiresGrad(true);
            Tensor bias = Tensor.of(new float[] {0.5f}).requiresGrad(true);
            parameters.put("weight", weight);
            parameters.put("bias", bias);
            AdamW adamW = new AdamW(parameters, parameter -> parameter.rank() == 2, SETTINGS);
            double[] expected = {0.5, 0.5};
            double[] decay = {0.1, 0};
            double mean = 0;
            double square = 0;
            for (int step = 1; step <= 5; step++) {
                double gradient = step * 0.3;
                weight.mul(gradient).add(bias.mul(gradient)).sum().backward();
                adamW.step(0.01);
                Gradients.clear(parameters.values());
                mean = 0.9 * mean + 0.1 * gradient;
                square = 0.95 * square + 0.05 * gradient * gradient;
                double update =
                        mean / (1 - Math.pow(0.9, step)) / (Math.sqrt(square / (1 - Math.pow(0.95, step))) + 1e-8);
                for (int i = 0; i < 2; i++) {
                    expected[i] -= 0.01 * decay[i] * expected[i] + 0.01 * update;
                }
            }
            assertThat(weight.item()).isCloseTo(expected[0], within(1e-6));
            assertThat(bias.item()).isCloseTo(expected[1], within(1e-6));
            assertThat(adamW.state().firstEntry().getValue().item()).isEqualTo(5);
        }
    }

    @Test
    void clippingScalesTheJointNorm() {
        try (Scope scope = Scope.open()) {
            SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
            parameters.put("a", Tensor.of(new float[] {1}).requiresGrad(true));
            parameters.put("b", Tensor.of(new float[] {1}).requiresGrad(true));
            parameters
                    .firstEntry()
                    .getValue()
                    .mul(3)
                    .add(parameters.lastEntry().getValue().mul(4))
                    .sum()
                    .backward();
            assertThat(Gradients.clipNorm(parameters.values(), 1)).isCloseTo(5, within(1e-6));
            assertThat(Gradients.of(parameters.values()))
                    .extracting(g -> (double) Math.round(g.item() * 1000) / 1000)
                    .containsExactly(0.6, 0.8);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
    void twoThousandStepsKeepResidentMemoryFlat() throws IOException {
        try (Scope scope = Scope.open()) {
            Generator generator = new Generator(1);
            SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
            for (String name : new String[] {"up", "down"}) {
                parameters.put(
                        name,
                        Tensor.empty(DType.F32, Device.CPU, 256, 256)
                                .normal_(0, 0.02, generator)
                                .requiresGrad(true));
            }
            AdamW adamW = new AdamW(parameters, parameter -> true, SETTINGS);
            Tensor input = Tensor.empty(DType.F32, Device.CPU, 64, 256).normal_(0, 1, generator);
            train(200, parameters, adamW, input);
            double before = ScopeTest.residentKilobytes();
            double loss = train(2000, parameters, adamW, input);
            assertThat((double) ScopeTest.residentKilobytes()).isCloseTo(before, within(before * 0.05));
            assertThat(loss).isLessThan(0.5);
        }
    }

    /** Learns to copy its input through two layers in bf16, with fp32 weights. */
    private static double train(int steps, SequencedMap<String, Tensor> parameters, AdamW adamW, Tensor input) {
        double last = 0;
        for (int step = 0; step < steps; step++) {
            try (Scope scope = Scope.open()) {
                Tensor up = parameters.firstEntry().getValue().to(DType.BF16);
                Tensor down = parameters.lastEntry().getValue().to(DType.BF16);
                Tensor output = Nn.linear(Nn.silu(Nn.linear(input.to(DType.BF16), up, null)), down, null);
                Tensor loss = output.to(DType.F32).sub(input).square().mean();
                loss.backward();
                Gradients.clipNorm(parameters.values(), 1);
                adamW.step(1e-3);
                Gradients.clear(parameters.values());
                last = loss.item();
            }
        }
        return last;
    }
}
