package dev.mynah.server.api;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.Usage;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.TokenScore;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.ClientGoneException;
import dev.mynah.text.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One choice of an answer that is sent as a whole. */
final class CollectedChoice {
    private final StringBuilder text = new StringBuilder();
    private final List<TokenScore> scores = new ArrayList<>();
    private final List<ToolCall> calls = new ArrayList<>();
    private FinishReason finishReason = FinishReason.STOP;

    private CollectedChoice() {}

    /**
     * Waits for all choices, and settles. Nothing counts as delivered before the end, so a failure costs nothing; what was generated for a client that hung up does.
     */
    static List<CollectedChoice> collect(RunningAnswer answer, ClientConnection client, int count) {
        List<CollectedChoice> choices = await(answer, client::isGone, count);
        answer.close();
        return choices;
    }

    /** As {@link #collect}, and leaves the settlement to its caller. */
    static List<CollectedChoice> await(RunningAnswer answer, BooleanSupplier clientGone, int count) {
        List<CollectedChoice> choices = empty(count);
        List<GenerationEvent> events = new ArrayList<>();
        try {
            new Delivery(answer, clientGone, count)
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
        return choices;
    }

    /** So many choices of which nothing has come. */
    static List<CollectedChoice> empty(int count) {
        return IntStream.range(0, count).mapToObj(i -> new CollectedChoice()).toList();
    }

    /** Takes what comes of it, never a failure. */
    void add(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Token token -> {
                text.append(token.text());
                if (token.score() != null) {
                    scores.add(token.score());
                }
            }
            case GenerationEvent.Call call -> calls.add(call.call());
            case GenerationEvent.End end -> {
                text.append(end.text());
                finishReason = end.reason();
            }
            case GenerationEvent.Failure failure -> throw new IllegalStateException("failures are thrown");
        }
    }

    /** Tells what it consists of: the text, unless calls make it needless, the calls, and the end. */
    void replay(Consumer<GenerationEvent> sink) {
        if (calls.isEmpty() || !text.toString().isBlank()) {
            sink.accept(new GenerationEvent.Token(0, text(), 0, null));
            scores.forEach(score -> sink.accept(new GenerationEvent.Token(0, "", 0, score)));
        }
        calls.forEach(call -> sink.accept(new GenerationEvent.Call(0, call)));
        sink.accept(new GenerationEvent.End(0, "", finishReason, new Usage(0, 0, 0)));
    }

    String text() {
        return text.toString();
    }

    List<TokenScore> scores() {
        return scores;
    }

    List<ToolCall> calls() {
        return calls;
    }

    String finishReason() {
        return finishReason(finishReason, !calls.isEmpty());
    }

    /** The API's word for the end of a choice. */
    static String finishReason(FinishReason reason, boolean called) {
        return switch (reason) {
            case LENGTH, CONTENT_FILTER -> reason.id();
            case STOP, CANCELLED, DEADLINE -> called ? "tool_calls" : FinishReason.STOP.id();
        };
    }
}
