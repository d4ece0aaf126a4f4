package dev.mynah.text.chat;

import java.util.List;

/**
 * How models that Mynah trains read conversations: each message stands between two special tokens, after its role's
 * name. A training stage adds {@link #SPECIAL_TOKENS} to the tokenizer, names {@link #TURN_END} as the token that ends
 * a text, and writes {@link #template()} into the model's folder.
 */
public final class MynahChat {

    /** Begins a message. */
    public static final String TURN_BEGIN = "<|im_start|>";

    /** Ends a message, and an answer. */
    public static final String TURN_END = "<|im_end|>";

    /** What the tokenizer must have. */
    public static final List<String> SPECIAL_TOKENS = List.of(TURN_BEGIN, TURN_END);

    private MynahChat() {}

    /** The Jinja template, for {@code chat_template}; it marks what the assistant writes as {@code generation}. */
    public static String template() {
        return ChatTemplate.resource("mynah.jinja");
    }
}
