package dev.mynah.engine;

import java.util.List;

/**
 * What a model wrote after a prompt.
 *
 * @param text     the text without special tokens, up to a stop string
 * @param tokens   every token generated, the one that ended the text included
 * @param logProbs one entry a token, or none where they were not asked for
 */
public record Generation(
        String text, List<Integer> tokens, List<TokenLogProb> logProbs, FinishReason finishReason, Usage usage) {

    public Generation {
        tokens = List.copyOf(tokens);
        logProbs = List.copyOf(logProbs);
    }
}
