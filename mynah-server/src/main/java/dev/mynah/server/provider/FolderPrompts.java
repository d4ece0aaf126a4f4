package dev.mynah.server.provider;

import dev.mynah.engine.LoadedModel;
import dev.mynah.text.chat.ChatTemplate;

/** Prompts as the template in a model's folder writes them; a model without one reads a conversation as plain text. */
final class FolderPrompts implements LocalProvider.PromptEncoder {
    private final LoadedModel model;
    private final ChatTemplate template;

    FolderPrompts(LoadedModel model) {
        this.model = model;
        template = ChatTemplate.of(model.tokenizer().config());
    }

    @Override
    public int[] encode(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Chat chat -> template.render(chat.messages()).encode(model.tokenizer());
            case Prompt.Text text -> model.prompt(text.text());
            case Prompt.Tokens tokens ->
                tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        };
    }
}
