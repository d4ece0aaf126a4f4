package dev.mynah.model;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are the header or configuration of a model, or refused in one sentence. See docs/development.md for how to fuzz. */
class ModelFilesFuzzTest {

    /** Bytes of data that the header of the seed describes. */
    private static final long DATA_BYTES = 40;

    @FuzzTest
    void safetensorsHeader(byte[] bytes) {
        try {
            SafetensorsHeader.parse(bytes, DATA_BYTES);
        } catch (IllegalArgumentException e) {
            // Refused.
        }
    }

    @FuzzTest
    void configJson(byte[] bytes) {
        try {
            JsonFields fields = JsonFields.parse("config.json", bytes);
            ModelConfig config = HuggingFaceConfig.of(fields);
            HuggingFaceConfig.write(config, GenerationConfig.of(fields, config.vocabSize()), "float32");
        } catch (IllegalArgumentException e) {
            // Refused.
        }
    }
}
