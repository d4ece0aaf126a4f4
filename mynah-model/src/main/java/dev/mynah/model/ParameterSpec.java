package dev.mynah.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Shape and initialisation of one parameter. */
record ParameterSpec(List<Long> shape, Init init) {

    /** How a parameter starts. */
    enum Init {
        NORMAL,
        /** The last projection of a sub-layer, which adds to the residual stream. */
        RESIDUAL_NORMAL,
        ZEROS,
        ONES
    }

    /** Of a parameter that is only read. */
    static ParameterSpec of(long... shape) {
        return new ParameterSpec(Arrays.stream(shape).boxed().toList(), Init.ZEROS);
    }

    long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** All parameters of a model, by their names in a checkpoint. */
    static SequencedMap<String, ParameterSpec> all(ModelConfig config) {
        Collector all = new Collector(config, ParameterNames.of(config), new LinkedHashMap<>());
        all.collect();
        return all.specs;
    }

    private record Collector(ModelConfig config, ParameterNames names, SequencedMap<String, ParameterSpec> specs) {

        void collect() {
            put(names.tokens(), Init.NORMAL, config.vocabSize(), config.width());
            if (names.positions() != null) {
                put(names.positions(), Init.NORMAL, config.context(), config.width());
            }
            for (int layer = 0; layer < config.layers(); layer++) {
                block(layer);
            }
            if (names.finalNorm() != null) {
                norm(names.finalNorm(), config.width());
            }
            if (!config.tiedEmbeddings()) {
                put(names.head(), Init.NORMAL, config.vocabSize(), config.width());
            }
        }

        private void block(int layer) {
            norm(names.block(layer, names.attentionNorm()), config.width());
            int[] outputs = names.qkv().size() == 1
                    ? new int[] {config.queryWidth() + 2 * config.kvWidth()}
                    : new int[] {config.queryWidth(), config.kvWidth(), config.kvWidth()};
            for (int i = 0; i < outputs.length; i++) {
                String name = names.block(layer, names.qkv().get(i));
                linear(name, Init.NORMAL, config.width(), outputs[i], config.qkvBias());
            }
            for (String name : present(names.qNorm(), names.kNorm())) {
                norm(names.block(layer, name), config.headDim());
            }
            String attentionOutput = names.block(layer, names.attentionOutput());
            linear(attentionOutput, Init.RESIDUAL_NORMAL, config.queryWidth(), config.width(), config.outputBias());
            for (String name : present(names.attentionOutNorm(), names.mlpNorm())) {
                norm(names.block(layer, name), config.width());
            }
            MoeOptions moe = config.moe(layer);
            if (moe == null) {
                mlp(layer, names.mlp(), config.hidden());
            } else {
                experts(layer, moe);
            }
            for (String name : present(names.mlpOutNorm())) {
                norm(names.block(layer, name), config.width());
            }
        }

        private void mlp(int layer, ParameterNames.Mlp mlp, int hidden) {
            int matrices = config.activation().gated() ? 2 : 1;
            for (String name : mlp.up()) {
                int outputs = matrices / mlp.up().size() * hidden;
                linear(names.block(layer, name), Init.NORMAL, config.width(), outputs, config.mlpBias());
            }
            linear(names.block(layer, mlp.down()), Init.RESIDUAL_NORMAL, hidden, config.width(), config.mlpBias());
        }

        private void experts(int layer, MoeOptions moe) {
            ParameterNames.Experts experts = Objects.requireNonNull(names.experts());
            linear(names.block(layer, experts.router()), Init.NORMAL, config.width(), moe.experts(), false);
            for (int i = 0; i < moe.experts(); i++) {
                mlp(layer, experts.expert(i), moe.hidden());
            }
            if (experts.shared() != null && experts.sharedGate() != null) {
                mlp(layer, experts.shared(), moe.sharedHidden());
                linear(names.block(layer, experts.sharedGate()), Init.NORMAL, config.width(), 1, false);
            }
        }

        private static List<String> present(@Nullable String... names) {
            List<String> present = new ArrayList<>();
            for (String name : names) {
                if (name != null) {
                    present.add(name);
                }
            }
            return present;
        }

        private void linear(String name, Init init, int in, int out, boolean bias) {
            if (Linear.inputFirst(config)) {
                put(name + ".weight", init, in, out);
            } else {
                put(name + ".weight", init, out, in);
            }
            if (bias) {
                put(name + ".bias", Init.ZEROS, out);
            }
        }

        private void norm(String name, int size) {
            put(name + ".weight", config.norm() == Norm.RMS_NORM_OFFSET ? Init.ZEROS : Init.ONES, size);
            if (config.norm() == Norm.LAYER_NORM) {
                put(name + ".bias", Init.ZEROS, size);
            }
        }

        private void put(String name, Init init, long... shape) {
            specs.put(name, new ParameterSpec(Arrays.stream(shape).boxed().toList(), init));
        }
    }
}
