package dev.mynah.text.classify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Divides a text that comes piece by piece into passages: each sentence, with the sentences before it as far as they fit into {@link #LENGTH} characters; short sentences count as one. What a classifier of short texts is
 * trained on and what it is asked about is the same, whatever the length of the text. However the pieces are cut, the passages are the same.
 */
public final class Passages {
    /** The most characters of a passage, but for the second half of the last one; a longer sentence is divided. */
    public static final int LENGTH = 300;

    // Each is read again with those that follow, so that many short ones would take long.
    private static final int SHORTEST = 50;
    private static final String ENDS = "。！？；!?.\n";
    private static final String CLOSING = "”’」』）)\"'";

    private final CharSequence text;
    private final Sink sink;
    private final Deque<Integer> starts = new ArrayDeque<>();
    private int start;
    private int at;

    /** Takes a passage. */
    public interface Sink {
        /**
         * A sentence has come to its end.
         *
         * @param from  where the passage begins
         * @param start where its last sentence begins
         * @param end   where both end
         */
        void accept(int from, int start, int end);
    }

    /** @param text what has come, which grows */
    public Passages(CharSequence text, Sink sink) {
        this.text = text;
        this.sink = sink;
    }

    /** The passages of a whole text. */
    public static List<String> of(String text) {
        List<String> passages = new ArrayList<>();
        new Passages(text, (from, start, end) -> passages.add(text.substring(from, end))).scan(true);
        return passages;
    }

    /** Looks as far as it can; to the end if nothing follows. */
    public void scan(boolean last) {
        int end = text.length();
        skipSpace(end);
        while (at < end && (last || at + 1 < end)) {
            at++;
            if (at == end || endsAt(at)) {
                sentence(at);
                skipSpace(end);
            }
        }
    }

    /** What stands between sentences belongs to none. */
    private void skipSpace(int end) {
        while (at == start && at < end && Character.isWhitespace(text.charAt(at))) {
            at++;
            start++;
        }
    }

    /** Whether a sentence ends before the character at {@code next}. */
    private boolean endsAt(int next) {
        char before = text.charAt(next - 1);
        char after = text.charAt(next);
        if (next - start >= LENGTH) {
            return !Character.isLowSurrogate(after);
        }
        if (next - start < SHORTEST || ENDS.indexOf(after) >= 0 || CLOSING.indexOf(after) >= 0) {
            return false;
        }
        boolean closed = CLOSING.indexOf(before) >= 0;
        char last = closed ? text.charAt(next - 2) : before;
        return ENDS.indexOf(last) >= 0 && (last != '.' || Character.isWhitespace(after));
    }

    private void sentence(int end) {
        starts.addLast(start);
        while (end - starts.getFirst() > LENGTH && starts.size() > 1) {
            starts.removeFirst();
        }
        sink.accept(starts.getFirst(), start, end);
        start = end;
    }

    /** Where the sentence begins that has not come to its end. */
    public int undecided() {
        return start;
    }
}
