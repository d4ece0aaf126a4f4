package dev.mynah.server.answer;

import dev.mynah.server.web.JsonObject;
import java.util.List;

/** The texts before which an answer ends, key {@code stop} of a body. */
public final class StopStrings {
    private static final int MOST = 4;

    private StopStrings() {}

    /** Reads one text or an array of them. */
    public static List<String> read(JsonObject body) {
        List<String> stop = body.strings("stop");
        if (stop.size() > MOST) {
            throw body.invalid("stop", "at most " + MOST + " stop strings are allowed, not " + stop.size());
        }
        if (stop.contains("")) {
            throw body.invalid("stop", "a stop string must not be empty");
        }
        return stop;
    }
}
