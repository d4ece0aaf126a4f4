package dev.mynah.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes are a tokenizer that works, or refused in one sentence. See docs/development.md for how to fuzz. */
class TokenizerFuzzTest {

    @FuzzTest
    void tokenizerJson(byte[] bytes) throws IOException {
        use(bytes, ".json");
    }

    @FuzzTest
    void sentencePieceModel(byte[] bytes) throws IOException {
        use(bytes, ".model");
    }

    private static void use(byte[] bytes, String extension) throws IOException {
        Path file = Files.createTempFile("tokenizer", extension);
        try {
            Files.write(file, bytes);
            Tokenizer tokenizer = Tokenizers.load(file);
            tokenizer.decode(tokenizer.encodeForModel("Some text, 一些文字 <|endoftext|> 123"));
        } catch (TokenizerFormatException e) {
            // Refused.
        } finally {
            Files.delete(file);
        }
    }
}
