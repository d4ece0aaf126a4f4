package dev.mynah.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.model.Presets;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Gradients;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LossTest {

    /** 1,100 positions are three slices; in one piece autograd does all of it. */
    @Test
    void slicesGiveTheLossAndTheGradientsOfOnePiece() {
        int rows = 11;
        int context = 100;
        int vocabulary = 5000;
        try (Scope scope = Scope.open()) {
            Transformer model = Transformer.create(Presets.depth(1, vocabulary, context), Device.CPU);
            model.init(new Generator(1));
            model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
            SplittableRandom random = new SplittableRandom(2);
            Tensor ids =
                    Tensor.of(random.longs((long) rows * context, 0, vocabulary).toArray(), rows, context);
            Tensor targets =
                    Tensor.of(random.longs((long) rows * context, 0, vocabulary).toArray());

            Tensor hidden = model.hidden(ids, DType.F32);
            Tensor whole = Nn.crossEntropySum(model.logits(hidden.reshape(-1, hidden.size(-1))), targets);
            whole.mul(0.5).backward();
            List<float[]> expected = gradients(model);
            Gradients.clear(model.parameters().values());

            double loss = Loss.backward(model, model.hidden(ids, DType.F32), targets, 0.5)
                    .item();
            assertThat(loss).isCloseTo(whole.item(), within(1e-2));
            assertThat(Loss.evaluate(model, hidden.detach(), targets)).isCloseTo(whole.item(), within(1e-2));
            List<float[]> found = gradients(model);
            for (int p = 0; p < expected.size(); p++) {
                assertThat(greatestDifference(found.get(p), expected.get(p))).isLessThan(2e-3);
            }
        }
    }

    private static double greatestDifference(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        double greatest = 0;
        for (int i = 0; i < a.length; i++) {
            greatest = Math.max(greatest, Math.abs(a[i] - b[i]));
        }
        return greatest;
    }

    private static List<float[]> gradients(Transformer model) {
        List<float[]> gradients = new ArrayList<>();
        for (Tensor gradient : Gradients.of(model.parameters().values())) {
            gradients.add(gradient.toFloats());
        }
        assertThat(gradients).hasSameSizeAs(model.parameters().values());
        return gradients;
    }
}
