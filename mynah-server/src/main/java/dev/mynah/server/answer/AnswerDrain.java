package dev.mynah.server.answer;

import dev.mynah.server.config.ServiceConfig;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends this process in order, before any connection is closed: first it is no longer ready, so that balancers send nothing more; then no answer begins; then those that run may end; what still runs
 * after that is kept, marked as interrupted and charged for what was delivered.
 */
@Component
public final class AnswerDrain implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerDrain.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration TO_SETTLE = Duration.ofSeconds(10);

    private final Answers answers;
    private final Duration delay;
    private final Duration grace;
    private volatile boolean running;
    private volatile boolean ending;

    AnswerDrain(Answers answers, ServiceConfig config) {
        this.answers = answers;
        delay = Duration.ofSeconds(config.shutdown().delaySeconds());
        grace = Duration.ofSeconds(config.shutdown().graceSeconds());
    }

    /** How long {@link #stop} takes at most. */
    public static Duration longest(ServiceConfig.Shutdown shutdown) {
        return Duration.ofSeconds(shutdown.delaySeconds() + shutdown.graceSeconds())
                .plus(TO_SETTLE);
    }

    /** Whether this process was told to end. */
    public boolean isEnding() {
        return ending;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void stop() {
        ending = true;
        running = false;
        try {
            Thread.sleep(delay);
            answers.drain();
            if (!awaitEnd(grace)) {
                LOG.warn(
                        "interrupting {} answers that still run",
                        answers.running().size());
                answers.running().forEach(RunningAnswer::interrupt);
                awaitEnd(TO_SETTLE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitEnd(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (!answers.running().isEmpty()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(LOOK_EVERY);
        }
        return true;
    }
}
