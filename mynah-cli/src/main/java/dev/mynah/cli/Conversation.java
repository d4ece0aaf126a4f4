package dev.mynah.cli;

import dev.mynah.engine.Generation;
import dev.mynah.engine.LoadedModel;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TextGenerator;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatTemplate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Answers conversations with a model. */
final class Conversation {
    /** What a model that was never taught a conversation's form writes when it goes on for the user. */
    static final String NEXT_QUESTION = "\n\nUser:";

    private final LoadedModel model;
    private final ChatTemplate template;
    private final TextGenerator generator;

    Conversation(LoadedModel model) {
        this.model = model;
        template = ChatTemplate.of(model.tokenizer().config());
        Set<Integer> endIds = new HashSet<>(model.endIds());
        if (model.tokenizer().eosId() >= 0) {
            endIds.add(model.tokenizer().eosId());
        }
        generator = new TextGenerator(model.model(), model.tokenizer(), endIds, model.compute());
    }

    /** Whether the model names no template of its own. */
    boolean isPlain() {
        return model.tokenizer().config().chatTemplate() == null;
    }

    Generation answer(List<ChatMessage> messages, SamplingOptions options, Consumer<String> onText) {
        return generator.generate(template.render(messages).encode(model.tokenizer()), options, onText);
    }
}
