package dev.mynah.text;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pre-tokenizers of GGUF files, by the names that llama.cpp gave them. Each stands for the tokenizer of a model family; of several names for the same the first is written.
 */
enum GgufPattern {
    GPT2("gpt-2", Pretokenizer.GPT2, false, false),
    PHI2("phi-2", Pretokenizer.GPT2, false, false),
    LLAMA_BPE("llama-bpe", Pretokenizer.CL100K, false, true),
    LLAMA3("llama3", Pretokenizer.CL100K, false, true),
    LLAMA_V3("llama-v3", Pretokenizer.CL100K, false, true),
    DBRX("dbrx", Pretokenizer.CL100K, false, false),
    SMAUG("smaug-bpe", Pretokenizer.CL100K, false, false),
    QWEN2("qwen2", Pretokenizer.QWEN2, true, false),
    DEEPSEEK_R1_QWEN("deepseek-r1-qwen", Pretokenizer.QWEN2, false, false),
    GPT4O("gpt-4o", Pretokenizer.O200K, false, false);

    final String id;
    final Pretokenizer pretokenizer;
    final boolean nfc;
    /** Llama 3 takes pieces that are tokens as a whole, and begins every sequence with BOS. */
    final boolean likeLlama3;

    GgufPattern(String id, Pretokenizer pretokenizer, boolean nfc, boolean likeLlama3) {
        this.id = id;
        this.pretokenizer = pretokenizer;
        this.nfc = nfc;
        this.likeLlama3 = likeLlama3;
    }

    static @Nullable GgufPattern named(String id) {
        return Arrays.stream(values())
                .filter(pattern -> pattern.id.equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The name under which to write a tokenizer, or null where there is none. llama.cpp does not normalize. */
    static @Nullable GgufPattern of(BpeSpec spec) {
        return Arrays.stream(values())
                .filter(pattern -> pattern.pretokenizer == spec.pretokenizer()
                        && pattern.likeLlama3 == spec.ignoreMerges()
                        && pattern.nfc == spec.nfc())
                .findFirst()
                .orElse(null);
    }

    static String names() {
        return Arrays.stream(values()).map(pattern -> pattern.id).collect(Collectors.joining(", "));
    }
}
