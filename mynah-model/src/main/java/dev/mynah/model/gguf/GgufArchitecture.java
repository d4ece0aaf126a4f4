package dev.mynah.model.gguf;

import dev.mynah.model.Family;
import dev.mynah.model.ModelConfig;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The architectures of GGUF files that Mynah reads and writes, and which families they hold. */
enum GgufArchitecture {
    GPT2("gpt2", Family.GPT2),
    /** Also Mistral and Mixtral, which llama.cpp tells by their metadata. */
    LLAMA("llama", Family.LLAMA),
    QWEN2("qwen2", Family.QWEN2),
    QWEN3("qwen3", Family.QWEN3),
    GEMMA2("gemma2", Family.GEMMA2),
    GEMMA3("gemma3", Family.GEMMA3),
    PHI3("phi3", Family.PHI3),
    QWEN2_MOE("qwen2moe", Family.QWEN2_MOE),
    QWEN3_MOE("qwen3moe", Family.QWEN3_MOE);

    private final String id;
    private final Family family;

    GgufArchitecture(String id, Family family) {
        this.id = id;
        this.family = family;
    }

    /** The architecture that a file names, or null where it is not supported. */
    static @Nullable GgufArchitecture named(String id) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.id.equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The architecture for a family, or null where llama.cpp has none. */
    static @Nullable GgufArchitecture of(Family family) {
        if (family == Family.MISTRAL || family == Family.MIXTRAL) {
            return LLAMA;
        }
        return Arrays.stream(values())
                .filter(architecture -> architecture.family == family)
                .findFirst()
                .orElse(null);
    }

    static String supported() {
        return Arrays.stream(values()).map(architecture -> architecture.id).collect(Collectors.joining(", "));
    }

    /** The name under {@code general.architecture}, with which its metadata keys begin. */
    String id() {
        return id;
    }

    /** The family whose features are those of all files of this architecture unless they say otherwise. */
    Family family() {
        return family;
    }

    /** Whether sandwiched norms stand in it, which files hold with the one that is added to them. */
    boolean isGemma() {
        return this == GEMMA2 || this == GEMMA3;
    }

    /** Whether the rows of queries and keys are permuted so that rotary positions turn neighbours. */
    boolean interleavedRope() {
        return this == LLAMA;
    }

    /** Of how many layers in a row the last sees everything and the others have the window, unless the file says otherwise; 0 where all layers are alike. */
    int windowPeriod() {
        return switch (this) {
            case GEMMA2 -> 2;
            case GEMMA3 -> 6;
            default -> 0;
        };
    }

    /** What Gemma's attention scores are divided by the root of, which files do not say: llama.cpp tells the 27B models by their depth. */
    int queryScalar(int layers, int width, int heads, int headDim) {
        int layersOf27B = this == GEMMA2 ? 46 : 62;
        return layers == layersOf27B ? width / heads : headDim;
    }

    int queryScalar(ModelConfig config) {
        return queryScalar(config.layers(), config.width(), config.heads(), config.headDim());
    }
}
