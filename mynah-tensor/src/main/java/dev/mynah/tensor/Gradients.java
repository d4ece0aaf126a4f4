package dev.mynah.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.global.torch;

/** What is done to all gradients of a model between the backward pass and the optimiser. */
public final class Gradients {

    private Gradients() {}

    /** The gradients that are there, in the order of {@code parameters}; owned by the current scope. */
    public static List<Tensor> of(Collection<Tensor> parameters) {
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor parameter : parameters) {
            Tensor gradient = parameter.grad();
            if (gradient != null) {
                gradients.add(gradient);
            }
        }
        return gradients;
    }

    /**
     * Scales all gradients so that their joint L2 norm is at most {@code maxNorm} (Pascanu et al., 2013).
     *
     * @return the norm before; may be infinite or NaN, and the gradients are of no use then
     */
    public static double clipNorm(Collection<Tensor> parameters, double maxNorm) {
        Scope.requireOpen();
        try (Scope scope = Scope.open()) {
            return torch.clip_grad_norm_(Tensor.vector(List.copyOf(parameters)), maxNorm);
        }
    }

    /** Frees all gradients. */
    public static void clear(Collection<Tensor> parameters) {
        try (Scope scope = Scope.open()) {
            parameters.forEach(Tensor::clearGrad);
        }
    }
}
