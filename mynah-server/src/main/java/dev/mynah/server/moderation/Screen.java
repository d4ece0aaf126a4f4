package dev.mynah.server.moderation;

import dev.mynah.text.classify.Passages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that is looked for in one direction, ready for any number of texts at once. */
final class Screen {
    private final Folding folding;
    private final Automaton automaton;
    private final int longest;
    private final List<DataPattern> patterns;
    private final @Nullable Learned learned;

    /**
     * @param categories those of which words and patterns are looked for
     * @param learned    what the classifier is asked about, where there is one
     */
    Screen(Folding folding, Stream<Lexicon.Word> words, Set<Category> categories, @Nullable Learned learned) {
        this.folding = folding;
        this.learned = learned;
        List<WordPattern> all = WordPattern.all(words.filter(word -> categories.contains(word.category())), folding);
        automaton = new Automaton(all);
        longest =
                all.stream().mapToInt(pattern -> pattern.text().length()).max().orElse(0);
        patterns = DataPattern.ALL.stream()
                .filter(pattern -> categories.contains(pattern.category()))
                .toList();
    }

    /** All that is found in a text, by its place. */
    List<Finding> findings(String text) {
        return findings(text, window());
    }

    /** All that is found in a text which was judged in its time: what operators were to see of it they have seen. */
    List<Finding> findingsAgain(String text) {
        return findings(text, new Window(learned != null && learned.holds() ? learned : null));
    }

    private static List<Finding> findings(String text, Window window) {
        window.append(text);
        window.finish();
        return window.findings();
    }

    Window window() {
        return new Window(learned);
    }

    /** A text that comes piece by piece. What begins before {@link #decided} is all found, whatever follows. */
    final class Window {
        private final StringBuilder text = new StringBuilder();
        // The same with full-width letters, digits and signs made plain, in the same places.
        private final StringBuilder plain = new StringBuilder();
        private final List<Finding> findings = new ArrayList<>();
        private final WordScanner words;
        private final List<PatternScanner> data;
        private final @Nullable Passages sentences;
        private final boolean holdsSentences;
        private int at;
        private boolean finished;

        private Window(@Nullable Learned learned) {
            Consumer<Finding> sink = findings::add;
            holdsSentences = learned != null && learned.holds();
            sentences = learned == null
                    ? null
                    : new Passages(
                            text, (from, start, end) -> learned.check(text.subSequence(from, end), start, end, sink));
            words = new WordScanner(automaton, longest, sink);
            data = patterns.stream()
                    .map(pattern -> new PatternScanner(pattern, plain, sink))
                    .toList();
        }

        void append(String more) {
            text.append(more);
            more.chars().forEach(c -> plain.append(plain((char) c)));
            scan();
        }

        private static char plain(char c) {
            boolean fullWidth = c >= '\uFF01' && c <= '\uFF5E';
            return fullWidth ? (char) (c - '\uFF01' + '!') : c == '\u3000' ? ' ' : c;
        }

        /** Says that nothing follows. */
        void finish() {
            finished = true;
            scan();
            words.finish();
        }

        private void scan() {
            // Half a character waits for its other half.
            int end = text.length();
            if (!finished && end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
                end--;
            }
            while (at < end) {
                int codePoint = text.codePointAt(at);
                int next = at + Character.charCount(codePoint);
                words.accept(codePoint, folding.of(codePoint), at, next);
                at = next;
            }
            data.forEach(scanner -> scanner.scan(finished));
            if (sentences != null) {
                sentences.scan(finished);
            }
        }

        /** How much of the text is decided. */
        int decided() {
            if (finished) {
                return text.length();
            }
            int decided = words.undecided(at);
            for (PatternScanner scanner : data) {
                decided = Math.min(decided, scanner.undecided());
            }
            if (sentences != null && holdsSentences) {
                decided = Math.min(decided, sentences.undecided());
            }
            return decided;
        }

        /** What was found until now, by its place. */
        List<Finding> findings() {
            if (findings.isEmpty()) {
                return List.of();
            }
            return findings.stream()
                    .sorted(Comparator.comparingInt(Finding::start)
                            .thenComparingInt(Finding::end)
                            .thenComparing(Finding::category))
                    .distinct()
                    .toList();
        }

        boolean isFinished() {
            return finished;
        }

        String text(int from, int to) {
            return text.substring(from, to);
        }

        int length() {
            return text.length();
        }
    }
}
