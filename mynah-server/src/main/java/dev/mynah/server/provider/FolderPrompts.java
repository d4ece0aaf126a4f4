package dev.mynah.server.provider;

import dev.mynah.engine.TextCodec;
import dev.mynah.text.FillInTheMiddle;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatTemplate;
import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Prompts as the template in a model's folder writes them; a model without one reads a conversation as plain text. */
final class FolderPrompts implements LocalProvider.PromptEncoder {
    private final TextCodec codec;
    private final ChatTemplate template;

    FolderPrompts(TextCodec codec) {
        this.codec = codec;
        template = ChatTemplate.of(codec.tokenizer().config());
    }

    @Override
    public ToolCallFormat toolCalls() {
        return ToolCallFormat.of(template);
    }

    @Override
    public int[] encode(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Chat chat -> chat.begun() ? begun(chat) : answered(chat.messages(), chat.tools());
            case Prompt.Gap gap -> FillInTheMiddle.prompt(codec.tokenizer(), gap.before(), gap.after());
            case Prompt.Text text -> codec.prompt(text.text());
            case Prompt.Tokens tokens ->
                tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        };
    }

    private int[] answered(List<ChatMessage> messages, List<ToolDefinition> tools) {
        return template.render(messages, tools, true, Map.of()).encode(codec.tokenizer());
    }

    /** What an answer begins after, then its text: no template closes a turn that way. */
    private int[] begun(Prompt.Chat chat) {
        List<ChatMessage> messages = chat.messages();
        int[] before = answered(messages.subList(0, messages.size() - 1), chat.tools());
        int[] text = codec.tokenizer()
                .encode(Objects.requireNonNullElse(messages.getLast().content(), ""));
        return IntStream.concat(Arrays.stream(before), Arrays.stream(text)).toArray();
    }
}
