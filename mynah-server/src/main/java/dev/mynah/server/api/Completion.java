package dev.mynah.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mynah.server.provider.TokenScore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The response of {@code POST /v1/completions}, and each event of a streamed one.
 *
 * @param usage       in a stream where it was asked for: null in all events but the last, which has no choices; else absent
 * @param aiGenerated always
 */
record Completion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode usage,
        boolean aiGenerated) {
    static final String OBJECT = "text_completion";

    record Choice(
            int index,
            String text,
            @Nullable LogProbs logprobs,
            @Nullable String finishReason) {}

    /** Log-probabilities in columns; offsets count characters from the beginning of the text. */
    record LogProbs(
            List<String> tokens,
            List<Double> tokenLogprobs,
            List<Map<String, Double>> topLogprobs,
            List<Integer> textOffset) {

        /** @param offset where the first token's text begins */
        static LogProbs of(List<TokenScore> scores, int offset) {
            List<String> tokens = new ArrayList<>();
            List<Double> logProbs = new ArrayList<>();
            List<Map<String, Double>> top = new ArrayList<>();
            List<Integer> offsets = new ArrayList<>();
            int at = offset;
            for (TokenScore score : scores) {
                tokens.add(score.token().text());
                logProbs.add(score.token().logProb());
                Map<String, Double> others = new LinkedHashMap<>();
                score.top().forEach(other -> others.put(other.text(), other.logProb()));
                top.add(others);
                offsets.add(at);
                at += score.token().text().length();
            }
            return new LogProbs(tokens, logProbs, top, offsets);
        }
    }
}
