package dev.mynah.server.api;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.api.SamplingParameters.Streaming;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.web.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

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

    static CompletionRequest read(JsonObject body) {
        String model = body.requiredString("model");
        List<Prompt> prompts = prompts(body);
        OptionalInt maxTokens =
                OptionalInt.of(body.integer("max_tokens", 1, Integer.MAX_VALUE).orElse(DEFAULT_MAX_TOKENS));
        int logProbs = body.integer("logprobs", 0, MAX_LOG_PROBS).orElse(-1);
        int choices = SamplingParameters.choices(body);
        SamplingOptions sampling = SamplingParameters.read(body, maxTokens, logProbs);
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
        if (!body.string("suffix").orElse("").isEmpty()) {
            throw body.invalid("suffix", "this model cannot fill in before a suffix");
        }
    }

    /** A string, an array of strings, an array of token ids, or an array of such arrays. */
    private static List<Prompt> prompts(JsonObject body) {
        JsonNode prompt = body.value("prompt").orElseThrow(() -> body.missing("prompt"));
        List<Prompt> prompts = new ArrayList<>();
        if (prompt.isArray() && !prompt.isEmpty() && prompt.get(0).isNumber()) {
            prompts.add(tokens(body, prompt));
        } else if (prompt.isArray() && !prompt.isEmpty() && prompt.get(0).isArray()) {
            prompt.forEach(ids -> prompts.add(tokens(body, ids)));
        } else {
            body.strings("prompt").forEach(text -> prompts.add(new Prompt.Text(text)));
        }
        if (prompts.isEmpty() || prompts.size() > MAX_PROMPTS) {
            throw body.invalid("prompt", "it must have 1 to " + MAX_PROMPTS + " prompts, not " + prompts.size());
        }
        return prompts;
    }

    private static Prompt tokens(JsonObject body, JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : array) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw body.invalid("prompt", "a prompt of token ids must hold nothing but such, unlike " + id);
            }
            ids.add(id.intValue());
        }
        return new Prompt.Tokens(ids);
    }
}
