package dev.mynah.engine.fused;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.MoeOptions;
import dev.mynah.model.Norm;
import dev.mynah.model.ParameterNames;
import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The network's layers, over the weights of a source; norms and biases, which are small, are copied. */
record Layers(
        Linear tokens,
        @Nullable Linear positions,
        List<Block> blocks,
        @Nullable Normalization finalNorm,
        Linear head) {

    /** One block. */
    record Block(
            Normalization attentionNorm,
            @Nullable Normalization attentionOutNorm,
            List<Linear> qkv,
            @Nullable Normalization queryNorm,
            @Nullable Normalization keyNorm,
            Linear attentionOutput,
            Normalization mlpNorm,
            @Nullable Normalization mlpOutNorm,
            @Nullable FeedForward dense,
            @Nullable Experts experts) {}

    /**
     * A plain feed-forward layer.
     *
     * @param gate null where the activation has none
     */
    record FeedForward(@Nullable Linear gate, Linear up, Linear down) {}

    /** Whether any of a model's matrices is less precise than fp32: its keys and values need not be more precise, and libtorch can do better than the kernels. */
    static boolean areRounded(WeightSource source) {
        ModelConfig config = source.config();
        ParameterNames names = ParameterNames.of(config);
        Stream<String> blocks = IntStream.range(0, config.layers())
                .mapToObj(layer -> names.block(layer, "") + names.attentionOutput() + ".weight");
        return Stream.concat(Stream.of(config.tiedEmbeddings() ? names.tokens() : names.head()), blocks)
                .anyMatch(name -> source.weight(name).type() != WeightType.F32);
    }

    static Layers of(WeightSource source) {
        return new Reader(source, source.config(), ParameterNames.of(source.config())).read();
    }

    private record Reader(WeightSource source, ModelConfig config, ParameterNames names) {

        Layers read() {
            List<Block> blocks = new ArrayList<>();
            for (int layer = 0; layer < config.layers(); layer++) {
                blocks.add(block(layer));
            }
            Linear tokens = Linear.of(source.weight(names.tokens()), null);
            return new Layers(
                    tokens,
                    names.positions() == null ? null : Linear.of(source.weight(names.positions()), null),
                    List.copyOf(blocks),
                    norm("", names.finalNorm(), config.width()),
                    config.tiedEmbeddings() ? tokens : Linear.of(source.weight(names.head()), null));
        }

        private Block block(int layer) {
            String block = names.block(layer, "");
            MoeOptions moe = config.moe(layer);
            return new Block(
                    requireNorm(block + names.attentionNorm(), config.width()),
                    norm(block, names.attentionOutNorm(), config.width()),
                    joined(block, names.qkv(), config.qkvBias(), qkvRows()),
                    norm(block, names.qNorm(), config.headDim()),
                    norm(block, names.kNorm(), config.headDim()),
                    linear(block + names.attentionOutput(), config.outputBias()),
                    requireNorm(block + names.mlpNorm(), config.width()),
                    norm(block, names.mlpOutNorm(), config.width()),
                    moe == null ? dense(block) : null,
                    moe == null ? null : experts(block, moe));
        }

        private FeedForward dense(String block) {
            List<Linear> up = joined(block, names.mlp().up(), config.mlpBias(), upRows());
            return new FeedForward(
                    config.activation().gated() ? up.getFirst() : null,
                    up.getLast(),
                    linear(block + names.mlp().down(), config.mlpBias()));
        }

        private Experts experts(String block, MoeOptions moe) {
            ParameterNames.Experts stored = Objects.requireNonNull(names.experts());
            List<Experts.Expert> all = new ArrayList<>();
            for (int index = 0; index < moe.experts(); index++) {
                all.add(expert(block, stored.expert(index)));
            }
            return new Experts(
                    moe,
                    linear(block + stored.router(), false),
                    List.copyOf(all),
                    stored.shared() == null ? null : expert(block, stored.shared()),
                    stored.sharedGate() == null ? null : linear(block + stored.sharedGate(), false));
        }

        private Experts.Expert expert(String block, ParameterNames.Mlp stored) {
            return new Experts.Expert(
                    linear(block + stored.up().getFirst(), false),
                    linear(block + stored.up().getLast(), false),
                    linear(block + stored.down(), false));
        }

        private List<Integer> qkvRows() {
            return List.of(config.queryWidth(), config.kvWidth(), config.kvWidth());
        }

        private List<Integer> upRows() {
            return config.activation().gated() ? List.of(config.hidden(), config.hidden()) : List.of(config.hidden());
        }

        /** Layers that read the same input, which a checkpoint may store in one matrix. */
        private List<Linear> joined(String block, List<String> stored, boolean biased, List<Integer> rows) {
            if (stored.size() == rows.size()) {
                return stored.stream().map(name -> linear(block + name, biased)).toList();
            }
            String name = block + stored.getFirst();
            Linear all = linear(name, false);
            float[] bias = biased ? vector(name + ".bias") : null;
            List<Linear> parts = new ArrayList<>();
            int first = 0;
            for (int count : rows) {
                float[] partBias = bias == null ? null : Arrays.copyOfRange(bias, first, first + count);
                parts.add(all.slice(first, count, partBias));
                first += count;
            }
            return parts;
        }

        private Linear linear(String name, boolean biased) {
            return Linear.of(source.weight(name + ".weight"), biased ? vector(name + ".bias") : null);
        }

        private @Nullable Normalization norm(String block, @Nullable String name, int size) {
            return name == null ? null : requireNorm(block + name, size);
        }

        private Normalization requireNorm(String name, int size) {
            float[] weight = vector(name + ".weight");
            if (config.norm() == Norm.RMS_NORM_OFFSET) {
                for (int i = 0; i < size; i++) {
                    weight[i] += 1;
                }
            }
            float[] bias = config.norm() == Norm.LAYER_NORM ? vector(name + ".bias") : null;
            return new Normalization(config.norm(), size, weight, bias, config.normEps());
        }

        /** The elements as floats, padded with zeros to whole vectors. */
        private float[] vector(String name) {
            Weight weight = source.weight(name);
            float[] values = new float[Lanes.padded(weight.columns())];
            RowFormat.of(weight.type()).decode(weight.data().address(), weight.columns(), values, 0);
            return values;
        }
    }
}
