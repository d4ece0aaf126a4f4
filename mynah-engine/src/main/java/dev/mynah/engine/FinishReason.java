package dev.mynah.engine;

import java.util.Locale;

/** Why generation ended. */
public enum FinishReason {
    /** The model ended its text, or a stop string appeared. */
    STOP,
    /** The most tokens asked for were generated, or the model's context is full; constrained output was brought to its end in time. */
    LENGTH,
    /** Whoever asked for it no longer wants it. */
    CANCELLED,
    /** Its deadline passed. */
    DEADLINE,
    /** Whoever serves the model cut it off, for what it said or was asked. */
    CONTENT_FILTER;

    /** The name in the OpenAI API and in what commands print: {@code stop} or {@code length}, and the like for the others. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
