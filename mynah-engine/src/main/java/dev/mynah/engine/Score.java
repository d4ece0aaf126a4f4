package dev.mynah.engine;

/**
 * How well a model predicts a text.
 *
 * @param logLikelihood sum of the natural logarithms of the tokens' probabilities
 * @param tokens        tokens in that sum: all but the first, which nothing comes before
 * @param bytes         length of the text in UTF-8
 */
public record Score(double logLikelihood, int tokens, long bytes) {

    /** Bits that the model needs for a byte of the text: comparable across tokenizers. */
    public double bitsPerByte() {
        return -logLikelihood / Math.log(2) / bytes;
    }

    /** The exponential of the mean loss of a token. */
    public double perplexity() {
        return Math.exp(-logLikelihood / tokens);
    }
}
