package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatCommandTest {

    @Test
    void oneQuestion() {
        Cli run = Cli.run("chat", "-m", Cli.LLAMA, "-p", "Hi 🐦", "--max-tokens", 8, "--temperature", 0, "--json");

        assertThat(run.err()).isEmpty();
        JsonNode json = run.json();
        assertThat(json.propertyNames()).containsExactly("content", "finish_reason", "usage");
        assertThat(json.at("/usage/completion_tokens").asInt()).isBetween(1, 8);
        assertThat(Cli.run("chat", "-m", Cli.LLAMA, "-p", "Hi 🐦", "--max-tokens", 8, "--temperature", 0)
                        .out())
                .isEqualTo(json.get("content").asString() + System.lineSeparator());
    }

    @Test
    void whatTheModelDoesNotSayIsAsTheHelpSays(@TempDir Path folder) throws IOException {
        Files.copy(Cli.LLAMA.resolve("config.json"), folder.resolve("config.json"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "model.safetensors")) {
            Files.copy(Cli.LLAMA.resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("generation_config.json"), "{\"temperature\": 3.0}");

        String usual = answer(folder);
        assertThat(usual)
                .isEqualTo(answer(folder, "--temperature", 3, "--top-p", 0.95))
                .isNotEqualTo(answer(folder, "--top-p", 1));
    }

    private static String answer(Path model, Object... options) {
        Object[] command = {"chat", "-m", model, "-p", "Hi", "--max-tokens", 16, "--seed", 3};
        return Cli.run(Stream.concat(Stream.of(command), Stream.of(options)).toArray())
                .out();
    }

    @Test
    void aBatchGivesALineForEach(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("in.jsonl"), """
                {"id": "a", "messages": [{"role": "user", "content": "Hi"}]}

                {"id": 7, "messages": [{"role": "user", "content": "Hi"}]}
                """);
        Cli run = Cli.run("chat", "-m", Cli.LLAMA, "--batch", file, "--max-tokens", 4, "--temperature", 0);

        List<JsonNode> lines =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).get("id").asString()).isEqualTo("a");
        assertThat(lines.get(1).get("id").asInt()).isEqualTo(7);
        assertThat(lines.get(0).get("content")).isEqualTo(lines.get(1).get("content"));
    }

    @Test
    void linesOfAPipeAreAConversation(@TempDir Path folder) throws IOException {
        Path saved = folder.resolve("chat.json");
        Cli run = Cli.runWithInput(
                "/help\nH\\\ni\n/nonsense\n/save " + folder.resolve("none/chat.json") + "\n/save " + saved
                        + "\n/system Be kind\n/save\n/quit\nnever read\n",
                "chat",
                "-m",
                Cli.LLAMA,
                "--max-tokens",
                2);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "/reset",
                        "there is no command /nonsense",
                        "there is no folder " + folder.resolve("none"),
                        "saved to",
                        "/save needs the name of a file");
        JsonNode conversation = JsonMapper.shared().readTree(Files.readString(saved));
        assertThat(conversation.size()).isEqualTo(2);
        assertThat(conversation.at("/0/content").asString()).isEqualTo("H\ni");
        assertThat(conversation.at("/1/role").asString()).isEqualTo("assistant");
    }

    @Test
    void badInputIsOneSentence(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("in.jsonl"), "{\"id\": 1}\n");
        assertRefused(Cli.run("chat", "-m", Cli.LLAMA, "--batch", file), "in.jsonl, line 1: \"messages\" must be");
        Files.writeString(file, "{\"messages\": [{\"role\": \"boss\", \"content\": \"x\"}]}\n");
        assertRefused(Cli.run("chat", "-m", Cli.LLAMA, "--batch", file), "unknown role \"boss\"");
        Files.writeString(file, "nothing\n");
        assertRefused(Cli.run("chat", "-m", Cli.LLAMA, "--batch", file), "line 1: this is not JSON");
        assertRefused(Cli.run("chat", "-m", Cli.LLAMA, "-p", "x", "--batch", file), "mutually exclusive");
        assertRefused(Cli.run("chat", "-m", Cli.LLAMA, "-p", "word ".repeat(100)), "context holds 48");
    }

    private static void assertRefused(Cli run, String part) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("mynah: ").contains(part).hasLineCount(1);
    }
}
