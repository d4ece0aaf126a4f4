package dev.mynah.text;

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
 * Byte-level byte-pair encoding, as GPT-2 introduced it and the GPT, Llama 3 and Qwen families use it. Gives the ids of
 * the Hugging Face tokenizers library for the same
 * {@code tokenizer.json}.
 *
 * <p>In {@link #encode} special tokens are plain text. Added tokens that the file does not call special (words added
 * for a field, Qwen3's {@code <think>}) are found there too, as the
 * reference does with {@code encode_special_tokens}. A lone surrogate is encoded as U+FFFD.
 */
public final class BpeTokenizer implements Tokenizer {

    private final BpeSpec spec;
    private final TokenizerConfig config;
    private final BpeModel model;
    private final PieceCache cache = new PieceCache();
    private final TokenBytes tokens;
    private final Map<String, AddedToken> added = new HashMap<>();
    private final AddedTokens inText;
    private final AddedTokens inNormalizedText;
    private final int eosId;
    private final int bosId;

    BpeTokenizer(BpeSpec spec, TokenizerConfig config) {
        this.spec = spec;
        this.config = config;
        model = new BpeModel(spec);
        Map<String, AddedToken> raw = new LinkedHashMap<>();
        Map<String, AddedToken> normalized = new LinkedHashMap<>();
        for (AddedToken token : spec.addedTokens()) {
            added.put(token.content(), token);
            if (token.normalized()) {
                normalized.put(normalize(token.content()), token);
            } else {
                raw.put(token.content(), token);
            }
        }
        inText = new AddedTokens(raw);
        inNormalizedText = new AddedTokens(normalized);
        int size = spec.addedTokens().stream()
                .mapToInt(token -> token.id() + 1)
                .max()
                .orElse(0);
        tokens = new TokenBytes(Math.max(size, spec.vocabulary().size()));
        fillBytes();
        eosId = idOfNamed("eos_token", config.eosToken());
        bosId = idOfNamed("bos_token", config.bosToken());
    }

    private void fillBytes() {
        for (int id = 0; id < tokens.size(); id++) {
            String token = id < spec.vocabulary().size() ? spec.vocabulary().get(id) : "";
            byte[] decoded = ByteAlphabet.decode(token);
            tokens.set(id, decoded == null ? token.getBytes(StandardCharsets.UTF_8) : decoded, false);
        }
        for (AddedToken token : spec.addedTokens()) {
            tokens.set(token.id(), token.content().getBytes(StandardCharsets.UTF_8), token.special());
        }
    }

    private int idOfNamed(String key, @Nullable String token) {
        int id = token == null ? -1 : idOf(token);
        if (id < 0 && token != null) {
            throw new TokenizerFormatException(
                    "The tokenizer's " + key + " \"" + token + "\" is not in its vocabulary.");
        }
        return id;
    }

    @Override
    public int vocabSize() {
        return tokens.size();
    }

    @Override
    public int[] encodeForModel(String text) {
        int[] ids = encodeWithSpecials(text);
        int before = spec.before().size();
        int[] all = new int[before + ids.length + spec.after().size()];
        for (int i = 0; i < before; i++) {
            all[i] = spec.before().get(i);
        }
        System.arraycopy(ids, 0, all, before, ids.length);
        for (int i = 0; i < spec.after().size(); i++) {
            all[before + ids.length + i] = spec.after().get(i);
        }
        return all;
    }

    /**
     * Ids of text in UTF-8, as {@link #encode(String)} gives them. Where {@code utf8} is not UTF-8, nothing is
     * normalized or prefixed, no added token is looked for, and broken bytes are kept: {@link #decodeBytes} gives the
     * same bytes back.
     */
    public int[] encodeBytes(byte[] utf8) {
        String text = Utf8.decodeStrictly(utf8);
        if (text != null) {
            return encode(text);
        }
        PieceEncoder encoder = encoder(utf8.length);
        encodePieces(utf8, encoder);
        return encoder.ids();
    }

    @Override
    public int[] encode(MarkedText text) {
        PieceEncoder encoder = encoder(text.length());
        for (AddedTokens.Part part : inText.split(text.map(Utf8::wellFormed))) {
            if (part.token() != null) {
                encoder.add(part.token().id());
                continue;
            }
            for (AddedTokens.Part normalized :
                    inNormalizedText.split(part.text().map(this::normalize))) {
                if (normalized.token() != null) {
                    encoder.add(normalized.token().id());
                } else {
                    encodePieces(utf8(normalized.text().text()), encoder);
                }
            }
        }
        return encoder.ids();
    }

    private PieceEncoder encoder(int length) {
        return new PieceEncoder(model, cache, length / 3);
    }

    /** UTF-8 of a part of the text between added tokens, which is well-formed. */
    private byte[] utf8(String part) {
        boolean prefix = spec.addPrefixSpace() && !part.isEmpty() && part.charAt(0) != ' ';
        return (prefix ? " " + part : part).getBytes(StandardCharsets.UTF_8);
    }

    private void encodePieces(byte[] utf8, PieceEncoder encoder) {
        Pretokenizer pretokenizer = spec.pretokenizer();
        int at = 0;
        while (at < utf8.length) {
            int end = pretokenizer.next(utf8, at, utf8.length);
            encoder.encode(utf8, at, end);
            at = end;
        }
    }

    private String normalize(String text) {
        return spec.nfc() ? Nfc.normalize(text) : text;
    }

    /** {@inheritDoc} Empty for an id within the vocabulary that no token has. */
    @Override
    public byte[] bytes(int id) {
        return tokens.of(id).clone();
    }

    @Override
    public boolean isSpecial(int id) {
        return tokens.isSpecial(id);
    }

    @Override
    public String decode(int[] ids) {
        return tokens.decode(ids);
    }

    @Override
    public int idOf(String token) {
        AddedToken addedToken = added.get(token);
        if (addedToken != null) {
            return addedToken.id();
        }
        byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
        return utf8.length == 0 ? -1 : model.idOf(utf8, 0, utf8.length);
    }

    @Override
    public int eosId() {
        return eosId;
    }

    @Override
    public int bosId() {
        return bosId;
    }

    /** How text is cut into pieces before tokens are formed. */
    public Pretokenizer pretokenizer() {
        return spec.pretokenizer();
    }

    @Override
    public TokenizerConfig config() {
        return config;
    }

    /** The same tokenizer with other names beside it; a token named there has to be in the vocabulary. */
    public BpeTokenizer withConfig(TokenizerConfig other) {
        return new BpeTokenizer(spec, other);
    }

    /** The same tokenizer with each of {@code tokens} as a special token: one that is not in the vocabulary yet gets the next id. */
    public BpeTokenizer withSpecialTokens(List<String> tokens) {
        List<AddedToken> all = new ArrayList<>(spec.addedTokens());
        int next = vocabSize();
        for (String token : tokens) {
            AddedToken known = added.get(token);
            if (known == null) {
                int id = idOf(token);
                all.add(AddedToken.special(id < 0 ? next++ : id, token));
            } else if (!known.special()) {
                all.set(all.indexOf(known), AddedToken.special(known.id(), token));
            }
        }
        return new BpeTokenizer(spec.withAddedTokens(all), config);
    }

    /** The same tokenizer with {@code token}, which is in the vocabulary, put before every sequence by {@link #encodeForModel}. */
    public BpeTokenizer beginningWith(String token) {
        return new BpeTokenizer(spec.withBefore(List.of(idOfNamed("first token", token))), config);
    }

    BpeSpec spec() {
        return spec;
    }

    @Override
    public void save(Path folder) throws IOException {
        config.write(folder);
        // Last: where this file is, all is there, whenever the process is killed.
        TokenizerJsonWriter.write(spec, folder.resolve(Tokenizers.TOKENIZER_FILE));
    }
}
