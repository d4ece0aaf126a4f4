package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GenerateCommandTest {
    private static Cli generate(Object... args) {
        Object[] all = new Object[args.length + 3];
        all[0] = "generate";
        all[1] = "-m";
        all[2] = Cli.LLAMA;
        System.arraycopy(args, 0, all, 3, args.length);
        return Cli.run(all);
    }

    @Test
    void jsonHoldsTextTokensLogProbabilitiesAndUsage() {
        JsonNode reference = JsonMapper.shared()
                .readTree(Cli.LLAMA.resolve("reference.json"))
                .at("/generate/0");
        Cli run = generate(
                "-p", "The bird", "--temperature", 0, "--max-tokens", 20, "--ignore-eos", "--logprobs", 5, "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        JsonNode json = run.json();
        assertThat(json.propertyNames()).containsExactly("text", "tokens", "logprobs", "finish_reason", "usage");
        assertThat(json.get("tokens")).isEqualTo(reference.get("greedy"));
        assertThat(json.get("finish_reason").asString()).isEqualTo("length");
        assertThat(json.at("/usage/prompt_tokens").asInt())
                .isEqualTo(reference.get("prompt_ids").size());
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(20);
        assertThat(json.get("logprobs").size()).isEqualTo(20);
        JsonNode first = json.at("/logprobs/0");
        assertThat(first.get("token")).isEqualTo(json.at("/tokens/0"));
        assertThat(first.at("/top/0/0")).isEqualTo(reference.at("/top_log_probs/0/0"));
        assertThat(first.get("logprob")).isEqualTo(first.at("/top/0/1"));
        assertThat(first.get("top").size()).isEqualTo(5);
    }

    @Test
    void promptIdsAreTakenAsTheyAre() {
        JsonNode json =
                generate("--prompt-ids", "5,6,7", "--max-tokens", 1, "--json").json();

        assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        assertThat(json.get("logprobs").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"床前明月光", "🐦 and 👨‍👩‍👧‍👦", "\"quoted\"\n\ttext", ""})
    void promptsMayBeAnyText(String prompt) {
        Cli run = generate("-p", prompt, "--max-tokens", 5, "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().get("text").isString()).isTrue();
    }

    @Test
    void aPromptFromAFileOrStandardInputIsTheSame(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("prompt.txt"), "明月 🐦");
        Object[] fromInput = {"generate", "-m", Cli.LLAMA, "-p", "-", "--temperature", 0, "--max-tokens", 8, "--json"};

        JsonNode given = generate("-p", "明月 🐦", "--temperature", 0, "--max-tokens", 8, "--json")
                .json();
        assertThat(generate("-p", "@" + file, "--temperature", 0, "--max-tokens", 8, "--json")
                        .json())
                .isEqualTo(given);
        assertThat(Cli.runWithInput("明月 🐦", fromInput).json()).isEqualTo(given);
    }

    @Test
    void withoutJsonTheTextAloneIsPrinted() {
        String text = generate("-p", "A", "--seed", 7, "--max-tokens", 12, "--json")
                .json()
                .get("text")
                .asString();

        assertThat(generate("-p", "A", "--seed", 7, "--max-tokens", 12).out()).isEqualTo(text + System.lineSeparator());
    }

    @Test
    void badInputIsOneSentenceAndExitCode2(@TempDir Path folder) throws IOException {
        Path latin1 = Files.write(folder.resolve("latin1.txt"), new byte[] {'a', (byte) 0xE9, 'b'});

        assertRefused(generate("-p", "x", "--temprature", 1), "Unknown option", "did you mean --temperature?");
        assertRefused(generate("-p", "x", "--temperature", -1), "temperature must be 0 (greedy)");
        assertRefused(generate("-p", "x", "--max-tokens", "many"), "--max-tokens", "'many' is not an int");
        assertRefused(generate("-p", "x", "--prompt-ids", "1"), "mutually exclusive");
        assertRefused(generate("--prompt-ids", "1,999"), "token id 999 (number 2 of 2)", "0..323");
        assertRefused(generate("--prompt-ids", "1,x"), "\"x\" is not a token id");
        assertRefused(generate("--prompt-ids", ""), "the prompt is empty");
        assertRefused(generate("-p", "word ".repeat(100)), "tokens, but the model's context holds 48");
        assertRefused(generate("-p", "@" + folder.resolve("none.txt")), "none.txt: there is no such file");
        assertRefused(generate("-p", "@" + latin1), "latin1.txt is not UTF-8 text: byte 1");
        assertRefused(generate("-p", "x", "--logprobs", 2), "--logprobs takes a number from 0 on, and needs --json");
        assertRefused(generate("-p", "x", "--device", "tpu"), "unknown device \"tpu\"");
        assertRefused(generate(), "Missing required argument");
        assertRefused(Cli.run("generat", "-p", "x"), "did you mean generate?");
    }

    @Test
    void badModelsAreOneSentenceAndExitCode2(@TempDir Path folder) throws IOException {
        assertRefused(Cli.run("generate", "-m", folder.resolve("none"), "-p", "x"), "there is no model");
        assertRefused(Cli.run("generate", "-m", folder, "-p", "x"), "holds no config.json");
        Path file = Files.writeString(folder.resolve("model.onnx"), "GGUF");
        assertRefused(Cli.run("generate", "-m", file, "-p", "x"), "is a file: a model is a folder");

        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Cli.LLAMA.resolve(name), folder.resolve(name));
        }
        byte[] weights = Files.readAllBytes(Cli.LLAMA.resolve("model.safetensors"));
        Path copy = folder.resolve("model.safetensors");
        Files.write(copy, Arrays.copyOf(weights, weights.length - 1000));
        assertRefused(Cli.run("generate", "-m", folder, "-p", "x"), "model.safetensors");
        weights[7] = 0x7F;
        Files.write(copy, weights);
        assertRefused(Cli.run("generate", "-m", folder, "-p", "x"), "model.safetensors: the header claims");
    }

    private static void assertRefused(Cli run, String... parts) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("mynah: ").contains(parts);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aFormIsKept(@TempDir Path folder) throws IOException {
        Path schema = Files.writeString(
                folder.resolve("schema.json"),
                "{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}");
        for (int seed = 1; seed <= 5; seed++) {
            String text = text("--seed", seed, "--json-schema", schema);
            assertThat(JsonMapper.shared().readTree(text).get("n").isIntegralNumber())
                    .as(text)
                    .isTrue();
            assertThat(JsonMapper.shared()
                            .readTree(text("--seed", seed, "--json-object"))
                            .isObject())
                    .isTrue();
            assertThat(text("--seed", seed, "--regex", "[a-c]{3}-\\d+")).matches("[a-c]{3}-\\d+");
            assertThat(text("--seed", seed, "--choice", " blue", "--choice", " grey"))
                    .isIn(" blue", " grey");
        }
        Cli wrong = generate("-p", "x", "--regex", "(");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("the regular expression \"(\", at character");
        assertThat(generate("-p", "x", "--regex", "a", "--json-object").exitCode())
                .isEqualTo(2);
    }

    private static String text(Object... form) {
        Object[] all = new Object[form.length + 6];
        System.arraycopy(form, 0, all, 0, form.length);
        System.arraycopy(
                new Object[] {"-p", "The bird", "--max-tokens", 40, "--temperature", 1}, 0, all, form.length, 6);
        return generate(all).out().stripTrailing();
    }

    @Test
    void beamsFindWhatIsAtLeastAsProbableAsTheGreedyText() {
        Object[] common = {"-p", "The bird", "--max-tokens", 12, "--json"};
        JsonNode one = generate(with(common, "--beams", 1)).json();
        JsonNode four = generate(with(common, "--beams", 4)).json();

        assertThat(one.at("/beams/0/tokens"))
                .isEqualTo(generate(with(common, "--temperature", 0)).json().get("tokens"));
        assertThat(four.get("beams").size()).isEqualTo(4);
        assertThat(four.at("/beams/0/score").asDouble())
                .isGreaterThanOrEqualTo(one.at("/beams/0/score").asDouble() - 1e-6);
        assertThat(generate("-p", "The bird", "--beams", 0).exitCode()).isEqualTo(2);
    }

    @Test
    void guessingFromTheTextChangesNothing() {
        Object[] common = {"-p", "a b c d a b c d a b", "--temperature", 0, "--max-tokens", 30, "--ignore-eos", "--json"
        };

        assertThat(generate(with(common, "--draft-tokens", 4)).json().get("tokens"))
                .isEqualTo(generate(common).json().get("tokens"));
    }

    private static Object[] with(Object[] some, Object... more) {
        Object[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
