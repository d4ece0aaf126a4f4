package dev.mynah.server.api;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.server.api.SamplingParameters.Streaming;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.web.JsonObject;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The body of {@code POST /v1/completions}.
 *
 * @param echo whether each text begins with its prompt
 */
record CompletionRequest(
        String model, List<Prompt> prompts, SamplingOptions sampling, int choices, boolean echo, Streaming streaming) {
    private static final int DEFAULT_MAX_TOKENS = 16;
    private static final int MAX_PROMPTS = 64;
    private static final int MAX_LOG_PROBS = 5;

    /** @param defaults how a model asks to be sampled, by its name */
    static CompletionRequest read(JsonObject body, Function<String, SamplingDefaults> defaults) {
        String model = body.requiredString("model");
        List<Prompt> prompts =
                before(body, body.string("suffix").orElse(""), PromptParameters.read(body, "prompt", MAX_PROMPTS));
        OptionalInt maxTokens =
                OptionalInt.of(body.integer("max_tokens", 1, Integer.MAX_VALUE).orElse(DEFAULT_MAX_TOKENS));
        int logProbs = body.integer("logprobs", 0, MAX_LOG_PROBS).orElse(-1);
        int choices = SamplingParameters.choices(body);
        SamplingOptions sampling = SamplingParameters.read(body, defaults.apply(model), maxTokens, logProbs);
        boolean echo = body.bool("echo").orElse(false);
        requireSupported(body, choices, echo, logProbs);
        Streaming streaming = Streaming.read(body);
        body.ignore("user");
        body.finish();
        return new CompletionRequest(model, prompts, sampling, choices, echo, streaming);
    }

    private static void requireSupported(JsonObject body, int choices, boolean echo, int logProbs) {
        int bestOf = body.integer("best_of", 1, Integer.MAX_VALUE).orElse(choices);
        if (bestOf != choices) {
            throw body.invalid("best_of", "it must be the same as 'n', " + choices + ", not " + bestOf);
        }
        if (echo && logProbs >= 0) {
            throw body.invalid("echo", "it is not supported together with 'logprobs'");
        }
    }

    /** With the text that is to follow the answers, where there is one. */
    private static List<Prompt> before(JsonObject body, String suffix, List<Prompt> prompts) {
        if (suffix.isEmpty()) {
            return prompts;
        }
        return prompts.stream()
                .map(prompt -> {
                    if (prompt instanceof Prompt.Text text) {
                        return (Prompt) new Prompt.Gap(text.text(), suffix);
                    }
                    throw body.invalid("suffix", "it is supported only with prompts that are text");
                })
                .toList();
    }
}
