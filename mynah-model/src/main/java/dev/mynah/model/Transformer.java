package dev.mynah.model;

import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The decoder-only transformer of the GPT and Llama families (Radford et al. 2018 and 2019; Touvron et al. 2023) and of
 * their relatives, see {@link Family}: the one definition that training, rollouts, evaluation and serving share.
 *
 * <pre>
 *   ids [batch, time] -> token embedding (+ position embedding)
 *     -> layers x { + attention(norm(x)), + mlp(norm(x)) } -> norm    hidden: [batch, time, width]
 *     -> head                                                        logits: [batch, time, vocabSize]
 * </pre>
 *
 * Parameters are called and stored as in the family's Hugging Face checkpoints. They may be of another element type
 * than the computation: each is cast where it is used, and autograd carries gradients back to the parameter's own type.
 * Softmax and norms compute in fp32 inside; the residual stream has the computation's type.
 *
 * <p>An instance is used by one thread at a time, with a {@link Scope} open that owns the results.
 */
public final class Transformer {
    private static final double INIT_STD = 0.02;

    private final ModelConfig config;
    private final SequencedMap<String, Tensor> parameters;

    private final List<SafetensorsFile> mapped;
    private final boolean adapted;

    private final Tensor tokens;
    private final @Nullable Tensor positionTable;
    private final Map<RopeOptions, Rope> ropes = new HashMap<>();
    private final List<Block> blocks;
    private final @Nullable NormLayer finalNorm;
    private final Linear head;

    /**
     * A model over given parameters, which must be those that {@code config} asks for, all on one device. Their memory
     * stays the caller's.
     *
     * @throws IllegalArgumentException if a parameter is missing, unknown, or of another shape
     */
    public Transformer(ModelConfig config, Map<String, Tensor> parameters) {
        this(config, parameters, List.of(), null);
    }

    /**
     * As the public constructor; {@code mapped} are the files whose memory the parameters use, which must stay mapped
     * as long as the model is there.
     */
    Transformer(ModelConfig config, Map<String, Tensor> parameters, List<SafetensorsFile> mapped, @Nullable Lora lora) {
        this.config = config;
        this.mapped = mapped;
        adapted = lora != null;
        this.parameters = checked(config, parameters);
        ParameterNames names = ParameterNames.of(config);
        tokens = require(parameters, names.tokens());
        positionTable = names.positions() == null ? null : require(parameters, names.positions());
        blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(new Block(config, names, parameters, lora, layer));
            if (config.positions() == Positions.ROPE) {
                ropes.computeIfAbsent(
                        config.layer(layer).rope(), rope -> Rope.create(rope, config.headDim(), tokens.device()));
            }
        }
        finalNorm = names.finalNorm() == null ? null : NormLayer.of(config, parameters, names.finalNorm());
        head = new Linear(config.tiedEmbeddings() ? tokens : require(parameters, names.head()), null, false, null);
    }

    /**
     * This model with room for more tokens: embedding and head are copies with further rows, drawn from N(0, 0.02), in
     * the open scope; all other parameters are shared.
     */
    public Transformer withVocabulary(int vocabSize, Generator generator) {
        ParameterNames names = ParameterNames.of(config);
        SequencedMap<String, Tensor> grown = new LinkedHashMap<>(parameters);
        try (Autograd.Mode mode = Autograd.noGrad()) {
            for (String name : List.of(names.tokens(), names.head())) {
                Tensor old = parameters.get(name);
                if (old != null) {
                    Tensor table = Tensor.empty(old.dtype(), old.device(), vocabSize, config.width());
                    drawNormal(table, INIT_STD, generator);
                    try (Scope scope = Scope.open()) {
                        table.narrow(0, 0, config.vocabSize()).copy_(old);
                    }
                    grown.put(name, table);
                }
            }
        }
        return new Transformer(config.toBuilder().vocabSize(vocabSize).build(), grown, mapped, null);
    }

    /**
     * This model with an adapter that was made for it: the parameters are shared, and {@link #parameters()} does not list
     * the adapter's.
     */
    public Transformer with(Lora lora) {
        return new Transformer(config, parameters, mapped, lora);
    }

    /**
     * This model, without its adapter if it has one, with its matrices in another element type: copies in the open scope where they are in another, while vectors are shared. In that type it computes as
     * this one does, and casts no weight.
     */
    public Transformer withMatrices(DType dtype) {
        SequencedMap<String, Tensor> cast = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> cast.put(
                name, parameter.rank() < 2 ? parameter : parameter.detach().to(dtype)));
        return new Transformer(config, cast, mapped, null);
    }

    /** Whether an adapter takes part in what the model computes. */
    public boolean isAdapted() {
        return adapted;
    }

    /** A model whose parameters are fp32 zeros, owned by the open scope; {@link #init} or a checkpoint fills them. */
    public static Transformer create(ModelConfig config, Device device) {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        ParameterSpec.all(config)
                .forEach((name, spec) -> parameters.put(name, Tensor.zeros(DType.F32, device, spec.dimensions())));
        return new Transformer(config, parameters);
    }

    private static SequencedMap<String, Tensor> checked(ModelConfig config, Map<String, Tensor> parameters) {
        SequencedMap<String, Tensor> ordered = new LinkedHashMap<>();
        ParameterSpec.all(config).forEach((name, spec) -> {
            Tensor parameter = require(parameters, name);
            if (!Arrays.equals(parameter.shape(), spec.dimensions())) {
                throw new IllegalArgumentException(
                        "parameter " + name + " must have the shape " + spec.shape() + ", not " + parameter);
            }
            ordered.put(name, parameter);
        });
        for (String name : parameters.keySet()) {
            if (!ordered.containsKey(name)) {
                throw new IllegalArgumentException("the model has no parameter " + name);
            }
        }
        return Collections.unmodifiableSequencedMap(ordered);
    }

    static Tensor require(Map<String, Tensor> parameters, String name) {
        Tensor parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("parameter " + name + " is missing");
        }
        return parameter;
    }

    /** The model's shape. */
    public ModelConfig config() {
        return config;
    }

    /** All parameters by their names in a checkpoint, from the embedding to the head; a tied head is not listed. */
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    /** Where the parameters are. */
    public Device device() {
        return tokens.device();
    }

    /**
     * Draws new parameters as GPT-2 does (Radford et al. 2019, section 2.3): matrices and embeddings from N(0, 0.02),
     * those that add to the residual stream divided by the root of the number of such additions, {@code 2 * layers};
     * norms 1 (or 0, where that stands for 1), biases 0. The same seed gives the same parameters on every device.
     *
     * @throws IllegalStateException if the parameters lie in a mapped file
     */
    public void init(Generator generator) {
        requireWritable();
        double residualStd = INIT_STD / Math.sqrt(2.0 * config.layers());
        try (Autograd.Mode mode = Autograd.noGrad()) {
            ParameterSpec.all(config).forEach((name, spec) -> {
                Tensor parameter = require(parameters, name);
                switch (spec.init()) {
                    case NORMAL -> drawNormal(parameter, INIT_STD, generator);
                    case RESIDUAL_NORMAL -> drawNormal(parameter, residualStd, generator);
                    case ZEROS -> parameter.zero_();
                    case ONES -> parameter.fill_(1);
                }
            });
        }
    }

    void requireWritable() {
        if (!mapped.isEmpty()) {
            throw new IllegalStateException("the parameters lie in a mapped file and cannot be written");
        }
    }

    private static void drawNormal(Tensor parameter, double std, Generator generator) {
        try (Scope scope = Scope.open()) {
            Tensor drawn = Tensor.empty(DType.F32, Device.CPU, parameter.shape());
            parameter.copy_(drawn.normal_(0, std, generator));
        }
    }

    /** {@link #hidden(Tensor, Tensor, Tensor, DType)} without a mask of its own, at positions 0, 1, ... */
    public Tensor hidden(Tensor ids, DType compute) {
        return hidden(ids, null, null, compute);
    }

    /**
     * The final hidden states of whole sequences, as training and scoring need them.
     *
     * @param ids       {@code [batch, time]}, I64 or I32, each below the vocabulary's size; time at most the context
     * @param mask      who sees whom, {@code [time, time]} or {@code [batch, 1, time, time]}, added to the scores,
     *                  causality included (see {@link AttentionMask}); null is causal
     * @param positions {@code [batch, time]}, each below the context; null is {@code 0, 1, ...}
     * @param compute   element type of the computation, F32 or BF16
     * @return {@code [batch, time, width]} in the computation's type
     */
    public Tensor hidden(Tensor ids, @Nullable Tensor mask, @Nullable Tensor positions, DType compute) {
        return forward(ids, mask, positions, null, 0, compute);
    }

    /**
     * As {@link #hidden(Tensor, DType)}, of the positions from {@code first} on alone: in the last block the others are nothing but keys and values.
     *
     * @return {@code [batch, time - first, width]}
     */
    public Tensor hidden(Tensor ids, int first, DType compute) {
        return forward(ids, null, null, null, first, compute);
    }

    /**
     * The final hidden states of tokens that follow those in {@code cache}, which then holds them too. Records no
     * gradients. Decoding wants the parameters in the computation's type, else every token casts every weight.
     *
     * @param ids {@code [batch, time]}: a prompt, or with time 1 the token decoded last
     * @return {@code [batch, time, width]}
     */
    public Tensor hidden(Tensor ids, KvCache cache, DType compute) {
        try (Autograd.Mode mode = Autograd.noGrad()) {
            Tensor hidden = forward(ids, null, null, cache, 0, compute);
            cache.advance(Math.toIntExact(ids.size(1)));
            return hidden;
        }
    }

    /**
     * As {@link #hidden(Tensor, KvCache, DType)}, for sequences of different lengths.
     *
     * @param ids {@code [batch, time]}: the tokens that follow those of each sequence in {@code cache}
     * @return {@code [batch, time, width]}
     */
    public Tensor hidden(Tensor ids, PagedKvCache.View cache, DType compute) {
        try (Autograd.Mode mode = Autograd.noGrad()) {
            return forward(ids, cache.mask(), cache.positions(), cache, 0, compute);
        }
    }

    /** Logits {@code [..., vocabSize]} of hidden states {@code [..., width]}, in their element type. */
    public Tensor logits(Tensor hidden) {
        Tensor logits = head.apply(hidden);
        return config.logitSoftCap() == 0 ? logits : Attention.softCapped(logits, config.logitSoftCap());
    }

    private Tensor forward(
            Tensor ids,
            @Nullable Tensor mask,
            @Nullable Tensor positions,
            @Nullable KvCache cache,
            int first,
            DType compute) {
        int time = Math.toIntExact(ids.size(1));
        int past = cache == null ? 0 : cache.length();
        int room = cache == null ? config.context() : cache.capacity();
        if (time < 1 || time > room - past) {
            throw new IllegalArgumentException(
                    "the model reads up to " + room + " positions, not " + past + " and then " + time);
        }
        Tensor at = positions == null ? Tensor.arange(past, past + time, DType.I64, device()) : positions;
        Map<LayerOptions, Block.Pass> passes = new HashMap<>();
        Tensor residual = embed(ids, at).to(compute);
        for (Block block : blocks) {
            Block.Pass pass = passes.computeIfAbsent(block.options(), options -> {
                Attention attention = Attention.create(
                        config.attention(), options.window(), mask, time, past + time, compute, device());
                Rope rope = ropes.get(options.rope());
                return new Block.Pass(attention, rope == null ? null : rotation(rope, at, cache, compute), cache, 0);
            });
            residual = block.forward(
                    residual, first > 0 && block == blocks.getLast() ? last(block, pass, first, time, compute) : pass);
        }
        return finalNorm == null ? residual : finalNorm.apply(residual);
    }

    /** The pass of a last block that goes on with the positions from {@code first} on. */
    private Block.Pass last(Block block, Block.Pass pass, int first, int time, DType compute) {
        Attention attention = Attention.create(
                config.attention(), block.options().window(), null, time - first, time, compute, device());
        return new Block.Pass(attention, pass.rotation(), pass.cache(), first);
    }

    private static Rope.Rotation rotation(Rope rope, Tensor positions, @Nullable KvCache cache, DType compute) {
        if (!rope.dependsOnLength()) {
            return rope.at(positions, 0, compute);
        }
        int length = cache == null ? (int) positions.max().item() + 1 : cache.capacity();
        return rope.at(positions, length, compute);
    }

    private Tensor embed(Tensor ids, Tensor positions) {
        Tensor embedded = Nn.embedding(tokens, ids);
        if (config.scaledEmbeddings()) {
            embedded = embedded.mul(Tensor.full(config.embeddingScale(), embedded.dtype(), device(), 1));
        }
        return positionTable == null ? embedded : embedded.add(Nn.embedding(positionTable, positions));
    }
}
