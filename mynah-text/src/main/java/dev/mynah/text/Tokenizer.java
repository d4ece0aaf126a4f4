package dev.mynah.text;

/**
 * Text to token ids and back. Implementations are immutable and safe for use by many threads.
 *
 * <p>{@link #encode(String)} treats everything as plain text, so that a user who types {@code <|im_end|>} cannot forge
 * a turn; {@link #encodeWithSpecials(String)} is for text that
 * the program itself wrote.
 */
public interface Tokenizer {

    /** Number of ids, special tokens included: every id lies in {@code [0, vocabSize)}. */
    int vocabSize();

    /** Ids of {@code text}, in which special tokens are plain text; nothing is added before or after. */
    int[] encode(String text);

    /**
     * Ids of {@code text}, in which special tokens that stand in it become their own ids; nothing is added before or
     * after.
     */
    int[] encodeWithSpecials(String text);

    /**
     * Ids of {@code text}, in which added tokens are found only in what those wrote who may write them; nothing is added
     * before or after. Text between them is cut as if one had written it all.
     */
    int[] encode(MarkedText text);

    /**
     * Ids exactly as the tokenizer's own post-processor gives them for one sequence (the reference's {@code
     * add_special_tokens=True}): as {@link #encodeWithSpecials}, with BOS or
     * EOS added where the model family does so.
     */
    int[] encodeForModel(String text);

    /** The bytes that {@code id} stands for; special tokens give their UTF-8 text. May be a part of a character. */
    byte[] bytes(int id);

    /** Whether {@code id} is a special token, which decoding for people leaves out. */
    boolean isSpecial(int id);

    /** Text of {@code ids} with special tokens left out; bytes that are not UTF-8 become U+FFFD. */
    String decode(int[] ids);

    /** The id of a token by its exact text (specials included), or -1 where there is none. */
    int idOf(String token);

    /** The id that ends a document or an answer, or -1 where the tokenizer names none. */
    int eosId();

    /** The id that begins a sequence, or -1 where the tokenizer names none. */
    int bosId();
}
