package dev.mynah.cli;

import dev.mynah.engine.Engines;
import dev.mynah.engine.Generation;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TextGenerator;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatTemplate;
import java.util.List;
import java.util.function.Consumer;

/** Answers conversations with a model. */
final class Conversation {
    /** What a model that was never taught a conversation's form writes when it goes on for the user. */
    static final String NEXT_QUESTION = "\n\nUser:";

    private final Engines.Served model;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;

    Conversation(Engines.Served model) {
        this.model = model;
        tokenizer = model.text().tokenizer();
        template = ChatTemplate.of(tokenizer.config());
    }

    /** How the model asks to be sampled. */
    SamplingDefaults sampling() {
        return model.text().sampling();
    }

    /** Whether the model names no template of its own. */
    boolean isPlain() {
        return tokenizer.config().chatTemplate() == null;
    }

    Generation answer(List<ChatMessage> messages, SamplingOptions options, Consumer<String> onText) {
        int[] prompt = template.render(messages).encode(tokenizer);
        return TextGenerator.generate(model.engine(), GenerationRequest.of(prompt, options), onText);
    }
}
