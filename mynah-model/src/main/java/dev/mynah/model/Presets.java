package dev.mynah.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Shapes of published models by name, and the depth dial.
 *
 * <p>GPT-1: Radford et al. 2018. GPT-2: Radford et al. 2019. GPT-3: Brown et al. 2020, table 2.1, with three remarks.
 * The table gives the 1.3B model 24 heads of 128, which is not its width of 2048; 16 heads give the published parameter
 * count. It gives the 13B model the width 5140, which is not 40 heads of 128; we take 5120. And every second layer of
 * GPT-3 attends in a locally banded sparse pattern, which has the same parameters; ours are all dense.
 */
public final class Presets {
    private static final int GPT1_VOCABULARY = 40_478;
    private static final int GPT2_VOCABULARY = 50_257;
    private static final SequencedMap<String, ModelConfig> BY_NAME = presets();

    private Presets() {}

    /** The names that {@link #named} knows, smallest model of each generation first. */
    public static SequencedSet<String> names() {
        return BY_NAME.sequencedKeySet();
    }

    /**
     * The preset called {@code name}, in its published vocabulary and context.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ModelConfig named(String name) {
        ModelConfig config = BY_NAME.get(name);
        if (config == null) {
            throw new IllegalArgumentException(
                    "there is no preset \"" + name + "\"; there are " + String.join(", ", BY_NAME.keySet()));
        }
        return config;
    }

    /**
     * A Llama-like model set by one number: {@code depth} layers, width {@code 64 * depth}, and {@code depth} heads of
     * 64, so that width and depth grow together and the parameters outside the embeddings are close to {@code 12 * 64^2
     * * depth^3 = 49152 * depth^3}.
     */
    public static ModelConfig depth(int depth, int vocabSize, int context) {
        if (depth < 1 || depth > 1024) {
            throw new IllegalArgumentException("depth must lie in 1..1024, not " + depth);
        }
        return ModelConfig.llama()
                .vocabSize(vocabSize)
                .context(context)
                .layers(depth)
                .width(64 * depth)
                .heads(depth)
                .build();
    }

    private static SequencedMap<String, ModelConfig> presets() {
        SequencedMap<String, ModelConfig> presets = new LinkedHashMap<>();
        presets.put(
                "gpt1",
                gpt(GPT1_VOCABULARY, 512, 12, 768, 12).toBuilder()
                        .normPlacement(NormPlacement.POST)
                        .build());
        presets.put("gpt2", gpt2(12, 768, 12));
        presets.put("gpt2-medium", gpt2(24, 1024, 16));
        presets.put("gpt2-large", gpt2(36, 1280, 20));
        presets.put("gpt2-xl", gpt2(48, 1600, 25));
        presets.put("gpt3-125m", gpt3(12, 768, 12));
        presets.put("gpt3-350m", gpt3(24, 1024, 16));
        presets.put("gpt3-760m", gpt3(24, 1536, 16));
        presets.put("gpt3-1.3b", gpt3(24, 2048, 16));
        presets.put("gpt3-2.7b", gpt3(32, 2560, 32));
        presets.put("gpt3-6.7b", gpt3(32, 4096, 32));
        presets.put("gpt3-13b", gpt3(40, 5120, 40));
        presets.put("gpt3-175b", gpt3(96, 12288, 96));
        return Collections.unmodifiableSequencedMap(presets);
    }

    private static ModelConfig gpt2(int layers, int width, int heads) {
        return gpt(GPT2_VOCABULARY, 1024, layers, width, heads);
    }

    private static ModelConfig gpt3(int layers, int width, int heads) {
        return gpt(GPT2_VOCABULARY, 2048, layers, width, heads);
    }

    private static ModelConfig gpt(int vocabSize, int context, int layers, int width, int heads) {
        return ModelConfig.gpt2()
                .vocabSize(vocabSize)
                .context(context)
                .layers(layers)
                .width(width)
                .heads(heads)
                .build();
    }
}
