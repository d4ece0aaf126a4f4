package dev.mynah.server.finetuning;

import dev.mynah.engine.GenerationHandle;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.PreparedGeneration;
import java.util.function.Consumer;

/** What a job may cost, as the books know it: tokens that are produced, one each time that one is trained on. */
record TrainingTokens(int most) implements PreparedGeneration {

    @Override
    public int promptTokens() {
        return 0;
    }

    @Override
    public int maxCompletionTokens() {
        return most;
    }

    @Override
    public GenerationHandle start(Consumer<GenerationEvent> sink) {
        throw new IllegalStateException("a training is not started as an answer");
    }
}
