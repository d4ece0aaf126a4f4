package dev.mynah.text.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.text.Tokenizer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.Tokenizers;
import dev.mynah.text.chat.ChatMessage.Role;
import dev.mynah.text.jinja.JinjaException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against Hugging Face transformers, on the templates of model families; see make_chat_fixtures.py. */
class ChatTemplateReferenceTest {
    static final Path RESOURCES = Path.of("src", "test", "resources", "dev", "mynah", "text");
    private static final Path FOLDER = RESOURCES.resolve("chat");
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);

    private final Map<String, Tokenizer> tokenizers = new HashMap<>();

    record Family(String name, List<JsonNode> expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Family> families() throws IOException {
        Map<String, List<JsonNode>> lines = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(FOLDER.resolve("expected.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            reader.lines()
                    .map(JsonMapper.shared()::readTree)
                    .forEach(line -> lines.computeIfAbsent(line.get("template").asString(), name -> new ArrayList<>())
                            .add(line));
        }
        return lines.entrySet().stream()
                .map(entry -> new Family(entry.getKey(), entry.getValue()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("families")
    void rendersAsTheReference(Family family) throws IOException {
        Path file = FOLDER.resolve(family.name + ".jinja");
        String source = Files.exists(file) ? Files.readString(file) : ChatTemplate.resource(family.name + ".jinja");
        assertThat(family.expected).hasSizeGreaterThan(50);
        for (JsonNode line : family.expected) {
            JsonNode specials = line.get("specials");
            ChatTemplate template = ChatTemplate.of(new TokenizerConfig(
                            specials.path("bos_token").stringValue(null),
                            specials.path("eos_token").stringValue(null),
                            0,
                            source))
                    .withClock(CLOCK);
            if (line.has("error")) {
                assertThatThrownBy(() -> render(template, line))
                        .as(line.toString())
                        .isInstanceOf(JinjaException.class)
                        .hasMessageStartingWith("chat template");
                continue;
            }
            RenderedChat chat = render(template, line);
            assertThat(chat.text())
                    .as(line.toString())
                    .isEqualTo(line.get("text").asString());
            if (line.has("ids")) {
                int[] expected = JsonMapper.shared().convertValue(line.get("ids"), int[].class);
                assertThat(chat.encode(tokenizer(line.get("tokenizer").asString())))
                        .as(line.toString())
                        .isEqualTo(expected);
            }
        }
    }

    private Tokenizer tokenizer(String name) {
        return tokenizers.computeIfAbsent(name, each -> {
            try {
                return Tokenizers.load(RESOURCES.resolve(each));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static RenderedChat render(ChatTemplate template, JsonNode line) {
        Map<String, @Nullable Object> extra = line.get("extra")
                .propertyStream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> JsonValues.of(entry.getValue())));
        List<ToolDefinition> tools = line.get("tools")
                .valueStream()
                .map(tool -> tool.get("function"))
                .map(function -> new ToolDefinition(
                        function.get("name").asString(),
                        function.get("description").asString(),
                        function.get("parameters")))
                .toList();
        List<ChatMessage> messages = line.get("messages")
                .valueStream()
                .map(ChatTemplateReferenceTest::message)
                .toList();
        return template.render(messages, tools, line.get("prompt").asBoolean(), extra);
    }

    private static ChatMessage message(JsonNode node) {
        List<ToolCall> calls = node.path("tool_calls")
                .valueStream()
                .map(call -> new ToolCall(
                        call.get("id").asString(),
                        call.at("/function/name").asString(),
                        call.at("/function/arguments").isString()
                                ? call.at("/function/arguments").asString()
                                : call.at("/function/arguments").toString()))
                .toList();
        return new ChatMessage(
                Role.of(node.get("role").asString()),
                node.get("content").stringValue(null),
                calls,
                node.path("tool_call_id").stringValue(null),
                node.path("name").stringValue(null));
    }
}
