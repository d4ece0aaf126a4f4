package dev.mynah.server.api;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.server.answer.SamplingKeys;
import dev.mynah.server.web.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** The parameters that say how tokens are chosen, which chat completions and completions share. */
final class SamplingParameters {
    private static final int MAX_CHOICES = 16;
    private static final int MAX_TOP_K = 1 << 20;
    private static final double MAX_BIAS = 100;

    private SamplingParameters() {}

    /** How many answers to each prompt. */
    static int choices(JsonObject body) {
        return body.integer("n", 1, MAX_CHOICES).orElse(1);
    }

    /**
     * Reads them.
     *
     * @param model       what holds where the body says nothing
     * @param maxTokens   the most tokens of a choice, or empty for what the context has room for
     * @param topLogProbs alternatives to report, or -1 for no log-probabilities
     */
    static SamplingOptions read(JsonObject body, SamplingDefaults model, OptionalInt maxTokens, int topLogProbs) {
        OptionalLong seed = SamplingKeys.seed(body);
        SamplingOptions.Builder options = SamplingOptions.builder(model);
        SamplingKeys.temperature(body).ifPresent(options::temperature);
        // 0 is allowed there and means the most probable token alone.
        body.number("top_p", 0, 1).ifPresent(p -> options.topP(p == 0 ? Double.MIN_NORMAL : p));
        body.integer("top_k", 0, MAX_TOP_K).ifPresent(options::topK);
        body.number("min_p", 0, 1).ifPresent(options::minP);
        body.number("repetition_penalty", 0.01, 100).ifPresent(options::repetitionPenalty);
        return options.maxTokens(maxTokens.orElse(Integer.MAX_VALUE))
                .frequencyPenalty(SamplingKeys.frequencyPenalty(body))
                .presencePenalty(SamplingKeys.presencePenalty(body))
                .logitBias(logitBias(body))
                .seed(
                        seed.isPresent()
                                ? seed.getAsLong()
                                : RandomGenerator.getDefault().nextLong())
                .stop(SamplingKeys.stop(body))
                .topLogProbs(topLogProbs)
                .build();
    }

    private static Map<Integer, Double> logitBias(JsonObject body) {
        Map<Integer, Double> biases = new HashMap<>();
        body.object("logit_bias").ifPresent(map -> {
            for (String token : map.keys()) {
                if (!token.matches("[0-9]{1,9}")) {
                    throw body.invalid("logit_bias", "\"" + token + "\" is not a token id");
                }
                map.number(token, -MAX_BIAS, MAX_BIAS).ifPresent(bias -> biases.put(Integer.valueOf(token), bias));
            }
        });
        return biases;
    }

    /** Whether the answer streams, and whether its usage comes last. */
    record Streaming(boolean on, boolean includeUsage) {
        static Streaming read(JsonObject body) {
            return on(body, true);
        }

        /** @param usage whether there is a choice of it; the events of a response always tell it */
        static Streaming on(JsonObject body, boolean usage) {
            boolean on = body.bool("stream").orElse(false);
            boolean includeUsage = body.object("stream_options")
                    .map(options -> {
                        if (!on) {
                            throw body.invalid("stream_options", "it is allowed only when 'stream' is true");
                        }
                        boolean include = usage && options.bool("include_usage").orElse(false);
                        options.ignore("include_obfuscation");
                        options.finish();
                        return include;
                    })
                    .orElse(false);
            return new Streaming(on, includeUsage);
        }
    }
}
