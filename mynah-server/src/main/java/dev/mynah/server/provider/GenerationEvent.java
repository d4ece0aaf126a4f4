package dev.mynah.server.provider;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.Usage;
import dev.mynah.text.chat.ToolCall;
import org.jspecify.annotations.Nullable;

/** What happens to one choice of a generation: any number of tokens and calls, then exactly one end. */
public sealed interface GenerationEvent {

    /** Which of the choices, from 0. */
    int choice();

    /**
     * Something was generated.
     *
     * @param text   what may be shown now, perhaps nothing yet
     * @param tokens how many tokens it took, usually one
     */
    record Token(
            int choice, String text, int tokens, @Nullable TokenScore score) implements GenerationEvent {}

    /** The model calls a tool; the tokens of a call are counted as they come. */
    record Call(int choice, ToolCall call) implements GenerationEvent {}

    /**
     * The choice is complete.
     *
     * @param text  what was held back until now
     * @param usage its cached tokens add up over the choices
     */
    record End(int choice, String text, FinishReason reason, Usage usage) implements GenerationEvent {}

    /** The model failed. */
    record Failure(int choice, RuntimeException cause, Usage usage) implements GenerationEvent {}
}
