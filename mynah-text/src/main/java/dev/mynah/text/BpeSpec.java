package dev.mynah.text;

import java.util.List;

/**
 * What a tokenizer file says, checked: every merge joins two tokens of the vocabulary into a third, every byte has a
 * token, no id is given twice.
 *
 * @param nfc whether text is brought into Unicode normalization form C first
 * @param addPrefixSpace whether a space is put before text that does not begin with one
 * @param ignoreMerges whether a piece that is a token as a whole becomes that token, whatever the merges say
 * @param vocabulary tokens by id, written in the {@link ByteAlphabet}; empty where an id has none or belongs to an
 *     added token only
 * @param merges in order of rank, the first merged first
 * @param before ids put before a sequence by the post-processor
 * @param after ids put after a sequence by the post-processor
 */
record BpeSpec(
        boolean nfc,
        Pretokenizer pretokenizer,
        boolean addPrefixSpace,
        boolean ignoreMerges,
        List<String> vocabulary,
        List<Merge> merges,
        List<AddedToken> addedTokens,
        List<Integer> before,
        List<Integer> after) {

    /** The ids of two tokens, and of the token that they form. */
    record Merge(int left, int right, int result) {}

    BpeSpec {
        vocabulary = List.copyOf(vocabulary);
        merges = List.copyOf(merges);
        addedTokens = List.copyOf(addedTokens);
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** The same with other ids put before a sequence. */
    BpeSpec withBefore(List<Integer> ids) {
        return new BpeSpec(
                nfc, pretokenizer, addPrefixSpace, ignoreMerges, vocabulary, merges, addedTokens, ids, after);
    }

    /** The same with other added tokens. */
    BpeSpec withAddedTokens(List<AddedToken> tokens) {
        return new BpeSpec(nfc, pretokenizer, addPrefixSpace, ignoreMerges, vocabulary, merges, tokens, before, after);
    }
}
