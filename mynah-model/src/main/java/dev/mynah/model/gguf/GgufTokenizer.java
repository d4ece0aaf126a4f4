package dev.mynah.model.gguf;

import dev.mynah.model.GenerationConfig;
import dev.mynah.text.GgufVocabulary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the metadata of a GGUF file says of its tokenizer. */
final class GgufTokenizer {
    static final String PREFIX = "tokenizer.ggml.";
    static final String CHAT_TEMPLATE = "tokenizer.chat_template";

    /** Control tokens that end an answer in every family that has them; many files name only one of several. */
    private static final List<String> ENDS = List.of(
            "<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|eom_id|>", "<end_of_turn>", "<|end|>", "<|endoftext|>");

    private GgufTokenizer() {}

    static GgufVocabulary vocabulary(GgufMetadata metadata) {
        return new GgufVocabulary(
                metadata.source(),
                metadata.text(PREFIX + "model"),
                metadata.text(PREFIX + "pre", null),
                metadata.texts(PREFIX + "tokens"),
                metadata.numbers(PREFIX + "scores").stream()
                        .map(Double::floatValue)
                        .toList(),
                metadata.integers(PREFIX + "token_type").stream()
                        .map(Long::intValue)
                        .toList(),
                metadata.texts(PREFIX + "merges"),
                metadata.integer(PREFIX + "bos_token_id", -1),
                metadata.integer(PREFIX + "eos_token_id", -1),
                metadata.integer(PREFIX + "unknown_token_id", -1),
                flag(metadata, "add_bos_token"),
                flag(metadata, "add_eos_token"),
                flag(metadata, "add_space_prefix"),
                metadata.text(CHAT_TEMPLATE, null));
    }

    private static @Nullable Boolean flag(GgufMetadata metadata, String name) {
        String key = PREFIX + name;
        return metadata.has(key) ? (Boolean) metadata.flag(key, false) : null;
    }

    /** Which ids begin and end its text. */
    static GenerationConfig generation(GgufMetadata metadata) {
        Set<Integer> ends = new LinkedHashSet<>();
        for (String name : List.of("eos", "eot", "eom")) {
            ends.add(metadata.integer(PREFIX + name + "_token_id", -1));
        }
        List<String> tokens = metadata.texts(PREFIX + "tokens");
        List<Long> types = metadata.integers(PREFIX + "token_type");
        for (int id = 0; id < Math.min(tokens.size(), types.size()); id++) {
            if (types.get(id) == GgufVocabulary.CONTROL && ENDS.contains(tokens.get(id))) {
                ends.add(id);
            }
        }
        ends.remove(-1);
        return new GenerationConfig(metadata.integer(PREFIX + "bos_token_id", -1), List.copyOf(ends));
    }
}
