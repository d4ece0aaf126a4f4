package dev.mynah.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * WordPiece (Schuster and Nakajima 2012) as BERT uses it: a word is cut into the longest tokens of the vocabulary, from
 * left to right. Gives the ids of the Hugging Face tokenizers library for the same {@code tokenizer.json}.
 *
 * <p>Text cannot be had back: accents, case and spaces may be lost. {@link #decode} puts a space before every token that
 * begins a word.
 */
public final class WordPieceTokenizer implements Tokenizer {
    private final WordPieceSpec spec;
    private final TokenizerConfig config;
    private final AddedTokens inText;
    private final String[] tokens;
    private final boolean[] special;
    private final Map<String, Integer> added = new HashMap<>();

    WordPieceTokenizer(WordPieceSpec spec, TokenizerConfig config) {
        this.spec = spec;
        this.config = config;
        int size = IntStream.concat(
                                spec.ids().values().stream().mapToInt(Integer::intValue),
                                spec.addedTokens().stream().mapToInt(AddedToken::id))
                        .max()
                        .orElse(-1)
                + 1;
        tokens = new String[size];
        special = new boolean[size];
        Arrays.fill(tokens, "");
        spec.ids().forEach((token, id) -> tokens[id] = token);
        Map<String, AddedToken> byText = new LinkedHashMap<>();
        for (AddedToken token : spec.addedTokens()) {
            tokens[token.id()] = token.content();
            special[token.id()] = token.special();
            added.put(token.content(), token.id());
            byText.put(token.content(), token);
        }
        inText = new AddedTokens(byText);
    }

    /**
     * Loads a {@code tokenizer.json}, or where there is none BERT's {@code vocab.txt}, from a folder.
     *
     * @throws TokenizerFormatException where the files are damaged or need what is not supported, which the message
     *     names
     */
    public static WordPieceTokenizer load(Path folder) throws IOException {
        Path file = folder.resolve(Tokenizers.TOKENIZER_FILE);
        WordPieceSpec spec = Files.exists(file) ? WordPieceFiles.readJson(file) : WordPieceFiles.readVocabulary(folder);
        return new WordPieceTokenizer(spec, TokenizerConfig.read(folder));
    }

    @Override
    public int vocabSize() {
        return tokens.length;
    }

    @Override
    public int[] encodeForModel(String text) {
        IntStream before = spec.before().stream().mapToInt(Integer::intValue);
        IntStream after = spec.after().stream().mapToInt(Integer::intValue);
        IntStream ids = Arrays.stream(encodeWithSpecials(text));
        return IntStream.concat(IntStream.concat(before, ids), after).toArray();
    }

    @Override
    public int[] encode(MarkedText text) {
        IntStream.Builder ids = IntStream.builder();
        for (AddedTokens.Part part : inText.split(text.map(Utf8::wellFormed))) {
            if (part.token() != null) {
                ids.add(part.token().id());
            } else {
                spec.normalizer().words(part.text().text()).forEach(word -> addPieces(word, ids));
            }
        }
        return ids.build().toArray();
    }

    /** A word of which some part has no token is unknown as a whole. */
    private void addPieces(String word, IntStream.Builder ids) {
        int[] pieces = new int[word.length()];
        int count = 0;
        if (word.codePointCount(0, word.length()) > spec.longestWord()) {
            ids.add(spec.unknownId());
            return;
        }
        int at = 0;
        while (at < word.length()) {
            String begin = at == 0 ? "" : spec.prefix();
            int end = word.length();
            Integer id = null;
            while (end > at && (id = spec.ids().get(begin + word.substring(at, end))) == null) {
                end = word.offsetByCodePoints(end, -1);
            }
            if (id == null) {
                ids.add(spec.unknownId());
                return;
            }
            pieces[count++] = id;
            at = end;
        }
        for (int i = 0; i < count; i++) {
            ids.add(pieces[i]);
        }
    }

    /** {@inheritDoc} Without the mark of tokens that go on within a word; empty for an id that no token has. */
    @Override
    public byte[] bytes(int id) {
        String token = token(id);
        return (continuesWord(token) ? token.substring(spec.prefix().length()) : token)
                .getBytes(StandardCharsets.UTF_8);
    }

    private String token(int id) {
        if (id < 0 || id >= tokens.length) {
            throw new IllegalArgumentException(
                    "There is no token " + id + ": the tokenizer's ids are 0 to " + (tokens.length - 1) + ".");
        }
        return tokens[id];
    }

    private boolean continuesWord(String token) {
        return !spec.prefix().isEmpty() && token.startsWith(spec.prefix());
    }

    @Override
    public boolean isSpecial(int id) {
        return id >= 0 && id < special.length && special[id];
    }

    @Override
    public String decode(int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String token = token(id);
            if (special[id]) {
                continue;
            }
            if (continuesWord(token)) {
                text.append(token, spec.prefix().length(), token.length());
            } else {
                text.append(text.isEmpty() ? "" : " ").append(token);
            }
        }
        return text.toString();
    }

    @Override
    public int idOf(String token) {
        return added.getOrDefault(token, spec.ids().getOrDefault(token, -1));
    }

    @Override
    public int eosId() {
        return idOfNamed(config.eosToken());
    }

    @Override
    public int bosId() {
        return idOfNamed(config.bosToken());
    }

    private int idOfNamed(@Nullable String token) {
        return token == null ? -1 : idOf(token);
    }
}
