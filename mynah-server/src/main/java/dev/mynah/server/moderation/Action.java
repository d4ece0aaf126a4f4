package dev.mynah.server.moderation;

import java.util.Arrays;
import java.util.Locale;

/** What is done about a finding, from the mildest on. */
public enum Action {
    /** Nothing: it is not even looked for. */
    ALLOW,
    /** The text passes, and the finding is put before the operators. */
    WARN,
    /** The place found is covered with asterisks. */
    MASK,
    /** The text is not processed, or cut before the place; a polite sentence says so. */
    REFUSE,
    /** As {@link #REFUSE}, and an alarm is raised. */
    ALERT;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static Action of(String id) {
        return Arrays.stream(values())
                .filter(action -> action.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "action \"" + id + "\" is none of allow, warn, mask, refuse, alert"));
    }

    /** Whether the text ends before the place. */
    boolean refuses() {
        return compareTo(REFUSE) >= 0;
    }
}
