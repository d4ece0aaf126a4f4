package dev.mynah.server.provider;

import dev.mynah.engine.LoadedModel;
import java.util.stream.Collectors;

/** Prompts for a model without a chat template: a conversation is a plain text in which each turn begins with its role. */
final class FolderPrompts implements LocalProvider.PromptEncoder {
    private final LoadedModel model;

    FolderPrompts(LoadedModel model) {
        this.model = model;
    }

    @Override
    public int[] encode(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Chat chat -> model.prompt(plain(chat));
            case Prompt.Text text -> model.prompt(text.text());
            case Prompt.Tokens tokens ->
                tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        };
    }

    private static String plain(Prompt.Chat chat) {
        return chat.messages().stream()
                .map(message -> message.role() + ": " + message.content() + "\n")
                .collect(Collectors.joining("", "", "assistant:"));
    }
}
