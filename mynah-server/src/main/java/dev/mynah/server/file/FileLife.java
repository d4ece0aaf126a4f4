package dev.mynah.server.file;

import dev.mynah.server.web.JsonObject;
import java.time.Duration;

/** How long a file is kept, key {@code expires_after}: counted from when it is made. */
public final class FileLife {
    static final String ANCHOR = "created_at";
    static final int LEAST = 3_600;
    static final int LONGEST = 2_592_000;

    private FileLife() {}

    /** Reads an object with {@code anchor} and {@code seconds}. */
    public static Duration read(JsonObject after) {
        if (!after.requiredString("anchor").equals(ANCHOR)) {
            throw after.invalid("anchor", "it must be " + ANCHOR);
        }
        int seconds = after.integer("seconds", LEAST, LONGEST).orElseThrow(() -> after.missing("seconds"));
        after.finish();
        return Duration.ofSeconds(seconds);
    }
}
