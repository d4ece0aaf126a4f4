package dev.mynah.train.objective;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Log-probabilities that a model gives to tokens, and the way back from any loss of them to the weights. Head and softmax are computed for a slice of positions at a time, so that the logits of
 * all positions never exist together: a loss is computed in two passes, first {@link #of} without a graph, then {@link #backward} with the loss's gradient.
 */
public final class TokenLogProbs {

    private static final long SLICE = 2 << 20;
    private static final long FEWEST_ROWS = 512;

    private TokenLogProbs() {}

    private interface Slice {
        Tensor compute(long from, long count);
    }

    /**
     * The log-probabilities F32 {@code [n]} of {@code targets}, without a graph, in the open scope.
     *
     * @param hidden final hidden states {@code [n, width]}
     * @param targets I64 {@code [n]}
     * @param temperature what the logits are divided by, as when the tokens were sampled
     */
    public static Tensor of(Transformer model, Tensor hidden, Tensor targets, double temperature) {
        try (Autograd.Mode mode = Autograd.noGrad()) {
            return sliced(
                    model,
                    hidden.size(0),
                    (from, count) -> logProbs(
                            model, hidden.narrow(0, from, count), targets.narrow(0, from, count), temperature));
        }
    }

    /**
     * Adds the gradients of a loss to the model's parameters.
     *
     * @param hidden as for {@link #of}, with its graph, which is used up
     * @param gradient F32 {@code [n]}: the derivative of the loss by each log-probability
     */
    public static void backward(Transformer model, Tensor hidden, Tensor targets, double temperature, Tensor gradient) {
        Tensor back = sliced(model, hidden.size(0), (from, count) -> {
            Tensor leaf = hidden.narrow(0, from, count).detach().requiresGrad(true);
            logProbs(model, leaf, targets.narrow(0, from, count), temperature)
                    .backward(gradient.narrow(0, from, count));
            return leaf.requireGrad();
        });
        hidden.backward(back);
    }

    private static Tensor sliced(Transformer model, long rows, Slice slice) {
        long most = Math.max(FEWEST_ROWS, SLICE / model.config().vocabSize());
        List<Tensor> parts = new ArrayList<>();
        for (long from = 0; from < rows; from += most) {
            try (Scope scope = Scope.open()) {
                parts.add(scope.keep(slice.compute(from, Math.min(most, rows - from))));
            }
        }
        return Tensor.cat(parts, 0);
    }

    private static Tensor logProbs(Transformer model, Tensor hidden, Tensor targets, double temperature) {
        Tensor logits = model.logits(hidden).to(DType.F32);
        return (temperature == 1 ? logits : logits.div(temperature))
                .logSoftmax(-1)
                .gatherLast(targets);
    }
}
