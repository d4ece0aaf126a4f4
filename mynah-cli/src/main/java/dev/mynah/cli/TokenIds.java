package dev.mynah.cli;

import java.util.Arrays;

/** Token ids as people write them: numbers with commas or white space between them. */
final class TokenIds {
    private TokenIds() {}

    static int[] parse(String text) {
        String[] words = text.strip().split("[\\s,]+");
        return Arrays.stream(words)
                .filter(word -> !word.isEmpty())
                .mapToInt(TokenIds::id)
                .toArray();
    }

    private static int id(String word) {
        if (!word.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("\"" + word + "\" is not a token id; ids are numbers such as 1,300,301");
        }
        return Integer.parseInt(word);
    }
}
