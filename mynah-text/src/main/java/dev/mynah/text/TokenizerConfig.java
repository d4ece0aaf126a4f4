package dev.mynah.text;

import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stands beside the tokenizer proper, in {@code tokenizer_config.json}.
 *
 * @param bosToken the token that begins a sequence, or null
 * @param eosToken the token that ends a document or an answer, or null
 * @param modelMaxLength the most tokens that the model takes, or 0 where that is not said
 * @param chatTemplate the Jinja template that writes a conversation as text, or null
 */
public record TokenizerConfig(
        @Nullable String bosToken,
        @Nullable String eosToken,
        int modelMaxLength,
        @Nullable String chatTemplate) {

    static final String FILE = "tokenizer_config.json";
    private static final String SPECIALS_FILE = "special_tokens_map.json";
    private static final String TEMPLATE_FILE = "chat_template.jinja";

    /** Nothing is said. */
    public static final TokenizerConfig NONE = new TokenizerConfig(null, null, 0, null);

    /** Reads the files of {@code folder}; what they do not say is null or 0, as is everything where there are none. */
    static TokenizerConfig read(Path folder) throws IOException {
        JsonNode config = readIfPresent(folder.resolve(FILE));
        JsonNode specials = readIfPresent(folder.resolve(SPECIALS_FILE));
        String bos = token(config.path("bos_token"));
        String eos = token(config.path("eos_token"));
        JsonNode length = config.path("model_max_length");
        Path template = folder.resolve(TEMPLATE_FILE);
        return new TokenizerConfig(
                bos != null ? bos : token(specials.path("bos_token")),
                eos != null ? eos : token(specials.path("eos_token")),
                length.canConvertToInt() ? Math.max(0, length.intValue()) : 0,
                Files.exists(template) ? Files.readString(template) : template(config.path("chat_template")));
    }

    /** Whether the first token is put before every sequence, where no post-processor says so: yes unless the file says no. */
    static boolean addsBos(Path folder) throws IOException {
        return readIfPresent(folder.resolve(FILE)).path("add_bos_token").asBoolean(true);
    }

    private static JsonNode readIfPresent(Path file) throws IOException {
        return Files.exists(file) ? Json.readObject(file) : Json.MAPPER.createObjectNode();
    }

    /** A token is written as its text, or as an object with its text and flags. */
    private static @Nullable String token(JsonNode node) {
        JsonNode text = node.isObject() ? node.path("content") : node;
        return text.isString() && !text.stringValue().isEmpty() ? text.stringValue() : null;
    }

    /** A template is a string, or one of a list of named ones, of which the one called default counts. */
    private static @Nullable String template(JsonNode node) {
        for (JsonNode named : node.isArray() ? node : Json.MAPPER.createArrayNode()) {
            if (named.path("name").asString("").equals("default")) {
                return template(named.path("template"));
            }
        }
        return node.isString() ? node.stringValue() : null;
    }

    void write(Path folder) throws IOException {
        ObjectNode config = Json.MAPPER.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("clean_up_tokenization_spaces", false);
        if (bosToken != null) {
            config.put("bos_token", bosToken);
        }
        if (eosToken != null) {
            config.put("eos_token", eosToken);
        }
        if (modelMaxLength > 0) {
            config.put("model_max_length", modelMaxLength);
        }
        if (chatTemplate != null) {
            config.put("chat_template", chatTemplate);
        }
        DurableFiles.write(folder.resolve(FILE), Json.bytes(config));
    }
}
