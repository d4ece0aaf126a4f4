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
     * Loads a byte-level BPE tokenizer in the Hugging Face layout: {@code tokenizer.json}, or GPT-2's {@code
     * vocab.json} with {@code merges.txt}, and beside it, where they exist,
     * {@code tokenizer_config.json} and {@code special_tokens_map.json} for the tokens that begin and end a sequence.
     * Whether BOS and EOS are added is the post-processor's matter:
     * {@code add_bos_token} in the configuration is not looked at, nor are truncation and padding.
     *
     * @param fileOrFolder a {@code tokenizer.json}, or the folder that holds it
     * @throws TokenizerFormatException where the files are damaged or need what is not supported, which the message
     *     names
     */
    public static BpeTokenizer load(Path fileOrFolder) throws IOException {
        Path file = Files.isDirectory(fileOrFolder) ? fileOrFolder.resolve(TOKENIZER_FILE) : fileOrFolder;
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || (!Files.exists(file) && !Files.exists(folder.resolve(Gpt2Files.MERGES)))) {
            throw new NoSuchFileException(file.toString(), null, "there is no tokenizer");
        }
        BpeSpec spec = Files.exists(file) ? TokenizerJson.read(file) : Gpt2Files.read(folder);
        return new BpeTokenizer(spec, TokenizerConfig.read(folder));
    }
}
