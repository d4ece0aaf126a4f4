package dev.mynah.server.api;

import dev.mynah.engine.FinishReason;
import dev.mynah.server.answer.GenerationFailedException;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.answer.ServiceStoppedException;
import dev.mynah.server.billing.Outcome;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.ClientGoneException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the events of an answer until all of its choices have ended, or the client hangs up. */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration LOOK_FOR_CLIENT = Duration.ofMillis(100);

    private final RunningAnswer answer;
    private final ClientConnection client;
    private final int choices;

    Delivery(RunningAnswer answer, ClientConnection client, int choices) {
        this.answer = answer;
        this.client = client;
        this.choices = choices;
    }

    /**
     * Gives {@code show} every event.
     *
     * @param onIdle is called now and then while nothing comes
     * @throws ClientGoneException       if the client hung up
     * @throws GenerationFailedException if the model failed, or the service was stopped
     */
    void run(Consumer<GenerationEvent> show, Runnable onIdle) {
        int open = choices;
        long looked = System.nanoTime();
        while (open > 0) {
            Optional<GenerationEvent> event = next();
            if (System.nanoTime() - looked > LOOK_FOR_CLIENT.toNanos()) {
                looked = System.nanoTime();
                if (client.isGone()) {
                    throw new ClientGoneException();
                }
            }
            if (event.isEmpty()) {
                onIdle.run();
                continue;
            }
            if (event.get() instanceof GenerationEvent.Failure failure) {
                answer.end(Outcome.FAILED);
                LOG.error("the model failed in answer {}", answer.id(), failure.cause());
                throw new GenerationFailedException(failure.cause());
            }
            if (event.get() instanceof GenerationEvent.End end && end.reason() == FinishReason.CANCELLED) {
                // Not by the client, who is still there.
                answer.end(Outcome.CANCELLED);
                throw new GenerationFailedException(
                        answer.isInterrupted() ? ServiceStoppedException.restarting() : new ServiceStoppedException());
            }
            show.accept(event.get());
            open -= event.get() instanceof GenerationEvent.End ? 1 : 0;
        }
        answer.end(Outcome.FINISHED);
    }

    private Optional<GenerationEvent> next() {
        try {
            return answer.next(LOOK_FOR_CLIENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException();
        }
    }
}
