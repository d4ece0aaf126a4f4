package dev.mynah.text;

import java.util.List;
import java.util.Map;

/**
 * Everything that decides the ids of a {@link WordPieceTokenizer}.
 *
 * @param ids         of the tokens; those that go on within a word begin with {@code prefix}
 * @param unknownId   of a word that no tokens make up
 * @param longestWord characters of the longest word that is looked up; a longer one is unknown
 * @param addedTokens tokens that are found in the text as it came
 * @param before      ids put before a sequence
 * @param after       ids put after it
 */
record WordPieceSpec(
        BertNormalizer normalizer,
        Map<String, Integer> ids,
        String prefix,
        int unknownId,
        int longestWord,
        List<AddedToken> addedTokens,
        List<Integer> before,
        List<Integer> after) {}
