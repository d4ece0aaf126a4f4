package dev.mynah.server.answer;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.Usage;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.PreparedGeneration;
import java.util.function.Consumer;

/** The answer to a question that no model sees: a polite sentence, of no tokens. */
record RefusedGeneration(String refusal, int choices) implements PreparedGeneration {

    @Override
    public int promptTokens() {
        return 0;
    }

    @Override
    public int maxCompletionTokens() {
        return 0;
    }

    @Override
    public GenerationHandle start(Consumer<GenerationEvent> sink) {
        for (int choice = 0; choice < choices; choice++) {
            sink.accept(new GenerationEvent.End(choice, refusal, FinishReason.CONTENT_FILTER, new Usage(0, 0, 0)));
        }
        return () -> {};
    }
}
