package dev.mynah.engine;

import java.util.Locale;

/** Why generation ended. */
public enum FinishReason {
    /** The model ended its text, or a stop string appeared. */
    STOP,
    /** The most tokens asked for were generated, or the model's context is full. */
    LENGTH;

    /** The name in the OpenAI API and in what commands print: {@code stop} or {@code length}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
