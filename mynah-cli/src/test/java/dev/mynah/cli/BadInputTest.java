package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person gets wrong on the way from text to a model: one sentence, exit code 2, and every file that was there is there as it was. */
class BadInputTest {

    private static final String CORPUS = "../recipes/corpora/tiny-shakespeare.jsonl.gz";

    @TempDir
    private Path folder;

    @Test
    void badInputIsOneSentenceAndLeavesWhatIsThere() throws IOException {
        Path config = file("pretrain.yaml", """
                tokenizer: {train: {vocab_size: 300}}
                data: {paths: [%s]}
                model: {layers: 1, width: 16, heads: 2, context: 32}
                train: {steps: 2, batch: 2, dtype: fp32, peak_tflops: 1}
                """.formatted(CORPUS));
        Path run = folder.resolve("run");
        Cli trained = Cli.run("train", "pretrain", "--config", config, "--out", run);
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        Path model = run.resolve("model");
        Path text = file("text.txt", "To be, or not to be.");
        Path empty = file("empty.txt", "");
        Path broken = file("broken.jsonl", "{\"text\": \"" + "a line that is whole ".repeat(40) + "\"}\n{\"text\": \n");
        Path latin1 = Files.write(
                folder.resolve("latin1.txt"), "caf\u00e9 ".repeat(200).getBytes(StandardCharsets.ISO_8859_1));
        Path utf16 =
                Files.write(folder.resolve("utf16.txt"), "text ".repeat(200).getBytes(StandardCharsets.UTF_16));
        Path truncated = damaged("truncated", weights -> Arrays.copyOf(weights, weights.length - 100));
        Path terabytes = damaged("terabytes", weights -> {
            ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 5L << 40);
            return weights;
        });
        Map<Path, String> before = contents();

        assertRefused("none.yaml does not exist", pretrain(folder.resolve("none.yaml")));
        assertRefused("none.txt", pretrain(config, "data.paths=[none.txt]"));
        assertRefused("none.txt: there is no such file", "score", "-m", model, "--file", folder.resolve("none.txt"));
        assertRefused("the corpus is empty: no document in " + latin1, pretrain(config, "data.paths=[" + latin1 + "]"));
        assertRefused("is UTF-16; convert it to UTF-8", pretrain(config, "data.paths=[" + utf16 + "]"));
        assertRefused("latin1.txt is not UTF-8 text: byte 3", "score", "-m", model, "--file", latin1);
        assertRefused("the corpus is empty: no document in " + empty, pretrain(config, "data.paths=[" + empty + "]"));
        assertRefused(
                "vocabulary", pretrain(config, "data.paths=[" + broken + "]", "tokenizer.train.vocab_size=20000"));
        assertRefused(
                broken + ":2: not valid JSON", pretrain(config, "data.paths=[" + broken + "]", "data.strict=true"));
        assertRefused("did you mean learning_rate?", pretrain(config, "train.learning_rte=1"));
        assertRefused("another shape: width is 16 instead of 32", resume(config, run, "model.width=32"));
        for (Path damaged : new Path[] {truncated, terabytes}) {
            assertRefused("model.safetensors", "generate", "-m", damaged, "-p", "x");
            assertRefused("model.safetensors", "score", "-m", damaged, "--file", text);
            assertRefused(
                    "model.safetensors",
                    pretrain(config, "model={path: " + damaged + "}", "tokenizer={path: " + damaged + "}"));
        }
        assertRefused("the header claims 5497558138880 bytes", "generate", "-m", terabytes, "-p", "x");
        assertRefused("token id 300 (number 2 of 2)", "generate", "-m", model, "--prompt-ids", "1,300");
        assertRefused("There is no token 300", "tokenizer", "decode", "-t", model, "300");
        assertRefused("give --resume", "train", "pretrain", "--config", config, "--out", run);
        assertRefused("belong to the recipe poet", "recipe", "first-words", "--rounds", 2);
        assertRefused(
                broken + ":2: not valid JSON",
                "tokenizer",
                "train",
                broken,
                "--strict",
                "--vocab-size",
                270,
                "--out",
                folder.resolve("tokenizer"));
        assertRefused(
                broken + ":2: not valid JSON",
                "train",
                "pretrain",
                "--strict",
                "--config",
                config,
                "--out",
                folder.resolve("new"),
                "--set",
                "data.paths=[" + broken + "]");

        Map<Path, String> after = contents();
        assertThat(after).containsAllEntriesOf(before);
        assertThat(folder.resolve("new/model")).doesNotExist();
    }

    private interface Damage {
        byte[] to(byte[] weights);
    }

    /** The trained model with its weights' file damaged. */
    private Path damaged(String name, Damage damage) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(folder.resolve("run/model"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path weights = copy.resolve("model.safetensors");
        Files.write(weights, damage.to(Files.readAllBytes(weights)));
        return copy;
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Object[] pretrain(Path config, String... overrides) {
        return withOverrides(
                Stream.of("train", "pretrain", "--config", config, "--out", folder.resolve("new")), overrides);
    }

    private static Object[] resume(Path config, Path run, String... overrides) {
        return withOverrides(Stream.of("train", "pretrain", "--config", config, "--out", run, "--resume"), overrides);
    }

    private static Object[] withOverrides(Stream<Object> command, String... overrides) {
        return Stream.concat(command, Stream.of(overrides).flatMap(each -> Stream.of("--set", each)))
                .toArray();
    }

    private static void assertRefused(String part, Object... command) {
        Cli run = Cli.run(command);
        String what = Arrays.toString(command) + " said: " + run.err();
        assertThat(run.exitCode()).as(what).isEqualTo(2);
        assertThat(run.err().lines().filter(line -> line.startsWith("mynah: ")))
                .as(what)
                .hasSize(1);
        assertThat(run.err()).as(what).contains(part).doesNotContain("\tat ");
        assertThat(run.out()).as(what).isEmpty();
    }

    /** Every file below the folder, in Latin-1 so that any bytes are a text. */
    private Map<Path, String> contents() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                contents.put(path, Files.readString(path, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
