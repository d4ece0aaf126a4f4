package dev.mynah.engine;

/**
 * Tokens read and written.
 *
 * @param cachedTokens how many of the prompt's tokens were in the cache already
 */
public record Usage(int promptTokens, int cachedTokens, int completionTokens) {

    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
