package dev.mynah.text;

import static dev.mynah.text.GgufVocabulary.BYTE;
import static dev.mynah.text.GgufVocabulary.CONTROL;
import static dev.mynah.text.GgufVocabulary.NORMAL;
import static dev.mynah.text.GgufVocabulary.UNKNOWN;
import static dev.mynah.text.GgufVocabulary.UNUSED;
import static dev.mynah.text.GgufVocabulary.USER_DEFINED;

import dev.mynah.text.SentencePieceSpec.Kind;
import dev.mynah.text.SentencePieceSpec.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokenizers and the vocabularies of GGUF files, one from the other. */
final class GgufTokenizers {

    private static final String BYTE_LEVEL = "gpt2";
    private static final String SENTENCE_PIECE = "llama";

    private GgufTokenizers() {}

    static Tokenizer read(GgufVocabulary vocabulary) {
        if (vocabulary.tokens().isEmpty()) {
            throw wrong(vocabulary, "there are no tokens");
        }
        return switch (vocabulary.model()) {
            case BYTE_LEVEL -> new BpeTokenizer(byteLevel(vocabulary), config(vocabulary));
            case SENTENCE_PIECE -> new SentencePieceTokenizer(sentencePiece(vocabulary), config(vocabulary));
            default ->
                throw wrong(
                        vocabulary,
                        "the tokenizer model \"" + vocabulary.model() + "\" is not supported; supported are "
                                + BYTE_LEVEL + ", " + SENTENCE_PIECE);
        };
    }

    private static TokenizerConfig config(GgufVocabulary vocabulary) {
        return new TokenizerConfig(
                token(vocabulary, vocabulary.bosId()),
                token(vocabulary, vocabulary.eosId()),
                0,
                vocabulary.chatTemplate(),
                null);
    }

    private static @Nullable String token(GgufVocabulary vocabulary, int id) {
        return id < 0 ? null : vocabulary.tokens().get(id);
    }

    private static BpeSpec byteLevel(GgufVocabulary vocabulary) {
        String name = vocabulary.pre();
        GgufPattern pattern = name == null ? null : GgufPattern.named(name);
        if (pattern == null) {
            String found =
                    name == null ? "no pre-tokenizer is named" : "the pre-tokenizer \"" + name + "\" is not supported";
            throw wrong(vocabulary, found + "; supported are " + GgufPattern.names());
        }
        VocabularyReader reader = new VocabularyReader(vocabulary.source());
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            String token = vocabulary.tokens().get(id);
            if (isAdded(vocabulary.type(id))) {
                reader.add(added(vocabulary, id));
            } else if (vocabulary.type(id) != UNUSED) {
                reader.addToken(id, token);
            }
        }
        reader.requireBytes();
        vocabulary.merges().forEach(merge -> reader.addMerge(merge.split(" ", -1)));
        return new BpeSpec(
                pattern.nfc,
                pattern.pretokenizer,
                false,
                pattern.likeLlama3,
                sized(reader.tokens(), vocabulary.tokens().size()),
                reader.merges(),
                reader.addedTokens(),
                before(vocabulary, pattern.likeLlama3),
                after(vocabulary));
    }

    /** With empty ones behind, where the last ids are unused. */
    private static List<String> sized(List<String> tokens, int size) {
        List<String> all = new ArrayList<>(tokens);
        all.addAll(Collections.nCopies(Math.max(0, size - all.size()), ""));
        return all;
    }

    private static SentencePieceSpec sentencePiece(GgufVocabulary vocabulary) {
        if (vocabulary.scores().isEmpty()) {
            throw wrong(vocabulary, "the tokenizer model llama needs scores");
        }
        if (vocabulary.scores().stream().anyMatch(score -> Float.isNaN(score))) {
            throw wrong(vocabulary, "a score is no number");
        }
        List<Kind> kinds = new ArrayList<>();
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            int type = vocabulary.type(id);
            kinds.add(kind(vocabulary, id, type));
            if (isAdded(type) && !vocabulary.tokens().get(id).isEmpty()) {
                added.add(added(vocabulary, id));
            }
        }
        boolean prefix = !Boolean.FALSE.equals(vocabulary.addSpacePrefix());
        long bytes = kinds.stream().filter(kind -> kind == Kind.BYTE).count();
        if (bytes < 256 && vocabulary.unknownId() < 0) {
            throw wrong(vocabulary, "there are only " + bytes + " tokens for bytes, and none for what is unknown");
        }
        return new SentencePieceSpec(
                vocabulary.tokens(),
                kinds,
                new SentencePieceSpec.Scores(vocabulary.scores()),
                added,
                prefix ? Prefix.EVERY : Prefix.NEVER,
                false,
                prefix,
                vocabulary.unknownId(),
                before(vocabulary, true),
                after(vocabulary));
    }

    private static Kind kind(GgufVocabulary vocabulary, int id, int type) {
        return switch (type) {
            case NORMAL, USER_DEFINED, UNUSED -> Kind.NORMAL;
            case UNKNOWN, CONTROL -> Kind.CONTROL;
            case BYTE -> {
                if (!vocabulary.tokens().get(id).matches("<0x[0-9A-F]{2}>")) {
                    throw wrong(vocabulary, "token " + id + " is to stand for a byte, but is not called like <0x0A>");
                }
                yield Kind.BYTE;
            }
            default -> throw wrong(vocabulary, "token " + id + " has the unknown type " + type);
        };
    }

    private static boolean isAdded(int type) {
        return type == CONTROL || type == USER_DEFINED || type == UNKNOWN;
    }

    private static AddedToken added(GgufVocabulary vocabulary, int id) {
        String content = vocabulary.tokens().get(id);
        if (content.isEmpty()) {
            throw wrong(vocabulary, "the special token " + id + " is empty");
        }
        return new AddedToken(id, content, vocabulary.type(id) != USER_DEFINED, false, false, false, false);
    }

    private static List<Integer> before(GgufVocabulary vocabulary, boolean usual) {
        Boolean adds = vocabulary.addBos();
        return vocabulary.bosId() >= 0 && (adds == null ? usual : adds) ? List.of(vocabulary.bosId()) : List.of();
    }

    private static List<Integer> after(GgufVocabulary vocabulary) {
        return vocabulary.eosId() >= 0 && Boolean.TRUE.equals(vocabulary.addEos())
                ? List.of(vocabulary.eosId())
                : List.of();
    }

    private static TokenizerFormatException wrong(GgufVocabulary vocabulary, String what) {
        return new TokenizerFormatException(vocabulary.source() + ": " + what + ".");
    }

    static GgufVocabulary write(Tokenizer tokenizer) {
        return switch (tokenizer) {
            case BpeTokenizer bpe -> write(bpe);
            case SentencePieceTokenizer pieces -> write(pieces);
            default ->
                throw new IllegalArgumentException(
                        "a GGUF file cannot hold a " + tokenizer.getClass().getSimpleName());
        };
    }

    private static GgufVocabulary write(BpeTokenizer tokenizer) {
        BpeSpec spec = tokenizer.spec();
        GgufPattern pattern = GgufPattern.of(spec);
        if (pattern == null || spec.addPrefixSpace()) {
            throw new IllegalArgumentException("no GGUF pre-tokenizer does what this tokenizer does (pattern "
                    + spec.pretokenizer().id() + ", nfc " + spec.nfc() + ", ignore_merges " + spec.ignoreMerges()
                    + ", add_prefix_space " + spec.addPrefixSpace() + "); there are " + GgufPattern.names());
        }
        List<String> tokens = sized(spec.vocabulary(), tokenizer.vocabSize());
        Integer[] types = new Integer[tokens.size()];
        Arrays.setAll(types, id -> tokens.get(id).isEmpty() ? UNUSED : NORMAL);
        for (AddedToken token : spec.addedTokens()) {
            tokens.set(token.id(), token.content());
            types[token.id()] = token.special() ? CONTROL : USER_DEFINED;
        }
        for (int id = 0; id < types.length; id++) {
            if (types[id] == UNUSED) {
                tokens.set(id, "[PAD" + id + "]");
            }
        }
        List<String> merges = spec.merges().stream()
                .map(merge -> spec.vocabulary().get(merge.left()) + " "
                        + spec.vocabulary().get(merge.right()))
                .toList();
        return vocabulary(
                tokenizer,
                BYTE_LEVEL,
                pattern.id,
                tokens,
                List.of(),
                List.of(types),
                merges,
                -1,
                spec.before(),
                spec.after(),
                null);
    }

    private static GgufVocabulary write(SentencePieceTokenizer tokenizer) {
        SentencePieceSpec spec = tokenizer.spec();
        List<Integer> types = new ArrayList<>();
        for (Kind kind : spec.kinds()) {
            types.add(kind == Kind.BYTE ? BYTE : kind == Kind.CONTROL ? CONTROL : NORMAL);
        }
        List<String> tokens = new ArrayList<>(spec.pieces());
        for (AddedToken token : spec.addedTokens()) {
            tokens.set(token.id(), token.content());
            types.set(token.id(), token.special() ? CONTROL : USER_DEFINED);
        }
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id).isEmpty()) {
                tokens.set(id, "[PAD" + id + "]");
                types.set(id, UNUSED);
            }
        }
        if (spec.unknownId() >= 0) {
            types.set(spec.unknownId(), UNKNOWN);
        }
        return vocabulary(
                tokenizer,
                SENTENCE_PIECE,
                "default",
                tokens,
                scores(spec),
                types,
                List.of(),
                spec.unknownId(),
                spec.before(),
                spec.after(),
                spec.prefix() != Prefix.NEVER);
    }

    /** The scores, or such that put the merges into the same order: the earlier a piece is merged, the higher. */
    private static List<Float> scores(SentencePieceSpec spec) {
        return switch (spec.order()) {
            case SentencePieceSpec.Scores scores -> scores.scores();
            case SentencePieceSpec.Ranks ranks -> {
                Float[] scores = new Float[spec.pieces().size()];
                Arrays.setAll(
                        scores,
                        id -> spec.kinds().get(id) == Kind.NORMAL
                                ? -(float) ranks.merges().size()
                                : 0f);
                for (int rank = ranks.merges().size() - 1; rank >= 0; rank--) {
                    scores[ranks.merges().get(rank).result()] = -(float) rank;
                }
                yield List.of(scores);
            }
        };
    }

    private static GgufVocabulary vocabulary(
            Tokenizer tokenizer,
            String model,
            String pre,
            List<String> tokens,
            List<Float> scores,
            List<Integer> types,
            List<String> merges,
            int unknownId,
            List<Integer> before,
            List<Integer> after,
            @Nullable Boolean addSpacePrefix) {
        int bosId = before.size() == 1 ? before.getFirst() : tokenizer.bosId();
        int eosId = after.size() == 1 ? after.getFirst() : tokenizer.eosId();
        if (before.size() > 1 || after.size() > 1) {
            throw new IllegalArgumentException("a GGUF file can put one token before a text and one behind it, not "
                    + before.size() + " and " + after.size());
        }
        return new GgufVocabulary(
                "the tokenizer",
                model,
                pre,
                tokens,
                scores,
                types,
                merges,
                bosId,
                eosId,
                unknownId,
                !before.isEmpty(),
                !after.isEmpty(),
                addSpacePrefix,
                tokenizer.config().chatTemplate());
    }
}
