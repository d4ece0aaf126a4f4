package dev.mynah.server.provider;

import dev.mynah.engine.GenerationHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Several prompts of one request, each with the same number of choices: the choices of the first come first. */
public final class CombinedGeneration implements PreparedGeneration {
    private final List<PreparedGeneration> parts;
    private final int choicesOfEach;

    public CombinedGeneration(List<PreparedGeneration> parts, int choicesOfEach) {
        this.parts = List.copyOf(parts);
        this.choicesOfEach = choicesOfEach;
    }

    @Override
    public int promptTokens() {
        return parts.stream().mapToInt(PreparedGeneration::promptTokens).sum();
    }

    @Override
    public int knownPromptTokens() {
        return parts.stream().mapToInt(PreparedGeneration::knownPromptTokens).sum();
    }

    @Override
    public int maxCompletionTokens() {
        return parts.stream().mapToInt(PreparedGeneration::maxCompletionTokens).sum();
    }

    @Override
    public GenerationHandle start(Consumer<GenerationEvent> sink) {
        List<GenerationHandle> handles = new ArrayList<>();
        GenerationHandle all = () -> handles.forEach(GenerationHandle::cancel);
        try {
            for (PreparedGeneration part : parts) {
                int first = handles.size() * choicesOfEach;
                handles.add(part.start(event -> sink.accept(moved(event, first))));
            }
        } catch (RuntimeException | Error e) {
            all.cancel();
            throw e;
        }
        return all;
    }

    private static GenerationEvent moved(GenerationEvent event, int first) {
        int choice = first + event.choice();
        return switch (event) {
            case GenerationEvent.Token token ->
                new GenerationEvent.Token(choice, token.text(), token.tokens(), token.score());
            case GenerationEvent.Call call -> new GenerationEvent.Call(choice, call.call());
            case GenerationEvent.End end -> new GenerationEvent.End(choice, end.text(), end.reason(), end.usage());
            case GenerationEvent.Failure failure ->
                new GenerationEvent.Failure(choice, failure.cause(), failure.usage());
        };
    }
}
