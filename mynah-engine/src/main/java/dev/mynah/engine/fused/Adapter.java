package dev.mynah.engine.fused;

import dev.mynah.model.Lora;
import dev.mynah.model.LoraFolder;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.ParameterNames;
import dev.mynah.model.weights.RowOrder;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** A low-rank adapter (LoRA, Hu et al. 2021) over the layers of a {@link FusedRunner}: each layer that it changes computes {@code W x + scale B A x}. */
record Adapter(List<Block> blocks) {

    /** What is added in one block; null where a layer stays as it is. */
    record Block(
            List<@Nullable Update> qkv,
            List<@Nullable Update> attentionOutput,
            List<@Nullable Update> up,
            List<@Nullable Update> down) {}

    /**
     * The update of one layer, rows padded to whole vectors.
     *
     * @param a {@code [rank][in]}
     * @param b {@code [rank][out]}, with the scale in it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Update(float[][] a, float[][] b) {

        /** Adds {@code B A x} to {@code output}. */
        void apply(float[] x, int columns, float[] output) {
            for (int rank = 0; rank < a.length; rank++) {
                FloatVector inner = Lanes.all(FloatProducts.dot(a[rank], x, columns));
                float[] outer = b[rank];
                for (int i = 0; i < outer.length; i += Lanes.LENGTH) {
                    inner.fma(Lanes.floats(outer, i), Lanes.floats(output, i)).intoArray(output, i);
                }
            }
        }
    }

    /**
     * Reads an adapter in the layout of PEFT.
     *
     * @throws IllegalArgumentException if it is damaged, or of another model
     */
    static Adapter load(Path folder, WeightSource source) throws IOException {
        LoraFolder.requireBaseVocabulary(folder);
        try (Scope scope = Scope.open()) {
            Lora lora = LoraFolder.load(folder, source.config(), Device.CPU);
            return new Reader(lora, source, source.config(), ParameterNames.of(source.config())).read();
        }
    }

    private record Reader(Lora lora, WeightSource source, ModelConfig config, ParameterNames names) {

        Adapter read() {
            List<Block> blocks = new ArrayList<>();
            int inner = config.hidden();
            for (int layer = 0; layer < config.layers(); layer++) {
                String block = names.block(layer, "");
                blocks.add(new Block(
                        joined(block, names.qkv(), List.of(config.queryWidth(), config.kvWidth(), config.kvWidth())),
                        joined(block, List.of(names.attentionOutput()), List.of(config.width())),
                        joined(
                                block,
                                names.mlp().up(),
                                config.activation().gated() ? List.of(inner, inner) : List.of(inner)),
                        joined(block, List.of(names.mlp().down()), List.of(config.width()))));
            }
            return new Adapter(List.copyOf(blocks));
        }

        /** The updates of layers that read the same input, which a checkpoint may store in one matrix. */
        private List<@Nullable Update> joined(String block, List<String> stored, List<Integer> rows) {
            List<@Nullable Update> updates = new ArrayList<>();
            int first = 0;
            for (int i = 0; i < rows.size(); i++) {
                boolean together = stored.size() < rows.size();
                updates.add(update(block + stored.get(together ? 0 : i), together ? first : 0, rows.get(i)));
                first += rows.get(i);
            }
            return updates;
        }

        private @Nullable Update update(String layer, int firstRow, int rows) {
            Tensor a = lora.parameters().get(layer + ".lora_A.weight");
            Tensor b = lora.parameters().get(layer + ".lora_B.weight");
            if (a == null || b == null) {
                return null;
            }
            RowOrder order = source.interleavedRope() ? RowOrder.of(config, layer + ".weight") : RowOrder.SAME;
            int rank = lora.config().rank();
            float[] inward = a.toFloats();
            float[] outward = b.toFloats();
            int columns = inward.length / rank;
            float scale = (float) lora.config().scale();
            float[][] paddedA = new float[rank][];
            float[][] paddedB = new float[rank][Lanes.padded(rows)];
            for (int r = 0; r < rank; r++) {
                paddedA[r] = Arrays.copyOf(
                        Arrays.copyOfRange(inward, r * columns, (r + 1) * columns), Lanes.padded(columns));
                for (int row = 0; row < rows; row++) {
                    int from = (int) order.halves(firstRow + row);
                    paddedB[r][row] = scale * outward[from * rank + r];
                }
            }
            return new Update(paddedA, paddedB);
        }
    }
}
