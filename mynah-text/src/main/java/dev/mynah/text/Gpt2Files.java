package dev.mynah.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** GPT-2's first file format: {@code vocab.json} and {@code merges.txt}, one merge a line. */
final class Gpt2Files {

    static final String MERGES = "merges.txt";

    private static final String VOCABULARY = "vocab.json";
    private static final String GPT2 = "GPT2Tokenizer";
    private static final String END_OF_TEXT = "<|endoftext|>";

    private Gpt2Files() {}

    /** Other families wrote the same two files for other patterns, which the files do not name. */
    private static void checkIsGpt2(Path config) throws IOException {
        String family = Files.exists(config)
                ? Json.readObject(config).path("tokenizer_class").asString(GPT2)
                : GPT2;
        if (!family.equals(GPT2) && !family.equals(GPT2 + "Fast")) {
            throw new TokenizerFormatException(config + ": " + MERGES + " of a " + family
                    + " is not supported, only of a " + GPT2 + "; a tokenizer.json is needed.");
        }
    }

    /**
     * Reads both from {@code folder}, for GPT-2's pattern; its end-of-text token is special where the vocabulary has
     * it.
     */
    static BpeSpec read(Path folder) throws IOException {
        checkIsGpt2(folder.resolve(TokenizerConfig.FILE));
        VocabularyReader vocabulary = new VocabularyReader(
                folder.resolve("{" + VOCABULARY + "," + MERGES + "}").toString());
        vocabulary.readTokens(Json.readObject(folder.resolve(VOCABULARY)));
        vocabulary.requireBytes();
        for (String line : Files.readAllLines(folder.resolve(MERGES))) {
            if (!line.startsWith("#version") && !line.isEmpty()) {
                vocabulary.addMerge(line.split(" ", -1));
            }
        }
        List<String> tokens = vocabulary.tokens();
        int end = tokens.indexOf(END_OF_TEXT);
        List<AddedToken> added = end < 0 ? List.of() : List.of(AddedToken.special(end, END_OF_TEXT));
        return new BpeSpec(
                false, Pretokenizer.GPT2, false, false, tokens, vocabulary.merges(), added, List.of(), List.of());
    }
}
