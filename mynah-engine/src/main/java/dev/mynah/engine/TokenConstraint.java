package dev.mynah.engine;

/** What one text must look like, token by token: JSON, a regular expression, a choice. For one thread. */
public interface TokenConstraint {

    /**
     * Forbids tokens.
     *
     * @param logits {@code [vocabSize]}; those of tokens that must not come next are set to negative infinity, those of the tokens that end a text included where it is not complete
     * @param left   how many tokens may still be written, this one included: tokens after which the text could not be brought to its end with the others are forbidden too, unless no token could do that
     */
    void mask(float[] logits, int left);

    /** Takes the next token, which the mask allowed. */
    void accept(int token);

    /** Whether the text is complete and nothing may follow: generation ends. */
    boolean complete();

    /** Whether the likeliest token was ever forbidden for want of tokens: the text is not what the model would have written, given more. */
    boolean cutShort();
}
