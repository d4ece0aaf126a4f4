package dev.mynah.text;

import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON files from strangers: their size, nesting, number of values, names and strings are bounded, and a key given
 * twice is an error.
 */
final class Json {

    /** The largest {@code tokenizer.json} known has about 35 MB. */
    private static final long MAX_BYTES = 128L << 20;

    /** Enough for a vocabulary of a million; a tree of so many nodes takes some 400 MB. */
    private static final long MAX_TOKENS = 8_000_000;

    private static final int MAX_STRING = 4 << 20;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(MAX_STRING)
                            .maxNameLength(MAX_STRING)
                            .maxNumberLength(100)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** The object in {@code file}. */
    static JsonNode readObject(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new TokenizerFormatException(
                    file + " has " + size + " bytes; a tokenizer file may have at most " + MAX_BYTES + ".");
        }
        JsonNode node = parse(file);
        if (!node.isObject()) {
            throw new TokenizerFormatException(file + " holds no JSON object.");
        }
        return node;
    }

    private static JsonNode parse(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new TokenizerFormatException(file + " is not valid JSON: " + JsonErrors.describe(e));
        }
    }

    static byte[] bytes(JsonNode node) {
        return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
