package dev.mynah.model;

import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A low-rank adapter (LoRA, Hu et al. 2021): next to the frozen weight {@code W [out, in]} of each adapted layer stand {@code A [rank, in]} and {@code B [out, rank]}, and the layer
 * computes {@code W x + alpha / rank * B A x}. {@code B} begins at zero, so that a fresh adapter changes nothing. {@link Transformer#with(Lora)} puts it into a model.
 */
public final class Lora {
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private final LoraConfig config;
    private final SequencedMap<String, Tensor> parameters;
    private final Dropout dropout;

    /** Drops input elements of the updates while there is a source of random numbers. */
    static final class Dropout {
        private final double rate;
        private @Nullable Generator generator;

        Dropout(double rate) {
            this.rate = rate;
        }

        Tensor apply(Tensor input) {
            if (generator == null || rate == 0) {
                return input;
            }
            Tensor kept = Tensor.empty(DType.F32, Device.CPU, input.shape()).bernoulli_(1 - rate, generator);
            return input.mul(kept.mul(1 / (1 - rate)).to(input.dtype()).to(input.device()));
        }
    }

    /** An adapter over given tensors, named as {@link #parameters()} names them. */
    Lora(LoraConfig config, SequencedMap<String, Tensor> parameters) {
        this.config = config;
        this.parameters = Collections.unmodifiableSequencedMap(parameters);
        this.dropout = new Dropout(config.dropout());
    }

    /**
     * A fresh adapter in fp32, owned by the open scope: {@code A} normal with the variance of PEFT's default, {@code 1 / (3 in)}, and {@code B} zero.
     *
     * @throws IllegalArgumentException if the model has no layer of a target's name
     */
    public static Lora create(ModelConfig model, LoraConfig config, Device device, Generator generator) {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        shapes(model, config).forEach((name, shape) -> {
            Tensor parameter = Tensor.zeros(DType.F32, device, shape.getFirst(), shape.getLast());
            parameters.put(name, parameter);
            if (name.endsWith(A)) {
                try (Scope scope = Scope.open()) {
                    Tensor drawn = Tensor.empty(DType.F32, Device.CPU, parameter.shape());
                    parameter.copy_(drawn.normal_(0, Math.sqrt(1 / (3.0 * shape.getLast())), generator));
                }
            }
        });
        return new Lora(config, parameters);
    }

    /** What the parameters of an adapter are called and their shapes. */
    static SequencedMap<String, List<Long>> shapes(ModelConfig model, LoraConfig config) {
        config.requireTargetsOf(model);
        SequencedMap<String, List<Long>> shapes = new LinkedHashMap<>();
        long rank = config.rank();
        ParameterSpec.all(model).forEach((name, spec) -> {
            if (config.adapts(model, name)) {
                boolean inputFirst = Linear.inputFirst(model);
                long in = inputFirst ? spec.shape().getFirst() : spec.shape().getLast();
                long out = inputFirst ? spec.shape().getLast() : spec.shape().getFirst();
                String layer = withoutWeight(name);
                shapes.put(layer + A, List.of(rank, in));
                shapes.put(layer + B, List.of(out, rank));
            }
        });
        return shapes;
    }

    private static String withoutWeight(String name) {
        return name.substring(0, name.length() - ".weight".length());
    }

    public LoraConfig config() {
        return config;
    }

    /** What is trained, as {@code model.layers.0.self_attn.q_proj.lora_A.weight}. */
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    /** From now on drops input elements by numbers from {@code generator}, whose scope must stay open; null drops none, as is right outside of training. */
    public void dropBy(@Nullable Generator generator) {
        dropout.generator = generator;
    }

    @Nullable
    LowRank update(String layer) {
        Tensor a = parameters.get(layer + A);
        Tensor b = parameters.get(layer + B);
        return a == null || b == null ? null : new LowRank(a, b, config.scale(), dropout);
    }

    /** Adds the updates to the weights of {@code model}, which then computes without the adapter what it computes with it. */
    public void mergeInto(Transformer model) {
        change(model, Tensor::add);
    }

    /** Takes {@link #mergeInto} back, to within the rounding of the weights' element type. */
    public void unmergeFrom(Transformer model) {
        change(model, Tensor::sub);
    }

    private void change(Transformer model, BiFunction<Tensor, Tensor, Tensor> combine) {
        model.requireWritable();
        try (Autograd.Mode mode = Autograd.noGrad()) {
            for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
                LowRank update =
                        config.adapts(model.config(), entry.getKey()) ? update(withoutWeight(entry.getKey())) : null;
                if (update != null) {
                    try (Scope scope = Scope.open()) {
                        Tensor delta = Linear.inputFirst(model.config())
                                ? update.delta().transpose(0, 1)
                                : update.delta();
                        Tensor weight = entry.getValue();
                        weight.copy_(combine.apply(weight.to(DType.F32), delta.to(weight.device())));
                    }
                }
            }
        }
    }
}
