package dev.mynah.server.api;

import dev.mynah.engine.FinishReason;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.TokenScore;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.ClientGoneException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One choice of an answer that is sent as a whole. */
final class CollectedChoice {
    private final StringBuilder text = new StringBuilder();
    private final List<TokenScore> scores = new ArrayList<>();
    private FinishReason finishReason = FinishReason.STOP;

    private CollectedChoice() {}

    /**
     * Waits for all choices, and settles. Nothing counts as delivered before the end, so a failure costs nothing; what was generated for a client that hung up does.
     */
    static List<CollectedChoice> collect(RunningAnswer answer, ClientConnection client, int count) {
        List<CollectedChoice> choices =
                IntStream.range(0, count).mapToObj(i -> new CollectedChoice()).toList();
        List<GenerationEvent> events = new ArrayList<>();
        try {
            new Delivery(answer, client, count)
                    .run(
                            event -> {
                                events.add(event);
                                choices.get(event.choice()).add(event);
                            },
                            () -> {});
        } catch (ClientGoneException e) {
            events.forEach(answer::delivered);
            throw e;
        }
        events.forEach(answer::delivered);
        answer.close();
        return choices;
    }

    private void add(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Token token -> {
                text.append(token.text());
                if (token.score() != null) {
                    scores.add(token.score());
                }
            }
            case GenerationEvent.End end -> {
                text.append(end.text());
                finishReason = end.reason();
            }
            case GenerationEvent.Failure failure -> throw new IllegalStateException("failures are thrown");
        }
    }

    String text() {
        return text.toString();
    }

    List<TokenScore> scores() {
        return scores;
    }

    String finishReason() {
        return finishReason(finishReason);
    }

    /** The API's word for the end of a choice. */
    static String finishReason(FinishReason reason) {
        return switch (reason) {
            case LENGTH, CONTENT_FILTER -> reason.id();
            case STOP, CANCELLED, DEADLINE -> FinishReason.STOP.id();
        };
    }
}
