package dev.mynah.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Prompts for models of code that were trained to write what stands between a beginning and an end (Bavarian et al. 2022): the beginning, the end, and then the middle, each behind a
 * token of its own.
 */
public final class FillInTheMiddle {

    /** The tokens of one family of models, in the order in which they stand in a prompt. */
    private record Marks(String beforePrefix, String beforeSuffix, String beforeMiddle) {}

    private static final List<Marks> KNOWN = List.of(
            new Marks("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"), // Qwen, CodeGemma
            new Marks("<fim_prefix>", "<fim_suffix>", "<fim_middle>"), // StarCoder
            new Marks("<fim-prefix>", "<fim-suffix>", "<fim-middle>"), // SantaCoder
            new Marks("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"), // DeepSeek
            new Marks("▁<PRE>", "▁<SUF>", "▁<MID>")); // Code Llama

    private FillInTheMiddle() {}

    /**
     * The tokens that a model goes on from with what stands between {@code prefix} and {@code suffix}, which are plain text.
     *
     * @throws IllegalArgumentException if the tokenizer has no such tokens
     */
    public static int[] prompt(Tokenizer tokenizer, String prefix, String suffix) {
        Marks marks = KNOWN.stream()
                .filter(known -> tokenizer.idOf(known.beforePrefix) >= 0
                        && tokenizer.idOf(known.beforeSuffix) >= 0
                        && tokenizer.idOf(known.beforeMiddle) >= 0)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the model cannot fill in the middle: its tokenizer has none of the tokens "
                                + KNOWN.stream().map(Marks::beforePrefix).toList()));
        List<int[]> parts = new ArrayList<>();
        if (tokenizer.bosId() >= 0
                && Arrays.stream(tokenizer.encodeForModel("")).anyMatch(id -> id == tokenizer.bosId())) {
            parts.add(new int[] {tokenizer.bosId()});
        }
        parts.add(new int[] {tokenizer.idOf(marks.beforePrefix)});
        parts.add(tokenizer.encode(prefix));
        parts.add(new int[] {tokenizer.idOf(marks.beforeSuffix)});
        parts.add(tokenizer.encode(suffix));
        parts.add(new int[] {tokenizer.idOf(marks.beforeMiddle)});
        return parts.stream().flatMapToInt(IntStream::of).toArray();
    }
}
