package dev.mynah.text;

import java.util.function.UnaryOperator;

/**
 * Text whose every character knows who wrote it, so that a conversation can be encoded without anybody outside being
 * able to write a special token. Two are equal where their characters are, whoever wrote them.
 */
public final class MarkedText {

    /** Who wrote a character, from the most trusted to the least. */
    public enum Origin {
        /** The program or the model's own template: added tokens of every kind are found. */
        PROGRAM("0"),
        /** An answer of the model: added tokens are found where they are not special, such as {@code <think>}. */
        MODEL("1"),
        /** Anybody else: no added token is found. */
        OUTSIDE("2");

        private final String mark;

        Origin(String mark) {
            this.mark = mark;
        }

        private static Origin of(char mark) {
            return switch (mark) {
                case '0' -> PROGRAM;
                case '1' -> MODEL;
                default -> OUTSIDE;
            };
        }
    }

    /** No characters. */
    public static final MarkedText EMPTY = new MarkedText("", "");

    private final String text;
    /** One char for each of the text: its origin's mark, larger for less trusted. */
    private final String marks;

    private MarkedText(String text, String marks) {
        this.text = text;
        this.marks = marks;
    }

    /** All of {@code text} written by {@code origin}. */
    public static MarkedText of(String text, Origin origin) {
        return new MarkedText(text, origin.mark.repeat(text.length()));
    }

    /** The characters. */
    public String text() {
        return text;
    }

    /** Number of UTF-16 units. */
    public int length() {
        return text.length();
    }

    private Origin origin(int index) {
        return Origin.of(marks.charAt(index));
    }

    /** The least trusted that wrote a part of {@code [begin, end)}, which is not empty. */
    Origin leastTrusted(int begin, int end) {
        char most = '0';
        for (int i = begin; i < end; i++) {
            most = (char) Math.max(most, marks.charAt(i));
        }
        return Origin.of(most);
    }

    private int runEnd(int begin) {
        int end = begin + 1;
        while (end < marks.length() && marks.charAt(end) == marks.charAt(begin)) {
            end++;
        }
        return end;
    }

    /** The part {@code [begin, end)}. */
    public MarkedText substring(int begin, int end) {
        return new MarkedText(text.substring(begin, end), marks.substring(begin, end));
    }

    /**
     * The text changed as a whole where that changes nothing, else the part of each origin on its own.
     */
    MarkedText map(UnaryOperator<String> change) {
        return change.apply(text).equals(text) ? this : mapParts(change);
    }

    /** {@code change} on each part of one origin. */
    public MarkedText mapParts(UnaryOperator<String> change) {
        Builder result = new Builder();
        int end;
        for (int begin = 0; begin < length(); begin = end) {
            end = runEnd(begin);
            result.append(change.apply(text.substring(begin, end)), origin(begin));
        }
        return result.build();
    }

    /** This text, then {@code next}. */
    public MarkedText plus(MarkedText next) {
        return new MarkedText(text + next.text, marks + next.marks);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MarkedText that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Puts texts together. */
    public static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder marks = new StringBuilder();

        /** Adds {@code part} at the end. */
        public Builder append(MarkedText part) {
            text.append(part.text);
            marks.append(part.marks);
            return this;
        }

        /** Adds {@code part}, written by {@code origin}, at the end. */
        public Builder append(String part, Origin origin) {
            text.append(part);
            marks.repeat(origin.mark, part.length());
            return this;
        }

        /** Number of UTF-16 units so far. */
        public int length() {
            return text.length();
        }

        /** What was added. */
        public MarkedText build() {
            return new MarkedText(text.toString(), marks.toString());
        }
    }
}
