package dev.mynah.engine.constrain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A set of byte strings. */
sealed interface Pattern {

    /** The empty text. */
    Pattern EMPTY = new Sequence(List.of());

    /** No text at all. */
    Pattern NOTHING = new Choice(List.of());

    /** One byte, from {@code low} to {@code high}. */
    record Bytes(int low, int high) implements Pattern {}

    record Sequence(List<Pattern> parts) implements Pattern {}

    record Choice(List<Pattern> options) implements Pattern {}

    /** {@code min} to {@code max} times; {@code max} -1 for any number. */
    record Repeat(Pattern part, int min, int max) implements Pattern {}

    /** What the rule of this name in the grammar holds. */
    record Reference(String rule) implements Pattern {}

    static Pattern literal(String text) {
        List<Pattern> bytes = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(new Bytes(b & 0xFF, b & 0xFF));
        }
        return new Sequence(bytes);
    }

    static Pattern sequence(Pattern... parts) {
        return new Sequence(List.of(parts));
    }

    static Pattern choice(Pattern... options) {
        return new Choice(List.of(options));
    }

    static Pattern optional(Pattern part) {
        return new Repeat(part, 0, 1);
    }

    static Pattern any(Pattern part) {
        return new Repeat(part, 0, -1);
    }
}
