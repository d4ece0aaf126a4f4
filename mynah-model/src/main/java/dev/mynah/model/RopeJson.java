package dev.mynah.model;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rotary positions in a {@code config.json}: {@code rope_theta}, {@code rope_scaling} and, since transformers 5, both
 * together as {@code rope_parameters}.
 */
final class RopeJson {
    private static final String TYPES = "default, linear, dynamic, yarn, llama3, longrope";
    private static final Set<String> KEYS = Set.of(
            "rope_type",
            "type",
            "rope_theta",
            "partial_rotary_factor",
            "factor",
            "original_max_position_embeddings",
            "attention_factor",
            "beta_fast",
            "beta_slow",
            "mscale",
            "mscale_all_dim",
            "truncate",
            "low_freq_factor",
            "high_freq_factor",
            "short_factor",
            "long_factor",
            "finetuned");

    private RopeJson() {}

    /** The rotation of a model whose layers all rotate alike. */
    static RopeOptions read(JsonFields config, double defaultTheta) {
        double theta = config.number("rope_theta", defaultTheta);
        JsonFields scaling = config.object("rope_scaling");
        JsonFields parameters = scaling == null ? config.object("rope_parameters") : scaling;
        double share = config.number("partial_rotary_factor", 1);
        if (parameters == null) {
            return config.located(() -> new RopeOptions(theta, share, new RopeScaling.None()));
        }
        return read(config, parameters, theta, share);
    }

    /** The rotation that {@code parameters}, the value of a key in {@code config}, describe. */
    static RopeOptions read(JsonFields config, JsonFields parameters, double defaultTheta, double defaultShare) {
        for (String name : parameters.names()) {
            if (!KEYS.contains(name)) {
                throw parameters.error(name, "is not supported; supported rope types are " + TYPES);
            }
        }
        double theta = parameters.number("rope_theta", defaultTheta);
        double share = parameters.number("partial_rotary_factor", defaultShare);
        RopeScaling scaling = scaling(config, parameters);
        return parameters.located(() -> new RopeOptions(theta, share, scaling));
    }

    private static RopeScaling scaling(JsonFields config, JsonFields parameters) {
        String key = parameters.has("rope_type") ? "rope_type" : "type";
        String type = parameters.text(key, "default");
        boolean phi3 = config.text("model_type", "").equals(Family.PHI3.modelType());
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> {
                double factor = parameters.number("factor");
                yield parameters.located(() -> new RopeScaling.Linear(factor));
            }
            case "dynamic" -> {
                double factor = parameters.number("factor");
                int original = config.integer("max_position_embeddings");
                yield parameters.located(() -> new RopeScaling.DynamicNtk(factor, original));
            }
            case "yarn" -> phi3 ? longRope(config, parameters) : yarn(config, parameters);
            case "llama3" -> {
                double factor = parameters.number("factor");
                double low = parameters.number("low_freq_factor");
                double high = parameters.number("high_freq_factor");
                int original = originalContext(config, parameters);
                yield parameters.located(() -> new RopeScaling.Llama3(factor, low, high, original));
            }
            case "longrope", "su" -> longRope(config, parameters);
            default -> throw parameters.error(key, "is not supported; supported are " + TYPES);
        };
    }

    private static RopeScaling yarn(JsonFields config, JsonFields parameters) {
        int original = originalContext(config, parameters);
        double factor = parameters.number("factor", extension(config, original));
        double fast = parameters.number("beta_fast", 32);
        double slow = parameters.number("beta_slow", 1);
        boolean truncated = parameters.flag("truncate", true);
        double attention = parameters.number("attention_factor", yarnAttentionFactor(parameters, factor));
        return parameters.located(() -> new RopeScaling.Yarn(factor, original, fast, slow, truncated, attention));
    }

    private static double yarnAttentionFactor(JsonFields parameters, double factor) {
        double scale = parameters.number("mscale", 0);
        double scaleOfAll = parameters.number("mscale_all_dim", 0);
        double logarithm = RopeScaling.Yarn.suggestedAttentionFactor(factor) - 1;
        return scale == 0 || scaleOfAll == 0 ? 1 + logarithm : (1 + scale * logarithm) / (1 + scaleOfAll * logarithm);
    }

    private static RopeScaling longRope(JsonFields config, JsonFields parameters) {
        int original = originalContext(config, parameters);
        double factor = parameters.number("factor", extension(config, original));
        double attention =
                parameters.number("attention_factor", RopeScaling.LongRope.suggestedAttentionFactor(factor, original));
        List<Double> shortFactors = parameters.numbers("short_factor");
        List<Double> longFactors = parameters.numbers("long_factor");
        return parameters.located(() -> new RopeScaling.LongRope(original, shortFactors, longFactors, attention));
    }

    /** Phi-3 keeps it outside of the rope's own object. */
    private static int originalContext(JsonFields config, JsonFields parameters) {
        String key = "original_max_position_embeddings";
        if (config.text("model_type", "").equals(Family.PHI3.modelType())) {
            return config.integer(key, 4096);
        }
        return parameters.integer(key, config.integer(key, config.integer("max_position_embeddings")));
    }

    private static double extension(JsonFields config, int original) {
        return (double) config.integer("max_position_embeddings") / original;
    }

    /** How many positions a model reads: dynamic and YaRN scaling may leave the original number in the file. */
    static int context(JsonFields config, RopeOptions rope) {
        int stated = config.integer("max_position_embeddings");
        double extended = switch (rope.scaling()) {
            case RopeScaling.DynamicNtk dynamic -> dynamic.factor() * dynamic.originalContext();
            case RopeScaling.Yarn yarn -> yarn.factor() * yarn.originalContext();
            default -> stated;
        };
        return Math.max(stated, (int) Math.min(Math.round(extended), Integer.MAX_VALUE));
    }

    /** Writes the rotation in the form that every version of transformers reads. */
    static void write(ObjectNode config, RopeOptions rope) {
        config.put("rope_theta", rope.theta());
        if (rope.rotatedShare() != 1) {
            config.put("partial_rotary_factor", rope.rotatedShare());
        }
        switch (rope.scaling()) {
            case RopeScaling.None none -> {}
            case RopeScaling.Linear linear -> scaling(config, "linear").put("factor", linear.factor());
            case RopeScaling.DynamicNtk dynamic -> {
                config.put("max_position_embeddings", dynamic.originalContext());
                scaling(config, "dynamic").put("factor", dynamic.factor());
            }
            case RopeScaling.Yarn yarn ->
                scaling(config, "yarn")
                        .put("factor", yarn.factor())
                        .put("original_max_position_embeddings", yarn.originalContext())
                        .put("beta_fast", yarn.betaFast())
                        .put("beta_slow", yarn.betaSlow())
                        .put("truncate", yarn.truncated())
                        .put("attention_factor", yarn.attentionFactor());
            case RopeScaling.Llama3 llama3 ->
                scaling(config, "llama3")
                        .put("factor", llama3.factor())
                        .put("low_freq_factor", llama3.lowFrequencyFactor())
                        .put("high_freq_factor", llama3.highFrequencyFactor())
                        .put("original_max_position_embeddings", llama3.originalContext());
            case RopeScaling.LongRope longRope -> write(config, longRope);
        }
    }

    private static void write(ObjectNode config, RopeScaling.LongRope rope) {
        config.put("original_max_position_embeddings", rope.originalContext());
        ObjectNode scaling = scaling(config, "longrope")
                .put("original_max_position_embeddings", rope.originalContext())
                .put("attention_factor", rope.attentionFactor());
        ArrayNode shortFactors = scaling.putArray("short_factor");
        rope.shortFactors().forEach(shortFactors::add);
        ArrayNode longFactors = scaling.putArray("long_factor");
        rope.longFactors().forEach(longFactors::add);
    }

    private static ObjectNode scaling(ObjectNode config, String type) {
        return config.putObject("rope_scaling").put("rope_type", type);
    }
}
