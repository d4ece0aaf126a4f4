package dev.mynah.text;

import dev.mynah.text.MarkedText.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;

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
    default int[] encode(String text) {
        return encode(MarkedText.of(text, Origin.MODEL));
    }

    /**
     * Ids of {@code text}, in which special tokens that stand in it become their own ids; nothing is added before or
     * after.
     */
    default int[] encodeWithSpecials(String text) {
        return encode(MarkedText.of(text, Origin.PROGRAM));
    }

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

    /** The bytes of {@code ids}, special tokens as their text. */
    default byte[] decodeBytes(int[] ids) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(ids.length * 4);
        for (int id : ids) {
            out.writeBytes(bytes(id));
        }
        return out.toByteArray();
    }

    /** The id of a token by its exact text (specials included), or -1 where there is none. */
    int idOf(String token);

    /** The id that ends a document or an answer, or -1 where the tokenizer names none. */
    int eosId();

    /** The id that begins a sequence, or -1 where the tokenizer names none. */
    int bosId();

    /** The names that stand beside the tokenizer proper: which tokens begin and end, the chat template. */
    default TokenizerConfig config() {
        return TokenizerConfig.NONE;
    }

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json} into {@code folder}, which exists, in the form
     * that Hugging Face libraries load.
     *
     * @throws UnsupportedOperationException where there is no such form
     */
    default void save(Path folder) throws IOException {
        throw new UnsupportedOperationException("a " + getClass().getSimpleName() + " has no form as tokenizer.json");
    }
}
