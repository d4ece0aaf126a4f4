package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"The bird talks.", "床前明月光 🐦👨‍👩‍👧‍👦", "@not-a-file"})
    void whatIsEncodedIsDecoded(String text) {
        Cli encoded = Cli.run("tokenizer", "encode", "-t", Cli.LLAMA, text);
        assertThat(encoded.exitCode()).isZero();
        assertThat(encoded.out()).startsWith("0 ");

        Cli decoded =
                Cli.run("tokenizer", "decode", "-t", Cli.LLAMA, encoded.out().strip());
        assertThat(decoded.out()).isEqualTo(text + System.lineSeparator());
        assertThat(Cli.run(
                                "tokenizer",
                                "decode",
                                "-t",
                                Cli.LLAMA,
                                "--json",
                                encoded.out().strip())
                        .json()
                        .get("text")
                        .asString())
                .isEqualTo(text);
        Cli whole = Cli.run(
                "tokenizer",
                "decode",
                "--keep-specials",
                "-t",
                Cli.LLAMA,
                encoded.out().strip());
        assertThat(whole.out()).isEqualTo("<|begin_of_text|>" + text + System.lineSeparator());
    }

    @Test
    void textComesFromStandardInputToo() {
        Cli given = Cli.run("tokenizer", "encode", "-t", Cli.LLAMA, "明月", "--json");
        Cli read = Cli.runWithInput("明月", "tokenizer", "encode", "-t", Cli.LLAMA, "-", "--json");

        assertThat(read.json()).isEqualTo(given.json());
        assertThat(given.json().get("count").asInt())
                .isEqualTo(given.json().get("ids").size());
    }

    @Test
    void plainTextForgesNoSpecialTokens() {
        Cli plain = Cli.run("tokenizer", "encode", "--plain", "-t", Cli.LLAMA, "<|end_of_text|>", "--json");
        Cli forModel = Cli.run("tokenizer", "encode", "-t", Cli.LLAMA, "<|end_of_text|>", "--json");

        assertThat(forModel.json().get("ids")).hasToString("[0,1]");
        assertThat(plain.json().get("ids").size()).isGreaterThan(2);
    }

    @Test
    void aFileInPlaceOfTheFolderIsToldBeforeTheCorpusIsRead(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("precious.txt"), "precious");

        Cli refused = Cli.run("tokenizer", "train", folder.resolve("none.txt"), "--vocab-size", 270, "--out", file);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("precious.txt is a file; a tokenizer needs a folder");
        assertThat(file).hasContent("precious");
    }

    @Test
    void aTrainedTokenizerIsWrittenAndWorks(@TempDir Path folder) throws IOException {
        Path corpus = Files.writeString(folder.resolve("corpus.txt"), "the bird talks to the people. ".repeat(50));
        Path out = folder.resolve("tokenizer");

        Cli trained = Cli.run("tokenizer", "train", corpus, "--vocab-size", 270, "--pattern", "gpt2", "--out", out);

        assertThat(trained.exitCode()).as(trained.err()).isZero();
        Cli encoded = Cli.run("tokenizer", "encode", "--plain", "-t", out, "the bird", "--json");
        assertThat(encoded.json().get("count").asInt()).isLessThan(8);
        assertRefused("holds a tokenizer already; give --force", "train", corpus, "--vocab-size", 280, "--out", out);
        Cli forced = Cli.run("tokenizer", "train", corpus, "--vocab-size", 260, "--force", "--out", out, "--json");
        assertThat(forced.err()).contains("Wrote a tokenizer of 260 tokens");
        assertThat(forced.json()).hasToString("{\"path\":\"" + out + "\",\"vocab_size\":260}");
    }

    @Test
    void badInputIsOneSentenceAndExitCode2(@TempDir Path folder) throws IOException {
        Path corpus = Files.writeString(folder.resolve("corpus.txt"), "abc");
        Path out = folder.resolve("tokenizer");
        assertRefused("too small", "train", corpus, "--vocab-size", 5000, "--out", out);
        assertRefused("at least 257", "train", corpus, "--vocab-size", 10, "--out", out);
        assertRefused(
                "no pre-tokenization pattern", "train", corpus, "--vocab-size", 300, "--pattern", "x", "--out", out);
        assertRefused("none.txt", "train", folder.resolve("none.txt"), "--vocab-size", 300, "--out", out);
        assertThat(out).doesNotExist();

        assertRefused("There is no token 5000", "decode", "-t", Cli.LLAMA, "5000");
        assertRefused("\"x\" is not a token id", "decode", "-t", Cli.LLAMA, "x");
        assertRefused("no token ids are given", "decode", "-t", Cli.LLAMA, "");
        assertRefused("there is no tokenizer", "encode", "-t", folder, "x");
        assertRefused("Missing command");
    }

    private static void assertRefused(String part, Object... args) {
        Object[] all = new Object[args.length + 1];
        all[0] = "tokenizer";
        System.arraycopy(args, 0, all, 1, args.length);
        Cli run = Cli.run(all);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(part);
    }
}
