package dev.mynah.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where tokenizers come from. */
public final class Tokenizers {

    static final String TOKENIZER_FILE = "tokenizer.json";

    private Tokenizers() {}

    /**
     * Loads a tokenizer in the Hugging Face layout: {@code tokenizer.json}, or GPT-2's {@code vocab.json} with
     * {@code merges.txt}, or SentencePiece's {@code tokenizer.model}, or BERT's {@code vocab.txt}, and beside it, where they exist,
     * {@code tokenizer_config.json} and {@code special_tokens_map.json} for the tokens that begin and end a sequence.
     * Whether BOS and EOS are added is the post-processor's matter:
     * {@code add_bos_token} in the configuration is looked at beside a {@code tokenizer.model} only, and truncation and
     * padding are not.
     *
     * @param fileOrFolder a {@code tokenizer.json} or {@code tokenizer.model}, or the folder that holds it
     * @throws TokenizerFormatException where the files are damaged or need what is not supported, which the message
     *     names
     */
    public static Tokenizer load(Path fileOrFolder) throws IOException {
        Path file = Files.isDirectory(fileOrFolder) ? fileOrFolder.resolve(TOKENIZER_FILE) : fileOrFolder;
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new NoSuchFileException(file.toString(), null, "there is no tokenizer");
        }
        if (file.toString().endsWith(SentencePieceFile.EXTENSION)) {
            return SentencePieceFile.load(file);
        }
        if (Files.exists(file)) {
            TokenizerJson json = new TokenizerJson(file);
            TokenizerConfig config = TokenizerConfig.read(folder);
            if (json.isWordPiece()) {
                return new WordPieceTokenizer(WordPieceFiles.readJson(file), config);
            }
            return json.isSentencePiece()
                    ? new SentencePieceTokenizer(new SentencePieceJson(json).read(), config)
                    : new BpeTokenizer(json.byteLevel(), config);
        }
        if (Files.exists(folder.resolve(Gpt2Files.MERGES))) {
            return new BpeTokenizer(Gpt2Files.read(folder), TokenizerConfig.read(folder));
        }
        if (Files.exists(folder.resolve(SentencePieceFile.NAME))) {
            return SentencePieceFile.load(folder.resolve(SentencePieceFile.NAME));
        }
        if (Files.exists(folder.resolve(WordPieceFiles.VOCABULARY))) {
            return WordPieceTokenizer.load(folder);
        }
        throw new NoSuchFileException(file.toString(), null, "there is no tokenizer");
    }

    /**
     * The tokenizer of a vocabulary as GGUF files hold it.
     *
     * @throws TokenizerFormatException where it is damaged, or its kind or pre-tokenizer is not supported
     */
    public static Tokenizer of(GgufVocabulary vocabulary) {
        return GgufTokenizers.read(vocabulary);
    }
}
