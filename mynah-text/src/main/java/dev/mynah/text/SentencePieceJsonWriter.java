package dev.mynah.text;

import dev.mynah.files.DurableFiles;
import dev.mynah.text.SentencePieceSpec.Kind;
import dev.mynah.text.SentencePieceSpec.Prefix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a {@code tokenizer.json} of a byte-pair encoding over characters, which {@link SentencePieceJson} reads back. */
final class SentencePieceJsonWriter {

    private static final JsonMapper MAPPER = Json.MAPPER;
    private static final String SPACE = String.valueOf(SentencePieceSpec.SPACE);

    private SentencePieceJsonWriter() {}

    static void write(SentencePieceSpec spec, Path file) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        root.set("added_tokens", TokenizerJsonWriter.addedTokens(spec.addedTokens()));
        boolean metaspace = spec.prefix() == Prefix.EVERY_UNLESS_SPACE
                || spec.prefix() == Prefix.FIRST_UNLESS_SPACE
                || spec.splitsWords();
        if (metaspace) {
            root.putNull("normalizer");
            root.set("pre_tokenizer", metaspace(spec));
        } else {
            root.set("normalizer", normalizer(spec));
            root.putNull("pre_tokenizer");
        }
        root.set(
                "post_processor",
                TokenizerJsonWriter.template(spec.before(), spec.after(), spec.addedTokens(), spec.pieces()));
        root.set("decoder", decoder(spec));
        root.set("model", model(spec));
        DurableFiles.write(file, Json.bytes(root));
    }

    private static ObjectNode metaspace(SentencePieceSpec spec) {
        String scheme = switch (spec.prefix()) {
            case NEVER -> "never";
            case FIRST_UNLESS_SPACE -> "first";
            case EVERY, EVERY_UNLESS_SPACE -> "always";
        };
        return MAPPER.createObjectNode()
                .put("type", "Metaspace")
                .put("replacement", SPACE)
                .put("prepend_scheme", scheme)
                .put("split", spec.splitsWords());
    }

    private static ObjectNode normalizer(SentencePieceSpec spec) {
        ObjectNode sequence = MAPPER.createObjectNode().put("type", "Sequence");
        ArrayNode parts = sequence.putArray("normalizers");
        if (spec.prefix() == Prefix.EVERY) {
            parts.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        parts.add(replace(" ", SPACE));
        return sequence;
    }

    private static ObjectNode replace(String from, String to) {
        ObjectNode replace = MAPPER.createObjectNode().put("type", "Replace");
        replace.putObject("pattern").put("String", from);
        return replace.put("content", to);
    }

    private static ObjectNode decoder(SentencePieceSpec spec) {
        ObjectNode sequence = MAPPER.createObjectNode().put("type", "Sequence");
        ArrayNode parts = sequence.putArray("decoders").add(replace(SPACE, " "));
        parts.addObject().put("type", "ByteFallback");
        parts.addObject().put("type", "Fuse");
        if (spec.stripsPrefix()) {
            parts.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        return sequence;
    }

    private static ObjectNode model(SentencePieceSpec spec) {
        ObjectNode model = MAPPER.createObjectNode().put("type", "BPE");
        model.putNull("dropout");
        model.put("unk_token", spec.unknownId() < 0 ? null : spec.pieces().get(spec.unknownId()));
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < spec.pieces().size(); id++) {
            if (!spec.pieces().get(id).isEmpty()) {
                vocabulary.put(spec.pieces().get(id), id);
            }
        }
        ArrayNode merges = model.putArray("merges");
        for (BpeSpec.Merge merge : merges(spec)) {
            merges.addArray()
                    .add(spec.pieces().get(merge.left()))
                    .add(spec.pieces().get(merge.right()));
        }
        return model;
    }

    private static List<BpeSpec.Merge> merges(SentencePieceSpec spec) {
        return switch (spec.order()) {
            case SentencePieceSpec.Ranks ranks -> ranks.merges();
            case SentencePieceSpec.Scores scores -> merges(spec, scores.scores());
        };
    }

    /** All ways to make a piece of two others, those of higher score first. */
    private static List<BpeSpec.Merge> merges(SentencePieceSpec spec, List<Float> scores) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < spec.pieces().size(); id++) {
            if (spec.kinds().get(id) == Kind.NORMAL) {
                ids.putIfAbsent(spec.pieces().get(id), id);
            }
        }
        List<BpeSpec.Merge> merges = new ArrayList<>();
        ids.forEach((piece, id) -> {
            for (int cut = 1; cut < piece.length(); cut++) {
                Integer left = ids.get(piece.substring(0, cut));
                Integer right = ids.get(piece.substring(cut));
                if (left != null && right != null) {
                    merges.add(new BpeSpec.Merge(left, right, id));
                }
            }
        });
        merges.sort(Comparator.comparingDouble((BpeSpec.Merge merge) -> -scores.get(merge.result()))
                .thenComparingInt(BpeSpec.Merge::result)
                .thenComparingInt(BpeSpec.Merge::left));
        return merges;
    }
}
