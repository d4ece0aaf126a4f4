package dev.mynah.server.moderation;

import java.util.function.Consumer;
import java.util.regex.Matcher;

/** Finds one pattern in a text that comes piece by piece. A place is decided as soon as nothing that follows could change it. */
final class PatternScanner {
    private final DataPattern pattern;
    private final CharSequence text;
    private final Matcher matcher;
    private final Consumer<Finding> sink;
    private int next;

    /** @param text what has come, which grows */
    PatternScanner(DataPattern pattern, CharSequence text, Consumer<Finding> sink) {
        this.pattern = pattern;
        this.text = text;
        this.sink = sink;
        matcher = pattern.shape().matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
    }

    /** Looks as far as it can; to the end if nothing follows. */
    @SuppressWarnings("JdkObsolete") // what follows could change the result just where the matcher looked for it
    void scan(boolean last) {
        int end = text.length();
        while (next < end) {
            if (!mayBegin(next)) {
                next++;
                continue;
            }
            boolean matches = matcher.region(next, end).lookingAt();
            if (matcher.hitEnd() && !last) {
                return;
            }
            if (matches && pattern.accepts(matcher.group())) {
                sink.accept(new Finding(pattern.category(), next, matcher.end()));
                next = matcher.end();
            } else {
                next++;
            }
        }
    }

    /** Nothing begins within a word, or with a sign other than those two. */
    private boolean mayBegin(int at) {
        char c = text.charAt(at);
        return (isAlphanumeric(c) || c == '+' || c == '(') && (at == 0 || !isAlphanumeric(text.charAt(at - 1)));
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Where the next one may begin. */
    int undecided() {
        return next;
    }
}
