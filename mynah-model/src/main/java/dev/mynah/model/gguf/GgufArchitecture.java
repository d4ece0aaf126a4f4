package dev.mynah.model.gguf;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The architectures of GGUF files that Mynah reads and writes, and what llama.cpp calls their tensors. */
enum GgufArchitecture {
    GPT2("gpt2", "gpt2", false),
    LLAMA("llama", "llama", true),
    QWEN2("qwen2", "qwen2", false),
    QWEN3("qwen3", "qwen3", false);

    private final String id;
    private final String modelType;
    private final boolean interleavedRope;

    GgufArchitecture(String id, String modelType, boolean interleavedRope) {
        this.id = id;
        this.modelType = modelType;
        this.interleavedRope = interleavedRope;
    }

    /** The architecture that a file names, or null where it is not supported. */
    static @Nullable GgufArchitecture named(String id) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.id.equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The architecture for a {@code model_type} of Hugging Face, or null where there is none. */
    static @Nullable GgufArchitecture ofModelType(String modelType) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.modelType.equals(modelType))
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

    /** The {@code model_type} in a {@code config.json}. */
    String modelType() {
        return modelType;
    }

    /** Whether the rows of queries and keys are permuted so that rotary positions turn neighbours. */
    boolean interleavedRope() {
        return interleavedRope;
    }

    /** What the tensor called {@code name} in a Hugging Face checkpoint is called in the file. */
    String tensor(String name) {
        String[] parts = name.split("\\.", 4);
        boolean inBlock = parts.length == 4 && (parts[1].equals("layers") || parts[1].equals("h"));
        String inner = inBlock ? parts[3] : name;
        int dot = inner.lastIndexOf('.');
        Map<String, String> names = this == GPT2 ? TensorNames.GPT2 : TensorNames.LLAMA;
        String layer = names.get(inner.substring(0, dot));
        if (layer == null) {
            throw new IllegalArgumentException("GGUF files of the architecture " + id + " have no tensor for " + name);
        }
        return (inBlock ? "blk." + parts[2] + "." : "") + layer + inner.substring(dot);
    }
}
