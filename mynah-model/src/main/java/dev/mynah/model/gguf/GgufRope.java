package dev.mynah.model.gguf;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.RopeOptions;
import dev.mynah.model.RopeScaling;
import dev.mynah.model.weights.RowDecoder;
import dev.mynah.model.weights.Weight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The scaling of rotary positions in llama.cpp's files: by metadata (linear, YaRN), or by tensors with what each frequency is divided by, one list (Llama 3) or two (longrope).
 */
final class GgufRope {
    static final String FACTORS = "rope_freqs.weight";
    static final String SHORT_FACTORS = "rope_factors_short.weight";
    static final String LONG_FACTORS = "rope_factors_long.weight";
    static final List<String> TENSORS = List.of(FACTORS, SHORT_FACTORS, LONG_FACTORS);

    private static final String SUPPORTED = "is not supported; supported are none, linear, yarn, longrope";

    private GgufRope() {}

    // ---- reading

    /** Describes the scaling in the words of a {@code config.json}; nothing where there is none. As llama.cpp has it, a factor without a type is linear, and old files have a key of their own for it. */
    static void read(GgufFile file, String prefix, int context, ObjectNode config) {
        GgufMetadata metadata = file.metadata();
        String typeKey = prefix + "rope.scaling.type";
        String type = metadata.has(typeKey) ? metadata.text(typeKey) : "linear";
        boolean lists = file.has(SHORT_FACTORS) && file.has(LONG_FACTORS);
        double factor =
                metadata.number(prefix + "rope.scaling.factor", metadata.number(prefix + "rope.scale_linear", 1));
        double attention = metadata.number(prefix + "rope.scaling.attn_factor", 1);
        int original = metadata.integer(prefix + "rope.scaling.original_context_length", context);
        if (file.has(FACTORS) || lists) {
            if (!type.equals("longrope") && factor != 1) {
                throw metadata.error(typeKey, "is not supported beside factors for each frequency");
            }
            ObjectNode scaling = scaling(config, "longrope", original).put("attention_factor", attention);
            put(scaling.putArray("short_factor"), file.weight(lists ? SHORT_FACTORS : FACTORS));
            put(scaling.putArray("long_factor"), file.weight(lists ? LONG_FACTORS : FACTORS));
            config.put("original_max_position_embeddings", original);
            return;
        }
        switch (type) {
            case "none" -> {}
            case "linear" -> {
                if (factor != 0 && factor != 1) {
                    config.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
                }
            }
            case "yarn" ->
                scaling(config, "yarn", original)
                        .put("factor", factor)
                        .put("beta_fast", metadata.number(prefix + "rope.scaling.yarn_beta_fast", 32))
                        .put("beta_slow", metadata.number(prefix + "rope.scaling.yarn_beta_slow", 1))
                        .put("attention_factor", attention * RopeScaling.Yarn.suggestedAttentionFactor(factor));
            case "longrope" ->
                throw metadata.error(typeKey, "needs the tensors " + SHORT_FACTORS + ", " + LONG_FACTORS);
            default -> throw metadata.error(typeKey, SUPPORTED);
        }
    }

    private static ObjectNode scaling(ObjectNode config, String type, int original) {
        return config.putObject("rope_scaling")
                .put("rope_type", type)
                .put("original_max_position_embeddings", original);
    }

    private static void put(ArrayNode list, Weight factors) {
        if (factors.shape().size() != 1) {
            throw new GgufFormatException("factors of rotary frequencies must be a vector, not " + factors.shape());
        }
        float[] values = new float[factors.columns()];
        RowDecoder.decode(factors, 0, values);
        for (float value : values) {
            list.add(Double.parseDouble(Float.toString(value)));
        }
    }

    // ---- writing

    /** What metadata says of the scaling, by key without prefix. */
    static Map<String, Object> metadata(RopeOptions rope) {
        return switch (rope.scaling()) {
            case RopeScaling.None none -> Map.of();
            case RopeScaling.Llama3 llama3 -> Map.of();
            case RopeScaling.Linear linear ->
                Map.of("rope.scaling.type", "linear", "rope.scaling.factor", (float) linear.factor());
            case RopeScaling.Yarn yarn -> yarn(yarn);
            case RopeScaling.LongRope longRope -> {
                Map<String, Object> values = new LinkedHashMap<>();
                if (longRope.dependsOnLength()) {
                    values.put("rope.scaling.type", "longrope");
                }
                values.put("rope.scaling.original_context_length", longRope.originalContext());
                values.put("rope.scaling.attn_factor", (float) longRope.attentionFactor());
                yield values;
            }
            case RopeScaling.DynamicNtk dynamic ->
                throw new IllegalArgumentException("llama.cpp has no dynamic NTK scaling of rotary positions");
        };
    }

    private static Map<String, Object> yarn(RopeScaling.Yarn yarn) {
        if (!yarn.truncated()) {
            throw new IllegalArgumentException("llama.cpp has no YaRN whose ramp is not truncated");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("rope.scaling.type", "yarn");
        values.put("rope.scaling.factor", (float) yarn.factor());
        values.put("rope.scaling.original_context_length", yarn.originalContext());
        double suggested = RopeScaling.Yarn.suggestedAttentionFactor(yarn.factor());
        if (Math.abs(yarn.attentionFactor() - suggested) > 1e-6) {
            values.put("rope.scaling.attn_factor", (float) (yarn.attentionFactor() / suggested));
        }
        values.put("rope.scaling.yarn_beta_fast", (float) yarn.betaFast());
        values.put("rope.scaling.yarn_beta_slow", (float) yarn.betaSlow());
        return values;
    }

    /** The tensors that say the rest, which llama.cpp reads in some architectures only. */
    static SequencedMap<String, float[]> tensors(GgufArchitecture architecture, ModelConfig config) {
        SequencedMap<String, float[]> tensors = new LinkedHashMap<>();
        RopeOptions rope = config.rope();
        switch (rope.scaling()) {
            case RopeScaling.Llama3 llama3 -> tensors.put(FACTORS, factors(rope, config.headDim()));
            case RopeScaling.LongRope longRope -> {
                if (longRope.dependsOnLength()) {
                    tensors.put(LONG_FACTORS, floats(longRope.longFactors()));
                    tensors.put(SHORT_FACTORS, floats(longRope.shortFactors()));
                } else {
                    tensors.put(FACTORS, floats(longRope.shortFactors()));
                }
            }
            default -> {}
        }
        boolean read = architecture == GgufArchitecture.LLAMA
                || (architecture == GgufArchitecture.PHI3 && tensors.containsKey(LONG_FACTORS));
        if (!tensors.isEmpty() && !read) {
            throw new IllegalArgumentException(
                    "llama.cpp has no factors for each rotary frequency in the architecture " + architecture.id());
        }
        return tensors;
    }

    private static float[] factors(RopeOptions rope, int headDim) {
        float[] plain = new RopeOptions(rope.theta(), rope.rotatedShare(), new RopeScaling.None())
                .inverseFrequencies(headDim, 0);
        float[] scaled = rope.inverseFrequencies(headDim, 0);
        float[] factors = new float[plain.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = plain[i] / scaled[i];
        }
        return factors;
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
