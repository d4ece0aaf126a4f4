package dev.mynah.train.loop;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.objective.HeadSlices;
import java.util.ArrayList;
import java.util.List;

/**
 * Cross-entropy of the next token, head and loss computed for a slice of positions at a time: logits in fp32 are the largest tensor of a training step, and here only a slice of them
 * ever exists.
 */
public final class Loss {

    private Loss() {}

    /**
     * Adds the gradients of {@code scale * loss} to the model's parameters.
     *
     * @param hidden {@code [batch, time, width]} with its graph, which is used up
     * @param targets I64 {@code [batch * time]}; positions whose target is {@link Nn#IGNORE} count for nothing
     * @return the sum over the positions of the negative log-likelihood, in nats; a scalar in the scope that is open
     */
    public static Tensor backward(Transformer model, Tensor hidden, Tensor targets, double scale) {
        Tensor flat = hidden.reshape(-1, hidden.size(-1));
        Tensor total = Tensor.zeros(DType.F32, model.device());
        List<Tensor> gradients = new ArrayList<>();
        long rows = flat.size(0);
        long slice = HeadSlices.rows(model);
        for (long from = 0; from < rows; from += slice) {
            long count = Math.min(slice, rows - from);
            try (Scope scope = Scope.open()) {
                Tensor leaf = flat.narrow(0, from, count).detach().requiresGrad(true);
                Tensor loss = sum(model, leaf, targets.narrow(0, from, count));
                loss.mul(scale).backward();
                total.add_(loss.detach());
                gradients.add(scope.keep(leaf.requireGrad()));
            }
        }
        hidden.backward(Tensor.cat(gradients, 0).reshape(hidden.shape()));
        return total;
    }

    /** The negative log-likelihood of {@code targets}, in nats, without gradients. */
    public static double evaluate(Transformer model, Tensor hidden, Tensor targets) {
        Tensor flat = hidden.reshape(-1, hidden.size(-1));
        long rows = flat.size(0);
        long slice = HeadSlices.rows(model);
        double total = 0;
        try (Autograd.Mode mode = Autograd.noGrad()) {
            for (long from = 0; from < rows; from += slice) {
                try (Scope scope = Scope.open()) {
                    long count = Math.min(slice, rows - from);
                    total += sum(model, flat.narrow(0, from, count), targets.narrow(0, from, count))
                            .item();
                }
            }
        }
        return total;
    }

    private static Tensor sum(Transformer model, Tensor hidden, Tensor targets) {
        return Nn.crossEntropySum(model.logits(hidden).to(DType.F32), targets);
    }
}
