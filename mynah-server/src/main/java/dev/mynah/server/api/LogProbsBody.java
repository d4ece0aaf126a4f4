package dev.mynah.server.api;

import dev.mynah.server.provider.TokenScore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Log-probabilities of a chat completion's tokens. */
record LogProbsBody(List<Entry> content, @Nullable String refusal) {

    record Entry(String token, double logprob, List<Integer> bytes, List<Alternative> topLogprobs) {}

    record Alternative(String token, double logprob, List<Integer> bytes) {}

    static LogProbsBody of(List<TokenScore> scores) {
        return new LogProbsBody(scores.stream().map(LogProbsBody::entry).toList(), null);
    }

    private static Entry entry(TokenScore score) {
        List<Alternative> top = score.top().stream()
                .map(other -> new Alternative(other.text(), other.logProb(), other.bytes()))
                .toList();
        return new Entry(
                score.token().text(), score.token().logProb(), score.token().bytes(), top);
    }
}
