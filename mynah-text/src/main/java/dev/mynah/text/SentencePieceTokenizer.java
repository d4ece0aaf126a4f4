package dev.mynah.text;

import static dev.mynah.text.SentencePieceSpec.SPACE;

import dev.mynah.text.MarkedText.Origin;
import dev.mynah.text.SentencePieceSpec.Kind;
import dev.mynah.text.SentencePieceSpec.Prefix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding over characters with single bytes for those without a token, as SentencePiece (Kudo and
 * Richardson 2018) introduced it and Llama 1 and 2, Mistral and Gemma use it. A space is written U+2581, and in most of
 * these families one is put before the text.
 *
 * <p>Gives the ids of the Hugging Face tokenizers library for a {@code tokenizer.json}, of SentencePiece for a
 * {@code tokenizer.model}, and of llama.cpp for the vocabulary in a GGUF file, except that text never becomes a control
 * token by merging.
 */
public final class SentencePieceTokenizer implements Tokenizer {

    private final SentencePieceSpec spec;
    private final TokenizerConfig config;
    private final SentencePieceModel model;
    private final TokenBytes tokens;
    private final Map<String, Integer> idOfText = new HashMap<>();
    private final AddedTokens inText;
    private final AddedTokens inNormalizedText;

    SentencePieceTokenizer(SentencePieceSpec spec, TokenizerConfig config) {
        this.spec = spec;
        this.config = config;
        model = new SentencePieceModel(spec);
        int size = spec.pieces().size();
        tokens = new TokenBytes(size);
        for (int id = 0; id < size; id++) {
            String piece = spec.pieces().get(id);
            Kind kind = spec.kinds().get(id);
            byte[] bytes = kind == Kind.BYTE
                    ? new byte[] {(byte) Integer.parseInt(piece.substring(3, 5), 16)}
                    : piece.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
            tokens.set(id, bytes, kind == Kind.CONTROL);
            if (!piece.isEmpty()) {
                idOfText.putIfAbsent(piece, id);
            }
        }
        Map<String, AddedToken> raw = new LinkedHashMap<>();
        Map<String, AddedToken> normalized = new LinkedHashMap<>();
        for (AddedToken token : spec.addedTokens()) {
            byte[] bytes = token.content().replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
            tokens.set(token.id(), bytes, token.special());
            idOfText.put(token.content(), token.id());
            if (token.normalized()) {
                normalized.put(
                        normalize(MarkedText.of(token.content(), Origin.PROGRAM))
                                .text(),
                        token);
            } else {
                raw.put(token.content(), token);
            }
        }
        inText = new AddedTokens(raw);
        inNormalizedText = new AddedTokens(normalized);
        requireNamed("eos_token", config.eosToken());
        requireNamed("bos_token", config.bosToken());
    }

    private void requireNamed(String key, @Nullable String token) {
        if (token != null && !idOfText.containsKey(token)) {
            throw new TokenizerFormatException(
                    "The tokenizer's " + key + " \"" + token + "\" is not in its vocabulary.");
        }
    }

    @Override
    public int vocabSize() {
        return tokens.size();
    }

    @Override
    public int[] encodeForModel(String text) {
        List<Integer> all = new ArrayList<>(spec.before());
        all.addAll(ids(MarkedText.of(text, Origin.PROGRAM)));
        all.addAll(spec.after());
        return array(all);
    }

    private static int[] array(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int[] encode(MarkedText text) {
        return array(ids(text));
    }

    private List<Integer> ids(MarkedText text) {
        List<Integer> ids = new ArrayList<>();
        boolean first = true;
        for (AddedTokens.Part part : inText.split(text.map(Utf8::wellFormed))) {
            if (part.token() != null) {
                ids.add(part.token().id());
            } else {
                for (AddedTokens.Part inner : inNormalizedText.split(normalize(part.text()))) {
                    if (inner.token() != null) {
                        ids.add(inner.token().id());
                    } else {
                        encodeStretch(inner.text().text(), first, ids);
                    }
                    first = false;
                }
            }
            first = false;
        }
        return ids;
    }

    /** Puts the space before a stretch of text, where it belongs there in any case, and writes spaces as U+2581. */
    private MarkedText normalize(MarkedText stretch) {
        MarkedText replaced = stretch.mapParts(part -> part.replace(' ', SPACE));
        return spec.prefix() == Prefix.EVERY
                ? MarkedText.of(String.valueOf(SPACE), Origin.PROGRAM).plus(replaced)
                : replaced;
    }

    private void encodeStretch(String normalized, boolean first, List<Integer> ids) {
        boolean wanted =
                spec.prefix() == Prefix.EVERY_UNLESS_SPACE || (spec.prefix() == Prefix.FIRST_UNLESS_SPACE && first);
        String text = wanted && normalized.charAt(0) != SPACE ? SPACE + normalized : normalized;
        int from = 0;
        while (from < text.length()) {
            int next = spec.splitsWords() ? text.indexOf(SPACE, from + 1) : -1;
            int to = next < 0 ? text.length() : next;
            model.encode(text.substring(from, to).getBytes(StandardCharsets.UTF_8), ids);
            from = to;
        }
    }

    @Override
    public byte[] bytes(int id) {
        return tokens.of(id).clone();
    }

    @Override
    public boolean isSpecial(int id) {
        return tokens.isSpecial(id);
    }

    /** {@inheritDoc} Without the one space that encoding put before the text. */
    @Override
    public String decode(int[] ids) {
        String text = tokens.decode(ids);
        return spec.stripsPrefix() && text.startsWith(" ") ? text.substring(1) : text;
    }

    @Override
    public int idOf(String token) {
        Integer id = idOfText.get(token);
        return id != null ? id : model.idOf(token.replace(' ', SPACE).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int eosId() {
        return config.eosToken() == null ? -1 : idOf(config.eosToken());
    }

    @Override
    public int bosId() {
        return config.bosToken() == null ? -1 : idOf(config.bosToken());
    }

    @Override
    public TokenizerConfig config() {
        return config;
    }

    SentencePieceSpec spec() {
        return spec;
    }

    @Override
    public void save(Path folder) throws IOException {
        config.write(folder);
        // Last: where this file is, all is there, whenever the process is killed.
        SentencePieceJsonWriter.write(spec, folder.resolve(Tokenizers.TOKENIZER_FILE));
    }
}
