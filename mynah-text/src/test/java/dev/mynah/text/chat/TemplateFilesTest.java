package dev.mynah.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.text.BpeTokenizer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.Tokenizers;
import dev.mynah.text.chat.ChatMessage.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a folder's template comes from. */
class TemplateFilesTest {
    private static final List<ChatMessage> HELLO = List.of(ChatMessage.of(Role.USER, "Hello"));
    private static final List<ToolDefinition> TOOLS = List.of(new ToolDefinition("ping", null, null));

    @TempDir
    private Path folder;

    @BeforeEach
    void tokenizer() throws IOException {
        Files.copy(
                ChatTemplateReferenceTest.RESOURCES.resolve("gpt2").resolve("tokenizer.json"),
                folder.resolve("tokenizer.json"));
    }

    private void write(String template) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": " + template + "}");
    }

    private ChatTemplate template() throws IOException {
        return ChatTemplate.of(Tokenizers.load(folder).config());
    }

    @Test
    void aStringOrTheNamedOnes() throws IOException {
        write("\"one\"");
        assertThat(template().render(HELLO).text()).isEqualTo("one");

        write("""
                [{"name": "tool_use", "template": "with tools"}, {"name": "default", "template": "without"}]""");
        assertThat(template().render(HELLO).text()).isEqualTo("without");
        assertThat(template().render(HELLO, TOOLS, true, Map.of()).text()).isEqualTo("with tools");
    }

    @Test
    void filesOfTheirOwnGoBefore() throws IOException {
        write("\"one\"");
        Files.writeString(folder.resolve("chat_template.jinja"), "from the file");
        Path more = Files.createDirectory(folder.resolve("additional_chat_templates"));
        Files.writeString(more.resolve("tool_use.jinja"), "tools from the file");

        assertThat(template().render(HELLO).text()).isEqualTo("from the file");
        assertThat(template().render(HELLO, TOOLS, true, Map.of()).text()).isEqualTo("tools from the file");
    }

    @Test
    void bothSurviveSaving(@TempDir Path other) throws IOException {
        BpeTokenizer tokenizer = ((BpeTokenizer) Tokenizers.load(folder))
                .withConfig(new TokenizerConfig(null, null, 0, "plain", "tools"));
        tokenizer.save(other);

        assertThat(Tokenizers.load(other).config()).isEqualTo(tokenizer.config());
    }

    @Test
    void withoutATemplateTheFormIsPlain() throws IOException {
        assertThat(template().render(HELLO).text()).isEqualTo("User: Hello\n\nAssistant:");
    }

    @Test
    void theTemplateOfModelsTrainedHereUsesItsTokens() {
        ChatTemplate template = ChatTemplate.of(new TokenizerConfig(null, null, 0, MynahChat.template()));
        RenderedChat chat = template.render(
                List.of(ChatMessage.of(Role.USER, "Hi"), ChatMessage.of(Role.ASSISTANT, "Hello")),
                List.of(),
                false,
                Map.of());

        assertThat(chat.text())
                .isEqualTo(MynahChat.TURN_BEGIN + "user\nHi" + MynahChat.TURN_END + "\n" + MynahChat.TURN_BEGIN
                        + "assistant\nHello" + MynahChat.TURN_END + "\n");
        assertThat(chat.answers())
                .singleElement()
                .satisfies(answer -> assertThat(chat.text().substring(answer.begin(), answer.end()))
                        .isEqualTo("Hello" + MynahChat.TURN_END));
    }
}
