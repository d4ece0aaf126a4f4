package dev.mynah.server.moderation;

import java.util.Locale;

/** Who says a text. */
enum Direction {
    /** Whoever asks. */
    INPUT,
    /** A model. */
    OUTPUT;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
