package dev.mynah.train.objective;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Log-probabilities that a model gives to tokens, and the way back from any loss of them to the weights. Head and softmax are computed for a slice of positions at a time, which stays in the processor's
 * cache. For the way back the slices' graphs are kept, or, where all logits together would take much memory, made once more.
 */
public final class TokenLogProbs {

    /** Logits whose graph is kept: some 10 bytes each. */
    private static final long MOST_KEPT = 32 << 20;

    private final Transformer model;
    private final Tensor hidden;
    private final double temperature;
    private final boolean kept;
    private final List<Slice> slices;
    private final Tensor values;

    /**
     * Some of the positions.
     *
     * @param hidden their states, cut off from the graph below them
     * @param logProbs of their targets, with the graph down to {@code hidden} where it is recorded
     */
    private record Slice(Tensor hidden, Tensor targets, Tensor logProbs) {}

    /**
     * The log-probabilities of {@code targets} for a loss, in the open scope.
     *
     * @param hidden final hidden states {@code [n, width]}, with their graph
     * @param targets I64 {@code [n]}
     * @param temperature what the logits are divided by, as when the tokens were sampled
     */
    public TokenLogProbs(Transformer model, Tensor hidden, Tensor targets, double temperature) {
        this(model, hidden, targets, temperature, MOST_KEPT);
    }

    TokenLogProbs(Transformer model, Tensor hidden, Tensor targets, double temperature, long mostKept) {
        this.model = model;
        this.hidden = hidden;
        this.temperature = temperature;
        kept = hidden.size(0) * model.config().vocabSize() <= mostKept;
        if (kept) {
            slices = slices(model, hidden, targets, temperature);
        } else {
            try (Autograd.Mode mode = Autograd.noGrad()) {
                slices = slices(model, hidden, targets, temperature);
            }
        }
        values = joined(slices).detach().requiresGrad(true);
    }

    /** The log-probabilities F32 {@code [n]} alone; as for the constructor. */
    public static Tensor of(Transformer model, Tensor hidden, Tensor targets, double temperature) {
        try (Autograd.Mode mode = Autograd.noGrad()) {
            return joined(slices(model, hidden, targets, temperature));
        }
    }

    /** F32 {@code [n]}, to compute a loss of. */
    public Tensor values() {
        return values;
    }

    /** Adds the gradients of the loss that {@link #values} have been given a gradient of to the model's parameters. The graph of the hidden states is used up. */
    public void backward() {
        Tensor gradient = values.requireGrad();
        List<Tensor> back = new ArrayList<>();
        long from = 0;
        for (Slice slice : slices) {
            long count = slice.targets.size(0);
            try (Scope scope = Scope.open()) {
                Tensor logProbs = kept ? slice.logProbs : logProbs(model, slice.hidden, slice.targets, temperature);
                logProbs.backward(gradient.narrow(0, from, count));
            }
            back.add(slice.hidden.requireGrad());
            from += count;
        }
        hidden.backward(Tensor.cat(back, 0));
    }

    private static List<Slice> slices(Transformer model, Tensor hidden, Tensor targets, double temperature) {
        long rows = hidden.size(0);
        long most = HeadSlices.rows(model);
        List<Slice> slices = new ArrayList<>();
        for (long from = 0; from < rows; from += most) {
            long count = Math.min(most, rows - from);
            Tensor some = hidden.narrow(0, from, count).detach().requiresGrad(true);
            Tensor wanted = targets.narrow(0, from, count);
            try (Scope scope = Scope.open()) {
                slices.add(new Slice(some, wanted, scope.keep(logProbs(model, some, wanted, temperature))));
            }
        }
        return slices;
    }

    private static Tensor joined(List<Slice> slices) {
        return Tensor.cat(slices.stream().map(Slice::logProbs).toList(), 0);
    }

    private static Tensor logProbs(Transformer model, Tensor hidden, Tensor targets, double temperature) {
        Tensor logits = model.logits(hidden).to(DType.F32);
        return (temperature == 1 ? logits : logits.div(temperature))
                .logSoftmax(-1)
                .gatherLast(targets);
    }
}
