package dev.mynah.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), in libtorch's fused kernel. The moments are plain tensors with names, owned by the scope that is open when the optimiser is made.
 */
public final class AdamW {

    /**
     * @param beta1 decay of the mean of the gradients
     * @param beta2 decay of the mean of their squares
     * @param epsilon added to the root of the second moment
     * @param weightDecay fraction of the weight taken away a step, times the learning rate
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {}

    private record Group(double weightDecay, List<Tensor> parameters, List<Tensor> means, List<Tensor> squares) {}

    private final Settings settings;
    private final Operator kernel = Operator.named("aten::_fused_adamw_");
    private final Group decayed;
    private final Group others;
    private final Tensor steps;
    private final SequencedMap<String, Tensor> state = new LinkedHashMap<>();

    /**
     * @param parameters F32 leaves by name, all on one device
     * @param decays which of them decay; usually the matrices
     */
    public AdamW(SequencedMap<String, Tensor> parameters, Predicate<Tensor> decays, Settings settings) {
        this.settings = settings;
        decayed = new Group(settings.weightDecay(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        others = new Group(0, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Device device = parameters.firstEntry().getValue().device();
        steps = Tensor.zeros(DType.F32, device, 1);
        state.put("step", steps);
        for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
            Tensor parameter = entry.getValue();
            Group group = decays.test(parameter) ? decayed : others;
            Tensor mean = Tensor.zeros(DType.F32, device, parameter.shape());
            Tensor square = Tensor.zeros(DType.F32, device, parameter.shape());
            group.parameters.add(parameter);
            group.means.add(mean);
            group.squares.add(square);
            state.put("exp_avg." + entry.getKey(), mean);
            state.put("exp_avg_sq." + entry.getKey(), square);
        }
    }

    /** Moves every parameter that has a gradient, in place. */
    public void step(double learningRate) {
        try (Scope scope = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            steps.add_(Tensor.full(1, DType.F32, steps.device(), 1));
            step(decayed, learningRate);
            step(others, learningRate);
        }
    }

    private void step(Group group, double learningRate) {
        List<Tensor> parameters = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        List<Tensor> means = new ArrayList<>();
        List<Tensor> squares = new ArrayList<>();
        for (int i = 0; i < group.parameters.size(); i++) {
            Tensor gradient = group.parameters.get(i).grad();
            if (gradient != null) {
                parameters.add(group.parameters.get(i));
                gradients.add(gradient);
                means.add(group.means.get(i));
                squares.add(group.squares.get(i));
            }
        }
        if (parameters.isEmpty()) {
            return;
        }
        List<Tensor> maxSquares = List.of();
        boolean amsgrad = false;
        boolean maximize = false;
        kernel.call(
                parameters,
                gradients,
                means,
                squares,
                maxSquares,
                Collections.nCopies(parameters.size(), steps),
                learningRate,
                settings.beta1,
                settings.beta2,
                group.weightDecay,
                settings.epsilon,
                amsgrad,
                maximize,
                null,
                null);
    }

    /** The step count and both moments of every parameter, by name: to be saved, or filled with {@link Tensor#copy_} to resume. */
    public SequencedMap<String, Tensor> state() {
        return Collections.unmodifiableSequencedMap(state);
    }
}
