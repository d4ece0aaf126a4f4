package dev.mynah.text;

import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stands beside the tokenizer proper, in {@code tokenizer_config.json}.
 *
 * @param bosToken the token that begins a sequence, or null
 * @param eosToken the token that ends a document or an answer, or null
 * @param modelMaxLength the most tokens that the model takes, or 0 where that is not said
 * @param chatTemplate the Jinja template that writes a conversation as text, or null
 * @param toolChatTemplate the one for conversations with tools, where that is another, or null
 */
public record TokenizerConfig(
        @Nullable String bosToken,
        @Nullable String eosToken,
        int modelMaxLength,
        @Nullable String chatTemplate,
        @Nullable String toolChatTemplate) {

    static final String FILE = "tokenizer_config.json";
    private static final String SPECIALS_FILE = "special_tokens_map.json";
    private static final String TEMPLATE_FILE = "chat_template.jinja";
    private static final String MORE_TEMPLATES = "additional_chat_templates";
    private static final String DEFAULT_TEMPLATE = "default";
    private static final long MAX_TEMPLATE = 1 << 20;
    private static final String TOOL_TEMPLATE = "tool_use";

    /** Nothing is said. */
    public static final TokenizerConfig NONE = new TokenizerConfig(null, null, 0, null);

    /** As the other constructor; with tools there is no other template. */
    public TokenizerConfig(
            @Nullable String bosToken, @Nullable String eosToken, int modelMaxLength, @Nullable String chatTemplate) {
        this(bosToken, eosToken, modelMaxLength, chatTemplate, null);
    }

    /** Reads the files of {@code folder}; what they do not say is null or 0, as is everything where there are none. */
    static TokenizerConfig read(Path folder) throws IOException {
        JsonNode config = readIfPresent(folder.resolve(FILE));
        JsonNode specials = readIfPresent(folder.resolve(SPECIALS_FILE));
        String bos = token(config.path("bos_token"));
        String eos = token(config.path("eos_token"));
        JsonNode length = config.path("model_max_length");
        Path template = folder.resolve(TEMPLATE_FILE);
        Path toolTemplate = folder.resolve(MORE_TEMPLATES).resolve(TOOL_TEMPLATE + ".jinja");
        return new TokenizerConfig(
                bos != null ? bos : token(specials.path("bos_token")),
                eos != null ? eos : token(specials.path("eos_token")),
                length.canConvertToInt() ? Math.max(0, length.intValue()) : 0,
                Files.exists(template)
                        ? readTemplate(template)
                        : template(config.path("chat_template"), DEFAULT_TEMPLATE),
                Files.exists(toolTemplate)
                        ? readTemplate(toolTemplate)
                        : named(config.path("chat_template"), TOOL_TEMPLATE));
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

    private static String readTemplate(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_TEMPLATE) {
            throw new TokenizerFormatException(
                    file + " has " + size + " bytes; a chat template may have at most " + MAX_TEMPLATE + ".");
        }
        return Files.readString(file);
    }

    /** A template is a string, or one of a list of named ones. */
    private static @Nullable String template(JsonNode node, String name) {
        return node.isString() ? node.stringValue() : named(node, name);
    }

    private static @Nullable String named(JsonNode node, String name) {
        for (JsonNode named : node.isArray() ? node : Json.MAPPER.createArrayNode()) {
            if (named.path("name").asString("").equals(name)) {
                JsonNode template = named.path("template");
                return template.isString() ? template.stringValue() : null;
            }
        }
        return null;
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
        if (chatTemplate != null && toolChatTemplate == null) {
            config.put("chat_template", chatTemplate);
        } else if (chatTemplate != null) {
            ArrayNode templates = config.putArray("chat_template");
            templates.addObject().put("name", DEFAULT_TEMPLATE).put("template", chatTemplate);
            templates.addObject().put("name", TOOL_TEMPLATE).put("template", toolChatTemplate);
        }
        DurableFiles.write(folder.resolve(FILE), Json.bytes(config));
    }
}
