package dev.mynah.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary as GGUF files hold it under {@code tokenizer.ggml}.
 *
 * @param source what errors call it
 * @param model kind of tokenizer: {@code gpt2} (byte-level) or {@code llama} (SentencePiece)
 * @param pre name of the pattern that cuts text into pieces, or null where none is named
 * @param tokens by id
 * @param scores by id, of {@code llama} only
 * @param types by id, see the constants; empty where all are normal
 * @param merges {@code "left right"}, of {@code gpt2} only
 * @param bosId the token that begins a sequence, or -1
 * @param eosId the token that ends a text, or -1
 * @param unknownId the token for what has none, or -1
 * @param addBos whether the first is put before every sequence; null for what is usual for the kind
 * @param addEos whether the second is put after every sequence; null for no
 * @param addSpacePrefix whether a space is put before text; null for what is usual for the kind
 * @param chatTemplate the Jinja template that writes a conversation as text, or null
 */
public record GgufVocabulary(
        String source,
        String model,
        @Nullable String pre,
        List<String> tokens,
        List<Float> scores,
        List<Integer> types,
        List<String> merges,
        int bosId,
        int eosId,
        int unknownId,
        @Nullable Boolean addBos,
        @Nullable Boolean addEos,
        @Nullable Boolean addSpacePrefix,
        @Nullable String chatTemplate) {

    public static final int NORMAL = 1;
    public static final int UNKNOWN = 2;
    public static final int CONTROL = 3;
    public static final int USER_DEFINED = 4;
    public static final int UNUSED = 5;
    public static final int BYTE = 6;

    /** Tokens that end an answer in every family that has them; many files name only one of several. */
    private static final Set<String> ENDS = Set.of(
            "<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|eom_id|>", "<end_of_turn>", "<|end|>", "<|endoftext|>");

    public GgufVocabulary {
        tokens = List.copyOf(tokens);
        scores = List.copyOf(scores);
        types = List.copyOf(types);
        merges = List.copyOf(merges);
        requireLength(source, "scores", scores.size(), tokens.size());
        requireLength(source, "types", types.size(), tokens.size());
        for (int id : new int[] {bosId, eosId, unknownId}) {
            if (id >= tokens.size()) {
                throw new TokenizerFormatException(source + ": a special token has the id " + id
                        + ", but there are only " + tokens.size() + " tokens.");
            }
        }
    }

    private static void requireLength(String source, String what, int found, int tokens) {
        if (found != 0 && found != tokens) {
            throw new TokenizerFormatException(
                    source + ": there are " + found + " " + what + " for " + tokens + " tokens.");
        }
    }

    /**
     * How a GGUF file holds a tokenizer.
     *
     * @throws IllegalArgumentException where llama.cpp could not follow it
     */
    public static GgufVocabulary of(Tokenizer tokenizer) {
        return GgufTokenizers.write(tokenizer);
    }

    /** The same with unused tokens behind, for a model whose vocabulary was rounded up. */
    public GgufVocabulary paddedTo(int size) {
        if (size < tokens.size()) {
            throw new IllegalArgumentException(
                    "the tokenizer has " + tokens.size() + " tokens, but the model only " + size);
        }
        List<String> allTokens = new ArrayList<>(tokens);
        List<Float> allScores = new ArrayList<>(scores);
        List<Integer> allTypes = new ArrayList<>(types);
        for (int id = tokens.size(); id < size; id++) {
            allTokens.add("[PAD" + id + "]");
            allScores.add(-10_000f);
            allTypes.add(UNUSED);
        }
        return new GgufVocabulary(
                source,
                model,
                pre,
                allTokens,
                scores.isEmpty() ? List.of() : allScores,
                allTypes,
                merges,
                bosId,
                eosId,
                unknownId,
                addBos,
                addEos,
                addSpacePrefix,
                chatTemplate);
    }

    /** Whether a token of this type ends an answer wherever it is known. Some files have it among those that users defined, which would be shown and written on behind. */
    public static boolean isEnd(String token, int type) {
        return (type == CONTROL || type == USER_DEFINED) && ENDS.contains(token);
    }

    /** The kind of a token. */
    int type(int id) {
        int type = types.isEmpty() ? NORMAL : types.get(id);
        return isEnd(tokens.get(id), type) ? CONTROL : type;
    }
}
