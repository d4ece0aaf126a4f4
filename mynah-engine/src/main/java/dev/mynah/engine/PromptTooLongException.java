package dev.mynah.engine;

/** A prompt that does not fit into the model's context. */
public final class PromptTooLongException extends IllegalArgumentException {
    private final int promptTokens;
    private final int context;

    public PromptTooLongException(int promptTokens, int context) {
        super("the prompt has " + promptTokens + " tokens, but the model's context holds " + context);
        this.promptTokens = promptTokens;
        this.context = context;
    }

    public int promptTokens() {
        return promptTokens;
    }

    public int context() {
        return context;
    }
}
