package dev.mynah.train.poet;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The verses of a poem, without punctuation.
 *
 * @param lines one verse each, never empty
 */
public record Poem(List<String> lines) {
    private static final Pattern LINE_END = Pattern.compile("[，。！？；、：,.!?;:\\s]+");
    private static final String VERSE_ENDS = "，。！？；";

    public Poem {
        lines = List.copyOf(lines);
    }

    /** Reads a text of nothing but verses, each ended by a punctuation mark or the end of a line. */
    public static Poem of(String text) {
        return new Poem(Arrays.stream(LINE_END.split(text))
                .filter(line -> !line.isEmpty())
                .toList());
    }

    /** Whether the last verse of a text that is being written stands there whole. */
    static boolean endsVerse(String text) {
        return !text.isEmpty() && VERSE_ENDS.indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    /** Whether each verse has that many characters, all of them Chinese. */
    boolean hasLinesOf(int characters) {
        return lines.stream()
                .allMatch(line -> line.codePointCount(0, line.length()) == characters
                        && line.codePoints().allMatch(Character::isIdeographic));
    }

    boolean hasRepeatedLine() {
        return new HashSet<>(lines).size() < lines.size();
    }

    /** Whether no character stands in it more than twice. */
    boolean isVaried() {
        Map<Integer, Integer> counts = new HashMap<>();
        lines.forEach(line -> line.codePoints().forEach(character -> counts.merge(character, 1, Integer::sum)));
        return counts.values().stream().allMatch(count -> count <= 2);
    }

    /** The last characters of the second, fourth, ... verse, which rhyme in a regulated poem. */
    List<Integer> rhymingCharacters() {
        return IntStream.range(0, lines.size())
                .filter(i -> i % 2 == 1)
                .mapToObj(lines::get)
                .map(line -> line.codePointBefore(line.length()))
                .toList();
    }

    /** The verses in couplets, one a line, punctuated. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean closes = i % 2 == 1;
            text.append(lines.get(i)).append(closes ? "。" : "，");
            if (closes && i + 1 < lines.size()) {
                text.append('\n');
            }
        }
        return text.toString();
    }

    /** Its characters, and the pairs of them with which the halves of its verses begin: what a poem can be said to be about; in the order in which they stand. */
    Set<String> words() {
        Set<String> words = new LinkedHashSet<>();
        for (String line : lines) {
            int[] characters = line.codePoints().toArray();
            for (int i = 0; i < characters.length; i++) {
                words.add(Character.toString(characters[i]));
                if ((i == 0 || i == 2) && i + 1 < characters.length) {
                    words.add(new String(characters, i, 2));
                }
            }
        }
        return words;
    }

    /** Whether a word stands in the first couplet. */
    boolean beginsWith(String word) {
        return lines.stream().limit(2).anyMatch(line -> line.contains(word));
    }

    boolean contains(String word) {
        return lines.stream().anyMatch(line -> line.contains(word));
    }

    /** Whether at least one of some words stands in it. */
    boolean containsAny(List<String> words) {
        return words.stream().anyMatch(this::contains);
    }
}
