package dev.mynah.server.labelling;

import java.time.Instant;
import java.util.Locale;

/**
 * Tasks of one kind, with guidelines for those who do them.
 *
 * @param guidelines    Markdown
 * @param labelsPerTask how many people do each task
 */
record Queue(String id, String name, Kind kind, String guidelines, int labelsPerTask, Instant createdAt) {

    /** What is done. */
    enum Kind {
        /** Putting answers in order. */
        RANKING,
        /** Writing an answer. */
        DEMONSTRATION;

        static Kind of(String id) {
            return valueOf(id.toUpperCase(Locale.ROOT));
        }

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
