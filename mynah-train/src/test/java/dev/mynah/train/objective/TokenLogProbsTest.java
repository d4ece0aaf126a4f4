package dev.mynah.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.model.Presets;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Gradients;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenLogProbsTest {

    /** 600 positions of 4,000 logits are two slices; autograd does all of it in one piece. */
    @Test
    void slicesGiveTheNumbersAndTheGradientsOfOnePiece() {
        int vocabulary = 4000;
        double temperature = 0.7;
        try (Scope scope = Scope.open()) {
            Transformer model = Transformer.create(Presets.depth(1, vocabulary, 100), Device.CPU);
            model.init(new Generator(1));
            model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
            SplittableRandom random = new SplittableRandom(2);
            Tensor ids = Tensor.of(random.longs(600, 0, vocabulary).toArray(), 6, 100);
            Tensor targets = Tensor.of(random.longs(600, 0, vocabulary).toArray());
            Tensor weights = Tensor.empty(DType.F32, Device.CPU, 600).normal_(0, 1, new Generator(3));

            Tensor hidden = model.hidden(ids, DType.F32).reshape(600, -1);
            Tensor whole = model.logits(hidden).div(temperature).logSoftmax(-1).gatherLast(targets);
            whole.mul(weights).sum().backward();
            List<float[]> expected = gradients(model);

            for (long mostKept : new long[] {0, Long.MAX_VALUE}) {
                Gradients.clear(model.parameters().values());
                Tensor again = model.hidden(ids, DType.F32).reshape(600, -1);
                TokenLogProbs sliced = new TokenLogProbs(model, again, targets, temperature, mostKept);
                assertThat(sliced.values().sub(whole).abs().max().item()).isLessThan(1e-5);
                sliced.values().mul(weights).sum().backward();
                sliced.backward();
                List<float[]> found = gradients(model);
                for (int p = 0; p < expected.size(); p++) {
                    assertThat(found.get(p)).containsExactly(expected.get(p), within(2e-4F));
                }
            }
        }
    }

    private static List<float[]> gradients(Transformer model) {
        return Gradients.of(model.parameters().values()).stream()
                .map(Tensor::toFloats)
                .toList();
    }
}
