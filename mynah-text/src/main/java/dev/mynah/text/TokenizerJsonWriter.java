package dev.mynah.text;

import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a {@code tokenizer.json} that the Hugging Face tokenizers library reads, and that {@link TokenizerJson} reads
 * back as the same {@link BpeSpec}.
 */
final class TokenizerJsonWriter {

    private static final JsonMapper MAPPER = Json.MAPPER;

    private TokenizerJsonWriter() {}

    static void write(BpeSpec spec, Path file) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        root.set("added_tokens", addedTokens(spec.addedTokens()));
        if (spec.nfc()) {
            root.putObject("normalizer").put("type", "NFC");
        } else {
            root.putNull("normalizer");
        }
        root.set("pre_tokenizer", preTokenizer(spec));
        root.set("post_processor", postProcessor(spec));
        root.set("decoder", byteLevel(true, true));
        root.set("model", model(spec));
        DurableFiles.write(file, Json.bytes(root));
    }

    static ArrayNode addedTokens(List<AddedToken> tokens) {
        ArrayNode array = MAPPER.createArrayNode();
        for (AddedToken token : tokens) {
            array.addObject()
                    .put("id", token.id())
                    .put("content", token.content())
                    .put("single_word", token.singleWord())
                    .put("lstrip", token.lstrip())
                    .put("rstrip", token.rstrip())
                    .put("normalized", token.normalized())
                    .put("special", token.special());
        }
        return array;
    }

    private static ObjectNode preTokenizer(BpeSpec spec) {
        if (spec.pretokenizer() == Pretokenizer.GPT2) {
            return byteLevel(spec.addPrefixSpace(), true);
        }
        ObjectNode split = MAPPER.createObjectNode().put("type", "Split");
        split.putObject("pattern").put("Regex", spec.pretokenizer().regex());
        split.put("behavior", "Isolated").put("invert", false);
        ObjectNode sequence = MAPPER.createObjectNode().put("type", "Sequence");
        sequence.putArray("pretokenizers").add(split).add(byteLevel(false, false));
        return sequence;
    }

    private static ObjectNode byteLevel(boolean addPrefixSpace, boolean useRegex) {
        return MAPPER.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", addPrefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", useRegex);
    }

    private static ObjectNode postProcessor(BpeSpec spec) {
        if (spec.before().isEmpty() && spec.after().isEmpty()) {
            return byteLevel(true, false);
        }
        return template(spec.before(), spec.after(), spec.addedTokens(), spec.vocabulary());
    }

    /** A post-processor that puts ids before and after a sequence. */
    static ObjectNode template(
            List<Integer> before, List<Integer> after, List<AddedToken> added, List<String> vocabulary) {
        ObjectNode template = MAPPER.createObjectNode().put("type", "TemplateProcessing");
        ObjectNode specials = MAPPER.createObjectNode();
        ArrayNode single = template.putArray("single");
        ArrayNode pair = template.putArray("pair");
        for (int type = 0; type < 2; type++) {
            for (ArrayNode pieces : type == 0 ? List.of(single, pair) : List.of(pair)) {
                for (int id : before) {
                    addSpecial(text(id, added, vocabulary), id, type, pieces, specials);
                }
                pieces.addObject()
                        .putObject("Sequence")
                        .put("id", type == 0 ? "A" : "B")
                        .put("type_id", type);
                for (int id : after) {
                    addSpecial(text(id, added, vocabulary), id, type, pieces, specials);
                }
            }
        }
        template.set("special_tokens", specials);
        return template;
    }

    private static String text(int id, List<AddedToken> added, List<String> vocabulary) {
        return added.stream()
                .filter(token -> token.id() == id)
                .map(AddedToken::content)
                .findFirst()
                .orElseGet(() -> vocabulary.get(id));
    }

    private static void addSpecial(String text, int id, int type, ArrayNode pieces, ObjectNode specials) {
        pieces.addObject().putObject("SpecialToken").put("id", text).put("type_id", type);
        ObjectNode special = specials.putObject(text).put("id", text);
        special.putArray("ids").add(id);
        special.putArray("tokens").add(text);
    }

    private static ObjectNode model(BpeSpec spec) {
        ObjectNode model = MAPPER.createObjectNode().put("type", "BPE");
        model.putNull("dropout")
                .putNull("unk_token")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", spec.ignoreMerges());
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < spec.vocabulary().size(); id++) {
            if (!spec.vocabulary().get(id).isEmpty()) {
                vocabulary.put(spec.vocabulary().get(id), id);
            }
        }
        ArrayNode merges = model.putArray("merges");
        for (BpeSpec.Merge merge : spec.merges()) {
            merges.addArray()
                    .add(spec.vocabulary().get(merge.left()))
                    .add(spec.vocabulary().get(merge.right()));
        }
        return model;
    }
}
