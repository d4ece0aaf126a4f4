package dev.mynah.server.api;

import dev.mynah.server.billing.TokenCounts;

/** Tokens used, as responses report them: what is charged, to the token. */
record UsageBody(int promptTokens, int completionTokens, int totalTokens, PromptDetails promptTokensDetails) {

    record PromptDetails(int cachedTokens) {}

    static UsageBody of(TokenCounts counts) {
        return new UsageBody(
                counts.prompt(),
                counts.completion(),
                Math.toIntExact(counts.total()),
                new PromptDetails(counts.cached()));
    }
}
