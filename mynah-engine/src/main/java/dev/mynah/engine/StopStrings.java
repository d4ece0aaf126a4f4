package dev.mynah.engine;

import java.util.List;

/** Lets text through until a stop string appears in it, and holds back what might be the beginning of one. For one text. */
final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /** The text that is certain to come before any stop string, now that {@code text} follows. */
    String feed(String text) {
        if (found) {
            return "";
        }
        held.append(text);
        int stop = firstStop();
        if (stop >= 0) {
            found = true;
            return release(stop);
        }
        int beginning = 0;
        while (!mayBeStopFrom(beginning)) {
            beginning++;
        }
        return release(beginning);
    }

    /** What is still held back, when no more text follows. */
    String flush() {
        return found ? "" : release(held.length());
    }

    /** Whether a stop string has appeared. */
    boolean found() {
        return found;
    }

    private int firstStop() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        return first;
    }

    /** Whether a stop string begins with all that is held from {@code at} on; true of nothing. */
    private boolean mayBeStopFrom(int at) {
        if (at == held.length()) {
            return true;
        }
        String rest = held.substring(at);
        return stops.stream().anyMatch(stop -> stop.startsWith(rest));
    }

    private String release(int end) {
        String text = held.substring(0, end);
        held.delete(0, end);
        return text;
    }
}
