package dev.mynah.server.provider;

import dev.mynah.engine.TextCodec;
import dev.mynah.text.FillInTheMiddle;
import dev.mynah.text.chat.ChatTemplate;
import dev.mynah.text.chat.ToolCallFormat;
import java.util.Map;

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
            case Prompt.Chat chat ->
                template.render(chat.messages(), chat.tools(), true, Map.of()).encode(codec.tokenizer());
            case Prompt.Gap gap -> FillInTheMiddle.prompt(codec.tokenizer(), gap.before(), gap.after());
            case Prompt.Text text -> codec.prompt(text.text());
            case Prompt.Tokens tokens ->
                tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        };
    }
}
