package dev.mynah.engine;

/** What one text must look like, token by token: JSON, a regular expression, a choice. For one thread. */
public interface TokenConstraint {

    /**
     * Forbids tokens.
     *
     * @param logits {@code [vocabSize]}; those of tokens that must not come next are set to negative infinity, those of the tokens that end a text included where it is not complete
     */
    void mask(float[] logits);

    /** Takes the next token, which the mask allowed. */
    void accept(int token);

    /** Whether the text is complete and nothing may follow: generation ends. */
    boolean complete();
}
