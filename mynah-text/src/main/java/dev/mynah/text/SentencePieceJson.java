package dev.mynah.text;

import dev.mynah.text.SentencePieceSpec.Kind;
import dev.mynah.text.SentencePieceSpec.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads what a {@code tokenizer.json} says of a byte-pair encoding over characters, as Llama 2, Mistral and Gemma have it. */
final class SentencePieceJson {

    private static final String SPACE = String.valueOf(SentencePieceSpec.SPACE);
    private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

    private final TokenizerJson json;

    SentencePieceJson(TokenizerJson json) {
        this.json = json;
    }

    SentencePieceSpec read() {
        JsonNode model = json.model();
        VocabularyReader vocabulary = json.readVocabulary(false);
        List<AddedToken> added = vocabulary.addedTokens();
        List<String> pieces = new ArrayList<>(vocabulary.tokens());
        for (AddedToken token : added) {
            while (pieces.size() <= token.id()) {
                pieces.add("");
            }
        }
        Splitting splitting = splitting();
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        json.readPostProcessor(before, after);
        int unknown = pieces.indexOf(model.path("unk_token").asString("\0"));
        return new SentencePieceSpec(
                pieces,
                kinds(pieces, added, unknown),
                new SentencePieceSpec.Ranks(vocabulary.merges()),
                added,
                splitting.prefix,
                splitting.words,
                stripsPrefix(json.root().path("decoder")),
                unknown,
                before,
                after);
    }

    private List<Kind> kinds(List<String> pieces, List<AddedToken> added, int unknown) {
        List<Kind> kinds = new ArrayList<>();
        int bytes = 0;
        for (int id = 0; id < pieces.size(); id++) {
            boolean isByte = BYTE.matcher(pieces.get(id)).matches();
            bytes += isByte ? 1 : 0;
            kinds.add(isByte ? Kind.BYTE : id == unknown ? Kind.CONTROL : Kind.NORMAL);
        }
        for (AddedToken token : added) {
            if (token.special()) {
                kinds.set(token.id(), Kind.CONTROL);
            }
        }
        if (bytes < 256 && unknown < 0) {
            throw json.refuse(
                    "byte_fallback with " + bytes + " bytes and no unk_token", "", "256 bytes, or an unk_token");
        }
        return kinds;
    }

    private record Splitting(Prefix prefix, boolean words) {}

    private Splitting splitting() {
        boolean prepends = false;
        boolean replaces = false;
        for (JsonNode part : parts(json.root().path("normalizer"), "normalizers")) {
            switch (TokenizerJson.type(part)) {
                case "Prepend" -> {
                    require("prepend", part.path("prepend"), SPACE);
                    prepends = true;
                }
                case "Replace" -> {
                    requireSpaceToPiece(part);
                    replaces = true;
                }
                default -> throw json.refuse("normalizer", TokenizerJson.type(part), "Prepend, Replace, Sequence");
            }
        }
        Splitting splitting = new Splitting(prepends ? Prefix.EVERY : Prefix.NEVER, false);
        for (JsonNode part : parts(json.root().path("pre_tokenizer"), "pretokenizers")) {
            String type = TokenizerJson.type(part);
            if (type.equals("Metaspace") && !prepends) {
                splitting = metaspace(part);
                replaces = true;
            } else if (!(type.equals("Split")
                    && replaces
                    && part.path("pattern").path("String").asString("").equals(" "))) {
                // A split at spaces finds none after they are replaced.
                throw json.refuse("pre_tokenizer", type, "none, Metaspace, Split at spaces that are replaced before");
            }
        }
        if (!replaces) {
            throw json.refuse("normalizer", "that keeps spaces", "one that replaces them by " + SPACE);
        }
        return splitting;
    }

    private Splitting metaspace(JsonNode part) {
        require("replacement", part.path("replacement"), SPACE);
        String otherwise = json.flag(part, "add_prefix_space", true) ? "always" : "never";
        String scheme = part.path("prepend_scheme").asString(otherwise);
        Prefix prefix = switch (scheme) {
            case "always" -> Prefix.EVERY_UNLESS_SPACE;
            case "first" -> Prefix.FIRST_UNLESS_SPACE;
            case "never" -> Prefix.NEVER;
            default -> throw json.refuse("prepend_scheme", scheme, "always, first, never");
        };
        return new Splitting(prefix, json.flag(part, "split", true));
    }

    private boolean stripsPrefix(JsonNode decoder) {
        boolean strips = false;
        for (JsonNode part : parts(decoder, "decoders")) {
            switch (TokenizerJson.type(part)) {
                case "ByteFallback", "Fuse" -> {
                    // What every decoder here does.
                }
                case "Replace" -> requirePieceToSpace(part);
                case "Strip" -> strips |= part.path("start").asInt(0) > 0;
                case "Metaspace" -> strips |= metaspace(part).prefix != Prefix.NEVER;
                default ->
                    throw json.refuse(
                            "decoder",
                            TokenizerJson.type(part),
                            "ByteFallback, Fuse, Replace, Strip, Metaspace, Sequence of these");
            }
        }
        return strips;
    }

    private List<JsonNode> parts(JsonNode component, String key) {
        if (component.isNull() || component.isMissingNode()) {
            return List.of();
        }
        return TokenizerJson.type(component).equals("Sequence")
                ? json.elements(component.path(key), key)
                : List.of(component);
    }

    private void requireSpaceToPiece(JsonNode replace) {
        require("pattern", replace.path("pattern").path("String"), " ");
        require("content", replace.path("content"), SPACE);
    }

    private void requirePieceToSpace(JsonNode replace) {
        require("pattern", replace.path("pattern").path("String"), SPACE);
        require("content", replace.path("content"), " ");
    }

    private void require(String key, JsonNode value, String supported) {
        if (!value.asString("").equals(supported)) {
            throw json.refuse(key, value.toString(), "\"" + supported + "\"");
        }
    }
}
