package dev.mynah.server.provider;

import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people are told of a model before they talk to it: {@code introduction.json} in its folder, an object with a description and starters for each language that it has words
 * in ({@code en}, {@code zh}). The web app shows them on an empty chat, in the place of its assistants.
 *
 * @param languages by their tags
 */
public record Introduction(Map<String, Words> languages) {
    /** Says nothing. */
    public static final Introduction NONE = new Introduction(Map.of());

    private static final String FILE = "introduction.json";
    private static final long MAX_BYTES = 64 << 10;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Introduction {
        languages = Map.copyOf(languages);
    }

    /**
     * In one language.
     *
     * @param description what the model is for, in a sentence
     * @param starters    questions that it answers well
     */
    public record Words(String description, List<String> starters) {
        public Words {
            starters = List.copyOf(starters);
        }
    }

    /**
     * Reads what a model's folder says; {@link #NONE} where it says nothing.
     *
     * @throws IOException if the file cannot be read, or is not what it should be
     */
    public static Introduction read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return NONE;
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
        }
        try {
            Map<String, Words> languages =
                    MAPPER.readValue(Files.readAllBytes(file), new TypeReference<Map<String, Words>>() {});
            if (languages.containsValue(null)) {
                throw new IOException(file + " has a language without words");
            }
            return new Introduction(languages);
        } catch (JacksonException e) {
            throw new IOException(
                    file + " is no object of languages with \"description\" and \"starters\": "
                            + JsonErrors.describe(e),
                    e);
        }
    }
}
