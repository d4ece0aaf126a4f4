package dev.mynah.train.poet;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The verses of a poem, without punctuation.
 *
 * @param lines one verse each, never empty
 */
public record Poem(List<String> lines) {
    private static final Pattern LINE_END = Pattern.compile("[，。！？；、：,.!?;:\\s]+");

    public Poem {
        lines = List.copyOf(lines);
    }

    /** Reads a text of nothing but verses, each ended by a punctuation mark or the end of a line. */
    public static Poem of(String text) {
        return new Poem(Arrays.stream(LINE_END.split(text))
                .filter(line -> !line.isEmpty())
                .toList());
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

    boolean contains(String word) {
        return lines.stream().anyMatch(line -> line.contains(word));
    }
}
