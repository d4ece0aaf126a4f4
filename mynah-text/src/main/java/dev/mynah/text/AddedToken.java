package dev.mynah.text;

/**
 * A token that is found in the text before the rest is split into pieces.
 *
 * @param special left out when decoding for people, and plain text in {@link Tokenizer#encode}
 * @param lstrip whether it swallows the whitespace before it
 * @param rstrip whether it swallows the whitespace after it
 * @param singleWord whether it is found only where no word character touches it
 * @param normalized whether it is looked for in the normalized text rather than in the text as it came
 */
record AddedToken(
        int id,
        String content,
        boolean special,
        boolean lstrip,
        boolean rstrip,
        boolean singleWord,
        boolean normalized) {

    /** A special token as model families define theirs: no stripping, found anywhere. */
    static AddedToken special(int id, String content) {
        return new AddedToken(id, content, true, false, false, false, false);
    }
}
