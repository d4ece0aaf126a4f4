package dev.mynah.engine.fused;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.Norm;
import dev.mynah.model.ParameterNames;
import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
            List<Linear> qkv,
            @Nullable Normalization queryNorm,
            @Nullable Normalization keyNorm,
            Linear attentionOutput,
            Normalization mlpNorm,
            @Nullable Linear gate,
            Linear up,
            Linear down) {}

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
                    norm(names.finalNorm(), config.width()),
                    config.tiedEmbeddings() ? tokens : Linear.of(source.weight(names.head()), null));
        }

        private Block block(int layer) {
            String gate = names.gate();
            return new Block(
                    requireNorm(names.block(layer, names.norm1()), config.width()),
                    qkv(layer),
                    names.qNorm() == null ? null : norm(names.block(layer, names.qNorm()), config.headDim()),
                    names.kNorm() == null ? null : norm(names.block(layer, names.kNorm()), config.headDim()),
                    linear(layer, names.attentionOutput(), config.outputBias()),
                    requireNorm(names.block(layer, names.norm2()), config.width()),
                    gate == null ? null : linear(layer, gate, config.mlpBias()),
                    linear(layer, names.up(), config.mlpBias()),
                    linear(layer, names.down(), config.mlpBias()));
        }

        private List<Linear> qkv(int layer) {
            if (names.qkv().size() > 1) {
                return names.qkv().stream()
                        .map(name -> linear(layer, name, config.qkvBias()))
                        .toList();
            }
            String name = names.block(layer, names.qkv().getFirst());
            Linear all = Linear.of(source.weight(name + ".weight"), null);
            float[] bias = config.qkvBias() ? vector(name + ".bias") : null;
            List<Linear> parts = new ArrayList<>();
            int first = 0;
            for (int rows : new int[] {config.queryWidth(), config.kvWidth(), config.kvWidth()}) {
                parts.add(all.slice(first, rows, bias == null ? null : Arrays.copyOfRange(bias, first, first + rows)));
                first += rows;
            }
            return parts;
        }

        private Linear linear(int layer, String name, boolean biased) {
            String full = names.block(layer, name);
            return Linear.of(source.weight(full + ".weight"), biased ? vector(full + ".bias") : null);
        }

        private @Nullable Normalization norm(@Nullable String name, int size) {
            return name == null ? null : requireNorm(name, size);
        }

        private Normalization requireNorm(String name, int size) {
            float[] weight = vector(name + ".weight");
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
