package dev.mynah.server.ops;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Does the same again and again in a thread of its own while the service runs. A failure is logged, and does not end it. */
public abstract class RepeatedTask implements SmartLifecycle {
    private final Logger log = LoggerFactory.getLogger(getClass());
    private final String name;
    private final Duration pause;
    private volatile boolean running;

    /** @param pause between the end of one time and the next */
    protected RepeatedTask(String name, Duration pause) {
        this.name = name;
        this.pause = pause;
    }

    /** What is repeated. */
    protected abstract void once();

    @Override
    public final void start() {
        running = true;
        Thread.ofVirtual().name(name).start(this::run);
    }

    @Override
    public final void stop() {
        running = false;
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    /** Begins before requests come in, and ends after the last of them: they wait for some of these. */
    @Override
    public final int getPhase() {
        return 0;
    }

    private void run() {
        while (running) {
            try {
                once();
            } catch (RuntimeException | Error e) {
                // Out of memory too: others wait for what is done here.
                log.error("{} failed; trying again", name, e);
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
