package dev.mynah.server.conversation;

import dev.mynah.engine.FinishReason;
import dev.mynah.server.answer.AnswerLostException;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.billing.Outcome;
import dev.mynah.server.provider.GenerationEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The answers to conversations that this process generates: each on a thread of its own, whoever reads it. */
@Component
public final class LiveAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(LiveAnswers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ConversationRepository messages;
    private final Map<String, LiveAnswer> byMessage = new ConcurrentHashMap<>();

    LiveAnswers(ConversationRepository messages) {
        this.messages = messages;
    }

    Optional<LiveAnswer> find(String messageId) {
        return Optional.ofNullable(byMessage.get(messageId));
    }

    /** Takes an answer to its end, and settles it. */
    void generate(Message message, RunningAnswer answer) {
        LiveAnswer live = new LiveAnswer(answer, message.content());
        byMessage.put(message.id(), live);
        Thread.ofVirtual().name("answer").start(() -> run(message.id(), live));
    }

    private void run(String messageId, LiveAnswer live) {
        try (RunningAnswer answer = live.answer()) {
            boolean ended = false;
            while (!ended) {
                Optional<GenerationEvent> event = answer.next(PATIENCE);
                ended = event.isPresent() && take(messageId, live, event.get());
            }
        } catch (InterruptedException | AnswerLostException e) {
            LOG.warn("answer {} ended early: {}", live.answer().id(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("answer {} could not be kept", live.answer().id(), e);
        } finally {
            // Readers find the rest, and how it ended, in the database.
            byMessage.remove(messageId);
            live.end();
        }
    }

    /** Shows what an event brings, and tells whether it is the last. */
    private boolean take(String messageId, LiveAnswer live, GenerationEvent event) {
        RunningAnswer answer = live.answer();
        switch (event) {
            case GenerationEvent.Token token -> {
                live.append(token.text());
                answer.delivered(event, token.text());
                return false;
            }
            case GenerationEvent.Call call -> {
                return false;
            }
            case GenerationEvent.End end -> {
                if (end.reason() == FinishReason.LENGTH) {
                    messages.cut(messageId);
                }
                live.append(end.text());
                answer.delivered(event, end.text());
                answer.end(answer.isCancelled() ? Outcome.CANCELLED : Outcome.FINISHED);
            }
            case GenerationEvent.Failure failure -> {
                LOG.error("the model failed in answer {}", answer.id(), failure.cause());
                answer.end(Outcome.FAILED);
            }
        }
        return true;
    }
}
