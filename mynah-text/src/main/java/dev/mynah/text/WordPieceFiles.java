package dev.mynah.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads WordPiece tokenizers: a Hugging Face {@code tokenizer.json}, or BERT's {@code vocab.txt}. Every component that
 * would change the ids is carried out or refused by name.
 */
final class WordPieceFiles {
    static final String VOCABULARY = "vocab.txt";
    private static final String UNKNOWN = "[UNK]";
    private static final String PREFIX = "##";
    private static final int LONGEST_WORD = 100;
    private static final long MAX_BYTES = 64L << 20;

    private final Path file;

    private WordPieceFiles(Path file) {
        this.file = file;
    }

    static WordPieceSpec readJson(Path file) throws IOException {
        return new WordPieceFiles(file).spec(Json.readObject(file));
    }

    /** One token a line; what else there is to know stands in {@code tokenizer_config.json}. */
    static WordPieceSpec readVocabulary(Path folder) throws IOException {
        Path file = folder.resolve(VOCABULARY);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no tokenizer");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new TokenizerFormatException(
                    file + " has " + Files.size(file) + " bytes; a vocabulary may have at most " + MAX_BYTES + ".");
        }
        Path config = folder.resolve(TokenizerConfig.FILE);
        return new WordPieceFiles(file)
                .spec(
                        Files.readAllLines(file),
                        Files.exists(config) ? Json.readObject(config) : Json.MAPPER.createObjectNode());
    }

    private WordPieceSpec spec(List<String> lines, JsonNode config) {
        Map<String, Integer> ids = new HashMap<>();
        lines.forEach(line -> ids.put(line, ids.size()));
        if (ids.size() != lines.size()) {
            throw wrong("a token stands there twice");
        }
        List<AddedToken> added = new ArrayList<>();
        for (String token : List.of("[PAD]", UNKNOWN, "[CLS]", "[SEP]", "[MASK]")) {
            added.add(AddedToken.special(id(ids, token), token));
        }
        boolean lowercase = flag(config, "do_lower_case", true);
        BertNormalizer normalizer = new BertNormalizer(
                true,
                flag(config, "tokenize_chinese_chars", true),
                flag(config, "strip_accents", lowercase),
                lowercase);
        return new WordPieceSpec(
                normalizer,
                ids,
                PREFIX,
                id(ids, UNKNOWN),
                LONGEST_WORD,
                added,
                List.of(id(ids, "[CLS]")),
                List.of(id(ids, "[SEP]")));
    }

    private WordPieceSpec spec(JsonNode root) {
        JsonNode model = root.path("model");
        require(model, "model", "WordPiece");
        require(root.path("normalizer"), "normalizer", "BertNormalizer");
        require(root.path("pre_tokenizer"), "pre_tokenizer", "BertPreTokenizer");
        Map<String, Integer> ids = new HashMap<>();
        Set<Integer> taken = new HashSet<>();
        int limit = 2 * model.path("vocab").size() + 1024;
        model.path("vocab").properties().forEach(entry -> {
            int id = id(entry.getKey(), entry.getValue(), limit);
            ids.put(entry.getKey(), id);
            if (!taken.add(id)) {
                throw wrong("the id " + id + " is given to two tokens");
            }
        });
        List<AddedToken> added = new ArrayList<>();
        for (JsonNode token : root.path("added_tokens").values()) {
            added.add(addedToken(token, ids, limit));
        }
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        readPostProcessor(root.path("post_processor"), limit, before, after);
        JsonNode longest = model.path("max_input_chars_per_word");
        return new WordPieceSpec(
                normalizer(root.path("normalizer")),
                ids,
                model.path("continuing_subword_prefix").asString(PREFIX),
                id(ids, model.path("unk_token").asString(UNKNOWN)),
                longest.canConvertToInt() && longest.isIntegralNumber() ? longest.intValue() : LONGEST_WORD,
                added,
                before,
                after);
    }

    private BertNormalizer normalizer(JsonNode node) {
        boolean lowercase = flag(node, "lowercase", true);
        return new BertNormalizer(
                flag(node, "clean_text", true),
                flag(node, "handle_chinese_chars", true),
                flag(node, "strip_accents", lowercase),
                lowercase);
    }

    private AddedToken addedToken(JsonNode node, Map<String, Integer> ids, int limit) {
        String content = node.path("content").asString("");
        boolean special = flag(node, "special", false);
        if (content.isEmpty() || flag(node, "normalized", !special)) {
            throw wrong("the added token \"" + content + "\" is empty or looked for in normalized text,"
                    + " which is not supported");
        }
        int id = id(content, node.path("id"), limit);
        if (ids.getOrDefault(content, id) != id) {
            throw wrong("the added token \"" + content + "\" has the id " + id + ", but the vocabulary says otherwise");
        }
        return new AddedToken(
                id,
                content,
                special,
                flag(node, "lstrip", false),
                flag(node, "rstrip", false),
                flag(node, "single_word", false),
                false);
    }

    /** {@code [CLS] text [SEP]}, written in one of two ways. */
    private void readPostProcessor(JsonNode node, int limit, List<Integer> before, List<Integer> after) {
        switch (node.path("type").asString("none")) {
            case "none" -> {}
            case "BertProcessing" -> {
                before.add(id("cls", node.path("cls").path(1), limit));
                after.add(id("sep", node.path("sep").path(1), limit));
            }
            case "TemplateProcessing" -> {
                List<Integer> target = before;
                for (JsonNode piece : node.path("single").values()) {
                    if (piece.has("Sequence")) {
                        target = after;
                        continue;
                    }
                    String name = piece.path("SpecialToken").path("id").asString("");
                    for (JsonNode id :
                            node.path("special_tokens").path(name).path("ids").values()) {
                        target.add(id(name, id, limit));
                    }
                }
            }
            default -> throw refuse("post_processor", node, "BertProcessing, TemplateProcessing");
        }
    }

    private void require(JsonNode node, String what, String type) {
        if (!node.path("type").asString("none").equals(type)) {
            throw refuse(what, node, type);
        }
    }

    private TokenizerFormatException refuse(String what, JsonNode node, String supported) {
        return wrong("the " + what + " " + node.path("type").asString("none") + " is not supported; supported: "
                + supported);
    }

    private int id(String token, JsonNode value, int limit) {
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < 0
                || value.intValue() >= limit) {
            throw wrong("the id of \"" + token + "\" is " + value + ", not a whole number below " + limit);
        }
        return value.intValue();
    }

    private int id(Map<String, Integer> ids, String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw wrong("the vocabulary lacks " + token);
        }
        return id;
    }

    private boolean flag(JsonNode node, String key, boolean otherwise) {
        JsonNode value = node.path(key);
        if (value.isNull() || value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong("\"" + key + "\" is neither true nor false");
        }
        return value.booleanValue();
    }

    private TokenizerFormatException wrong(String what) {
        return new TokenizerFormatException(file + ": " + what + ".");
    }
}
