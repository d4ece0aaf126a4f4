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
                id(metadata, "bos", 1),
                id(metadata, "eos", 2),
                metadata.integer(PREFIX + "unknown_token_id", -1),
                flag(metadata, "add_bos_token"),
                flag(metadata, "add_eos_token"),
                flag(metadata, "add_space_prefix"),
                metadata.text(CHAT_TEMPLATE, null));
    }

    /** The token that begins or ends a text; where a SentencePiece vocabulary names none, Llama's, as in llama.cpp. */
    private static int id(GgufMetadata metadata, String name, int ofLlama) {
        String key = PREFIX + name + "_token_id";
        if (metadata.has(key) || !"llama".equals(metadata.text(PREFIX + "model", null))) {
            return metadata.integer(key, -1);
        }
        return ofLlama < metadata.texts(PREFIX + "tokens").size() ? ofLlama : -1;
    }

    private static @Nullable Boolean flag(GgufMetadata metadata, String name) {
        String key = PREFIX + name;
        return metadata.has(key) ? (Boolean) metadata.flag(key, false) : null;
    }

    /** Which ids begin and end its text. */
    static GenerationConfig generation(GgufMetadata metadata) {
        Set<Integer> ends = new LinkedHashSet<>();
        ends.add(id(metadata, "eos", 2));
        for (String name : List.of("eot", "eom")) {
            ends.add(metadata.integer(PREFIX + name + "_token_id", -1));
        }
        List<String> tokens = metadata.texts(PREFIX + "tokens");
        List<Long> types = metadata.integers(PREFIX + "token_type");
        for (int id = 0; id < Math.min(tokens.size(), types.size()); id++) {
            if (GgufVocabulary.isEnd(tokens.get(id), types.get(id).intValue())) {
                ends.add(id);
            }
        }
        ends.removeIf(id -> id < 0);
        return new GenerationConfig(id(metadata, "bos", 1), List.copyOf(ends));
    }
}
