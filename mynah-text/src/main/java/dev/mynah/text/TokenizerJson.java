package dev.mynah.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Reads a Hugging Face {@code tokenizer.json}. Every component that would change the ids is carried out or refused by
 * name.
 */
final class TokenizerJson {

    private final String file;
    private final JsonNode root;
    private final VocabularyReader vocabulary;

    TokenizerJson(Path file) throws IOException {
        this.file = file.toString();
        root = Json.readObject(file);
        vocabulary = new VocabularyReader(this.file);
    }

    JsonNode root() {
        return root;
    }

    /** Reads tokens, of which every byte has one where {@code byteLevel}, added tokens and merges. */
    VocabularyReader readVocabulary(boolean byteLevel) {
        JsonNode model = root.path("model");
        vocabulary.readTokens(model.path("vocab"));
        if (byteLevel) {
            vocabulary.requireBytes();
        }
        for (JsonNode token : elements(root.path("added_tokens"), "added_tokens")) {
            vocabulary.add(addedToken(token));
        }
        vocabulary.readMerges(model.path("merges"));
        return vocabulary;
    }

    /** The ids that are put before and after a sequence. */
    void readPostProcessor(List<Integer> before, List<Integer> after) {
        readPostProcessor(root.path("post_processor"), before, after);
    }

    /** A byte-level tokenizer. */
    BpeSpec byteLevel() {
        JsonNode model = model();
        readVocabulary(true);
        readDecoder();
        Splitting splitting = splitting(root.path("pre_tokenizer"));
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        readPostProcessor(before, after);
        return new BpeSpec(
                readNormalizer(),
                splitting.pretokenizer,
                splitting.addPrefixSpace,
                flag(model, "ignore_merges", false),
                vocabulary.tokens(),
                vocabulary.merges(),
                vocabulary.addedTokens(),
                before,
                after);
    }

    JsonNode model() {
        JsonNode model = root.path("model");
        // Files of before 2020 name no type; only BPE has merges.
        String type = model.path("type").asString(model.has("merges") ? "BPE" : "none");
        if (!type.equals("BPE")) {
            throw refuse("model", type, "BPE");
        }
        if (model.path("dropout").isNumber() && model.path("dropout").doubleValue() != 0) {
            throw refuse("dropout", model.path("dropout").toString(), "none");
        }
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            String value = model.path(affix).asString("");
            if (!value.isEmpty()) {
                throw refuse(affix, "\"" + value + "\"", "none");
            }
        }
        return model;
    }

    /** Whether this is byte-pair encoding as SentencePiece does it, over characters and with bytes where those fail. */
    boolean isSentencePiece() {
        return flag(root.path("model"), "byte_fallback", false);
    }

    /** Whether this is WordPiece, which {@link WordPieceFiles} reads. */
    boolean isWordPiece() {
        return type(root.path("model")).equals("WordPiece");
    }

    private boolean readNormalizer() {
        JsonNode normalizer = root.path("normalizer");
        String type = type(normalizer);
        boolean none = normalizer.isNull() || normalizer.isMissingNode();
        if (!none && !type.equals("NFC")) {
            throw refuse("normalizer", type, "none, NFC");
        }
        return !none;
    }

    private void readDecoder() {
        String type = type(root.path("decoder"));
        if (!type.equals("ByteLevel")) {
            throw refuse("decoder", type, "ByteLevel");
        }
    }

    private record Splitting(Pretokenizer pretokenizer, boolean addPrefixSpace) {}

    private Splitting splitting(JsonNode node) {
        String type = type(node);
        if (type.equals("ByteLevel") && flag(node, "use_regex", true)) {
            return new Splitting(Pretokenizer.GPT2, flag(node, "add_prefix_space", true));
        }
        List<JsonNode> parts =
                type.equals("Sequence") ? elements(node.path("pretokenizers"), "pretokenizers") : List.of();
        if (parts.size() == 1) {
            return splitting(parts.getFirst());
        }
        boolean splitThenBytes = parts.size() == 2
                && type(parts.get(0)).equals("Split")
                && type(parts.get(1)).equals("ByteLevel")
                && !flag(parts.get(1), "use_regex", true)
                && !flag(parts.get(1), "add_prefix_space", true);
        if (!splitThenBytes) {
            throw refuse(
                    "pre_tokenizer",
                    describe(node),
                    "ByteLevel with use_regex; Sequence of Split and ByteLevel without use_regex and add_prefix_space");
        }
        return new Splitting(pattern(parts.get(0)), false);
    }

    private Pretokenizer pattern(JsonNode split) {
        String behavior = split.path("behavior").asString("");
        boolean keepsMatches =
                behavior.equals("Isolated") || (behavior.equals("Removed") && flag(split, "invert", false));
        if (!keepsMatches) {
            throw refuse("Split behavior", behavior, "Isolated, Removed with invert");
        }
        String regex = split.path("pattern").path("Regex").asString("");
        for (Pretokenizer pretokenizer : Pretokenizer.values()) {
            if (pretokenizer.regex().equals(regex)) {
                return pretokenizer;
            }
        }
        throw refuse("Split pattern", split.path("pattern").toString(), "those of " + Pretokenizer.names());
    }

    /** A sequence wraps its text in the ids of one template after the other. */
    private void readPostProcessor(JsonNode node, List<Integer> before, List<Integer> after) {
        if (node.isNull() || node.isMissingNode()) {
            return;
        }
        switch (type(node)) {
            case "ByteLevel" -> {
                // Changes offsets only.
            }
            case "Sequence" -> {
                for (JsonNode part : elements(node.path("processors"), "processors")) {
                    readPostProcessor(part, before, after);
                }
            }
            case "TemplateProcessing" -> readTemplate(node, before, after);
            case "RobertaProcessing" -> {
                before.addFirst(vocabulary.knownId(node.path("cls").path(1)));
                after.add(vocabulary.knownId(node.path("sep").path(1)));
            }
            default ->
                throw refuse(
                        "post_processor",
                        type(node),
                        "ByteLevel, TemplateProcessing, RobertaProcessing, Sequence of these");
        }
    }

    private void readTemplate(JsonNode template, List<Integer> before, List<Integer> after) {
        List<Integer> first = new ArrayList<>();
        int sequences = 0;
        for (JsonNode piece : elements(template.path("single"), "single")) {
            if (piece.has("Sequence")) {
                sequences++;
                continue;
            }
            String name = piece.path("SpecialToken").path("id").asString("");
            JsonNode ids = template.path("special_tokens").path(name).path("ids");
            for (JsonNode id : elements(ids, "ids of \"" + name + "\"")) {
                (sequences == 0 ? first : after).add(vocabulary.knownId(id));
            }
        }
        if (sequences != 1) {
            throw new TokenizerFormatException(file + ": the template of the post_processor holds its sequence "
                    + sequences + " times, not once.");
        }
        before.addAll(0, first);
    }

    private AddedToken addedToken(JsonNode node) {
        String content = node.path("content").asString("");
        if (content.isEmpty()) {
            throw new TokenizerFormatException(file + ": an added token has no content.");
        }
        return new AddedToken(
                vocabulary.id(content, node.path("id")),
                content,
                flag(node, "special", false),
                flag(node, "lstrip", false),
                flag(node, "rstrip", false),
                flag(node, "single_word", false),
                flag(node, "normalized", !flag(node, "special", false)));
    }

    boolean flag(JsonNode node, String key, boolean otherwise) {
        JsonNode value = node.path(key);
        if (value.isNull() || value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new TokenizerFormatException(file + ": \"" + key + "\" is neither true nor false.");
        }
        return value.booleanValue();
    }

    List<JsonNode> elements(JsonNode array, String key) {
        if (!array.isArray() && !array.isMissingNode()) {
            throw new TokenizerFormatException(file + ": \"" + key + "\" is not a list.");
        }
        return List.copyOf(array.values());
    }

    static String type(JsonNode component) {
        return component.path("type").asString("none");
    }

    private static String describe(JsonNode component) {
        String text = component.toString();
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }

    TokenizerFormatException refuse(String what, String value, String supported) {
        return new TokenizerFormatException(
                file + ": the " + what + " " + value + " is not supported; supported: " + supported + ".");
    }
}
